"""The work of a trainer without its thread, forth and back along its timeline."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.data.synthetic import Spiral
from engine.design.document import Document
from engine.layers import Layer
from engine.training.conductor import Conductor
from engine.training.timeline.moment import Moment
from tests.builders import chain, dense

NORM, NOISE = Layer.parse("batch_norm"), Layer.parse("gaussian_noise")


DROP = Layer.parse({"type": "dropout", "rate": 0.3})


def design(**training: Any) -> Document:
    made = chain(NOISE, dense(8, "relu"), NORM, DROP, dense(8, "tanh"), dense(1), data=Spiral(samples=200))
    return made.but(
        training=made.training.but(**{"batch_size": 17, "learning_rate": 0.01, "epochs": 12, "seed": 5, **training})
    )


def begun(document: Document) -> Conductor:
    """The work of a trainer without its thread."""
    work = Conductor(document, np.float32)
    work.prepare()
    work.publish()
    return work


def train(work: Conductor, until: int = 10**9) -> None:
    """Play to the end or past an epoch, and pause."""
    work.play()
    while work.patience() is not None and work.report.status.epoch < until:
        work._pacing.chunk = 5  # as the clock would have it: chunks within epochs and beyond them
        work.work()
        work.publish()
    work.pause()
    work.publish()


def bits(work: Conductor) -> tuple[Any, ...]:
    """Of everything that training goes on from."""
    run = work._run
    assert run is not None
    state = run.snapshot()
    counters = {name: value for name, value in state.counters.items() if name != "seconds"}
    return run.program.parameter_hash(), {k: v.tobytes() for k, v in state.arrays.items()}, counters, run.finished


def rows(work: Conductor) -> dict[str, Any]:
    return {name: column.tobytes() for name, column in work.report.log.read().items() if name != "seconds"}


def moments(work: Conductor) -> tuple[Moment, ...]:
    return work.recorder.timeline.shown.moments


def go(work: Conductor, moment: Moment, document: Document | None = None) -> None:
    work.wanted = document or moment.document
    work.go_to(moment)
    work.publish()


def change(work: Conductor, **training: Any) -> Document:
    document = work.wanted.but(training=work.wanted.training.but(**training))
    work.wanted = document
    work.edit()
    work.publish()
    return document
