"""A trainer under a hail of commands from several threads: it never dies, never lies, and afterwards trains as ever."""

from __future__ import annotations

import logging
import random
import threading
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pytest

from engine.data.synthetic import Line, Spiral
from engine.design.document import Document
from engine.errors import NetloomError
from engine.program.program import Program
from engine.program.state import State
from engine.training.published import Failed, Phase
from engine.training.run import Run
from engine.training.trainer import Trainer
from tests.builders import chain, dense
from tests.engine.training.trainers import until

ACTIONS = 60
THREADS = 3


def design(**training: Any) -> Document:
    document = chain(dense(8, "tanh"), "batch_norm", dense(1), data=Spiral(samples=200))
    return document.but(training=document.training.but(**{"epochs": 60, **training}))


GOOD = design()
DESIGNS = [
    GOOD,
    GOOD.move({"dense_1": (4.0, 5.0)}),
    GOOD.set_fields("dense_1", units=3),
    GOOD.but(data=Line()),
    design(learning_rate=1e6, optimizer="minibatch").but(data=Line()),
    design(epochs=1),
    design(patience=2, learning_rate=0.1),
    design(stop_loss=0.6),
    design(optimizer="sgd", schedule="one_cycle"),
    design(seed=9, batch_size=7),
    # and some that cannot be trained
    GOOD.disconnect(GOOD.wires[0]),
    GOOD.but(data="iris"),
    GOOD.but(nodes=(), wires=()),
    GOOD.but(data={"type": "table", "path": "none.csv"}),
    GOOD.set_fields("dense_1", units=10**6).insert(GOOD.wires[1], dense(10**6), 0, 0),
]


@dataclass(frozen=True)
class Question:
    faulty: bool

    def answer(self, program: Program) -> float:
        if self.faulty:
            raise ValueError("a fault in a question")
        x = np.zeros((3, *program.prepared.input.shape))
        return program.gradients(x, np.zeros(3))[0] + float(program.predict(x).mean())


def taken(trainer: Trainer) -> State:
    """The state when all commands so far have been carried out."""
    found: list[State] = []
    trainer.snapshot(lambda state, history: found.append(state))
    until(lambda: bool(found))
    return found[0]


def act(trainer: Trainer, chance: random.Random, saved: list[tuple[State, Any]]) -> None:
    def keep(state: State, history: Any) -> None:
        if chance.random() < 0.1:
            raise ValueError("a fault in what takes a snapshot")
        saved.append((state, history))

    chance.choice(
        [
            trainer.play,
            trainer.pause,
            trainer.reset,
            lambda: trainer.step(chance.choice(["epoch", "batch", "stage"])),
            lambda: trainer.step("stage"),
            lambda: trainer.edit(chance.choice(DESIGNS)),
            lambda: trainer.ask(chance.choice("ab"), Question(chance.random() < 0.2)),
            lambda: trainer.pace(chance.choice([None, 1e-9, 30.0, 1e9])),
            lambda: trainer.snapshot(keep),
            lambda: trainer.restore(*chance.choice(saved)) if saved else None,
            lambda: trainer.restore(State({}, {"epoch": -1})),
            lambda: taken(trainer),
            lambda: taken(trainer),
            lambda: (trainer.facts(), trainer.answer("a"), trainer.log.read()),
        ]
    )()


@pytest.mark.parametrize("seed", range(8))
def test_that_it_survives_any_commands_from_many_threads(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "netloom")
    trainer, saved, phases = Trainer(random.Random(seed).choice(DESIGNS)), list[tuple[State, Any]](), set[str]()

    def hail(number: int) -> None:
        chance = random.Random(100 * seed + number)
        for _ in range(ACTIONS):
            act(trainer, chance, saved)
            phases.add(trainer.status.phase)

    trainer.start()
    try:
        threads = [threading.Thread(target=hail, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert phases <= set(get_args(Phase))
        # it does what it is told, as if nothing had been
        trainer.edit(GOOD)
        trainer.reset()
        trainer.pace(None)
        taken(trainer)
        until(lambda: trainer.status.phase == "ready" and trainer.status.step == 0)
        trainer.facts()
        trainer.play()
        until(lambda: trainer.status.phase == "finished")
        assert not any(isinstance(fact, Failed) for fact in trainer.facts())
        state = taken(trainer)
    finally:
        trainer.close()
    run = Run(GOOD)
    while run.finished is None:
        run.advance(10_000)
    for key, values in run.snapshot().arrays.items():
        np.testing.assert_array_equal(state.arrays[key], values, err_msg=key)


@pytest.mark.parametrize("pace", [0.0, -1.0, float("nan")])
def test_that_a_pace_that_is_none_is_refused_by_the_caller_and_not_on_the_thread(pace: float) -> None:
    trainer = Trainer(GOOD)
    with pytest.raises(ValueError, match="pace"):
        trainer.pace(pace)


def test_that_a_damaged_state_is_told_and_an_edit_or_a_reset_goes_on() -> None:
    trainer = Trainer(GOOD)
    trainer.start()
    try:
        trainer.restore(State({}, {"epoch": -1}))
        until(lambda: trainer.status.phase == "failed")
        assert "epoch" in trainer.status.sentence
        (failed,) = [fact for fact in trainer.facts() if isinstance(fact, Failed)]
        assert isinstance(failed.error, NetloomError)
        trainer.reset()
        until(lambda: trainer.status.phase == "ready")
        trainer.step("batch")
        until(lambda: trainer.status.step == 1)
    finally:
        trainer.close()


@pytest.mark.parametrize("acts", [["reset"], ["play", "reset"], ["edit"], ["restore"]])
def test_that_a_run_that_had_ended_can_be_taken_up_again(acts: list[str]) -> None:
    trainer = Trainer(GOOD)
    trainer.start()
    try:
        begin = taken(trainer)
        trainer.play()
        until(lambda: trainer.status.phase == "finished")
        for name in acts:
            {
                "reset": trainer.reset,
                "play": trainer.play,
                "edit": lambda: trainer.edit(GOOD.set_fields("dense_1", units=5)),
                "restore": lambda: trainer.restore(begin),
            }[name]()
        trainer.step("epoch")
        taken(trainer)
        until(lambda: trainer.status.phase in ("ready", "finished"))
        epoch = {"edit": 61}.get(acts[0], 1)
        until(lambda: trainer.status.epoch == epoch)
    finally:
        trainer.close()


@pytest.mark.parametrize("wait", [False, True])
def test_that_it_closes_before_it_is_ready_and_twice(wait: bool) -> None:
    trainer = Trainer(design(epochs=10**8))
    trainer.start()
    trainer.play()
    if wait:
        until(lambda: trainer.status.step > 0)
    trainer.close()
    trainer.close()
    assert not any(thread.name == "trainer" for thread in threading.enumerate())
