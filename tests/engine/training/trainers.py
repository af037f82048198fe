"""A small design, and what a test waits for and takes from the thread that trains it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.data.synthetic import Spiral
from engine.design.document import Document
from engine.program.state import State
from engine.training.run import Run
from engine.training.trainer import Trainer
from tests.builders import chain, dense


def design(**training: Any) -> Document:
    made = chain(dense(8, "tanh"), dense(1), data=Spiral(samples=200))
    return made.but(training=made.training.but(**{"learning_rate": 0.01, "epochs": 40, **training}))


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for another thread; fail when it never happens."""
    deadline = time.monotonic() + seconds
    event = threading.Event()
    while not true():
        assert time.monotonic() < deadline, "it never happened"
        event.wait(0.002)


def taken(trainer: Trainer) -> tuple[State, dict[str, Any]]:
    """The trainer's full state."""
    found: list[tuple[State, dict[str, Any]]] = []
    trainer.snapshot(lambda state, history: found.append((state, history)))
    until(lambda: bool(found))
    return found[0]


def same(state: State, run: Run) -> bool:
    return all(np.array_equal(v, state.arrays[k]) for k, v in run.snapshot().arrays.items())
