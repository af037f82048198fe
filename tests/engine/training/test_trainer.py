"""The trainer's thread does what it is told between chunks, publishes what has changed, and never dies of a fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from engine.data.synthetic import Line
from engine.design.document import Document
from engine.insight.checkup import Outputs, checkup
from engine.program.program import Program
from engine.training.ending import Finished
from engine.training.published import DataReady, Reinitialised
from engine.training.run import Run
from engine.training.trainer import Trainer
from tests.engine.training.trainers import design, same, taken, until


def test_that_the_thread_gives_the_bits_of_a_blocking_run(start: Callable[[Document], Trainer]) -> None:
    trainer = start(design())
    trainer.play()
    until(lambda: trainer.status.phase == "finished")
    run = Run(design())
    while run.finished is None:
        run.advance(1000)
    state, history = taken(trainer)
    assert same(state, run)
    np.testing.assert_array_equal(history["loss"], run.log.read()["loss"])


def test_that_pause_play_and_steps_change_no_bit(start: Callable[[Document], Trainer]) -> None:
    trainer = start(design())
    for size in ("stage", "batch", "stage", "stage", "epoch", "batch"):
        trainer.step(size)
    trainer.play()
    trainer.pause()
    trainer.play()
    until(lambda: trainer.status.phase == "finished")
    run = Run(design())
    while run.finished is None:
        run.advance(1000)
    assert same(taken(trainer)[0], run)


def test_that_a_batch_that_was_begun_stage_by_stage_comes_to_its_end(start: Callable[[Document], Trainer]) -> None:
    trainer = start(design())
    for number in range(1, 4):
        trainer.step("stage")
        until(lambda: trainer.status.stage == "forward")
        trainer.step("batch")
        until(lambda number=number: trainer.status.step == number and trainer.status.phase == "ready")  # type: ignore[misc]


@pytest.mark.parametrize("epochs", [1, 100])
def test_that_what_rests_has_been_looked_at_as_it_is(epochs: int, start: Callable[[Document], Trainer]) -> None:
    trainer = start(design(epochs=epochs))
    for number in range(1, 3 if epochs > 1 else 2):
        trainer.step("epoch")
        until(lambda number=number: trainer.status.epoch == number and trainer.status.phase != "running")  # type: ignore[misc]
        assert trainer.tensors is not None
        assert trainer.tensors.step == trainer.status.step
        dead = {layer.node: layer.dead for layer in trainer.tensors.layers}
        trainer.ask("now", Checked())
        until(lambda: trainer.answer("now") is not None)
        assert dead == {node: given.dead for node, given in trainer.answer("now").items()}


class Checked:
    """What the layers give over the training set now."""

    def answer(self, program: Program) -> Mapping[str, Outputs]:
        return checkup(program)


def test_that_one_epoch_ends_at_the_end_of_an_epoch(start: Callable[[Document], Trainer]) -> None:
    trainer = start(design())
    trainer.step("batch")
    until(lambda: trainer.status.step == 1)
    trainer.step("epoch")
    until(lambda: trainer.status.epoch == 1 and trainer.status.phase == "ready")
    assert trainer.status.step == 5
    trainer.step("epoch")
    until(lambda: trainer.status.epoch == 2)
    assert taken(trainer)[0].counters["step"] == 10


def test_that_pause_is_answered_at_once_and_stops(start: Callable[[Document], Trainer]) -> None:
    trainer = start(design(epochs=100_000_000))
    trainer.play()
    until(lambda: trainer.status.step > 1000)
    trainer.pause()
    until(lambda: trainer.status.phase == "ready")
    step = taken(trainer)[0].counters["step"]
    assert taken(trainer)[0].counters["step"] == step


def test_that_the_pace_is_kept(start: Callable[[Document], Trainer]) -> None:
    trainer = start(design(epochs=100_000_000))
    trainer.pace(20.0)
    began = time.monotonic()
    trainer.play()
    until(lambda: trainer.status.epoch >= 10)
    epoch = trainer.status.epoch
    assert epoch <= 20.0 * (time.monotonic() - began) + 1  # a busy machine may take longer


def test_that_an_edit_while_it_trains_goes_on_and_says_what_began_anew(start: Callable[[Document], Trainer]) -> None:
    document = design(epochs=100_000_000)
    trainer = start(document)
    trainer.play()
    until(lambda: trainer.status.epoch > 5)
    trainer.edit(document.set_fields("dense_1", units=12))
    facts: list[object] = []

    def told() -> bool:
        facts.extend(trainer.facts())
        return any(isinstance(fact, Reinitialised) for fact in facts)

    until(told)
    (fact,) = [fact for fact in facts if isinstance(fact, Reinitialised)]
    assert set(fact.keys) == {"dense_1/weight", "dense_1/bias", "dense_2/weight"}
    step = trainer.status.step
    until(lambda: trainer.status.step > step + 100 and trainer.status.phase == "running")


def test_that_divergence_is_a_status_and_the_last_fact_is_one_finished(start: Callable[[Document], Trainer]) -> None:
    document = (
        design(optimizer="minibatch", learning_rate=1e6).but(data=Line()).set_fields("dense_1", activation="relu")
    )
    trainer = start(document)
    trainer.play()
    until(lambda: trainer.status.phase == "diverged")
    assert "Lower the learning rate" in trainer.status.sentence
    facts = trainer.facts()
    assert isinstance(facts[0], DataReady)
    assert [type(fact) for fact in facts].count(Finished) == 1
    assert isinstance(facts[-1], Finished)


@dataclass(frozen=True)
class Mean:
    """A question for a test."""

    def answer(self, program: Program) -> float:
        return float(program.predict(np.zeros((3, 2))).mean())


@dataclass(frozen=True)
class Faulty:
    def answer(self, program: Program) -> float:
        raise ValueError("a fault in a question")


def test_that_questions_are_answered_while_it_trains_and_while_it_rests(start: Callable[[Document], Trainer]) -> None:
    trainer = start(design(epochs=100_000_000))
    trainer.ask("mean", Mean())
    until(lambda: trainer.answer("mean") is not None)
    first = trainer.answer("mean")
    trainer.play()
    until(lambda: trainer.status.step > 1000)
    trainer.ask("mean", Mean())
    until(lambda: trainer.answer("mean") != first)


def test_that_a_fault_in_a_question_stops_neither_the_thread_nor_the_training(
    start: Callable[[Document], Trainer], caplog: pytest.LogCaptureFixture
) -> None:
    trainer = start(design(epochs=100_000_000))
    trainer.play()
    trainer.ask("faulty", Faulty())
    until(lambda: "a fault in a question" in caplog.text)
    step = trainer.status.step
    until(lambda: trainer.status.step > step and trainer.status.phase == "running")


def test_that_statistics_of_every_layer_are_published(start: Callable[[Document], Trainer]) -> None:
    trainer = start(design(epochs=100_000_000))
    trainer.play()
    until(lambda: trainer.tensors is not None)
    stats = trainer.tensors
    assert stats is not None
    assert [layer.node for layer in stats.layers] == ["input_1", "dense_1", "dense_2"]
    assert [tensor.key for tensor in stats.tensors] == [
        "dense_1/weight", "dense_1/bias", "dense_2/weight", "dense_2/bias",
    ]  # fmt: skip
    assert all(tensor.norm > 0 for tensor in stats.tensors)


def test_that_a_weight_set_by_hand_is_in_the_network_and_training_goes_on(
    start: Callable[[Document], Trainer],
) -> None:
    trainer = start(design())
    before = taken(trainer)[0].arrays
    trainer.set_elements({("dense_1/weight", 3): 2.5, ("dense_1/bias", 0): -1.0, ("gone/weight", 0): 1.0})
    after = taken(trainer)[0].arrays
    name = next(name for name in after if name.endswith("dense_1/weight") and after[name].shape == (2, 8))
    changed = before[name].copy()
    changed[0, 3] = 2.5
    np.testing.assert_array_equal(after[name], changed)
    trainer.play()
    until(lambda: trainer.status.phase == "finished")
    assert trainer.status.step > 0


def test_that_closing_ends_the_thread_even_while_it_trains() -> None:
    trainer = Trainer(design(epochs=100_000_000))
    trainer.start()
    trainer.play()
    until(lambda: trainer.status.step > 10)
    trainer.close()
    step = trainer.status.step
    assert trainer.status.step == step


def test_that_single_steps_are_time_at_work(start: Callable[[Document], Trainer]) -> None:
    trainer = start(design())
    for number in range(1, 4):
        before = trainer.status.elapsed
        trainer.step("batch")
        until(lambda number=number: trainer.status.step == number)
        assert trainer.status.elapsed > before
    trainer.step("stage")
    until(lambda: trainer.status.stage == "forward")
    assert trainer.status.elapsed < 5.0


@pytest.mark.parametrize("size", ["epoch", "play"])
def test_that_an_epoch_whose_validation_is_long_ends_by_itself_though_it_is_paused(
    start: Callable[[Document], Trainer], monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    monkeypatch.setattr("engine.program.plan.EVALUATION_ROWS", 1)
    monkeypatch.setattr("engine.program.plan.CALL_WORK", 1)
    trainer = start(design(epochs=10**7))
    if size == "epoch":
        trainer.step("epoch")
    else:
        trainer.play()
        until(lambda: trainer.status.epoch > 0)
        trainer.pause()
    until(lambda: trainer.status.phase == "ready" and trainer.status.epoch > 0)
    until(lambda: trainer.log.length == trainer.status.epoch)
    until(lambda: bool(np.isfinite(trainer.status.validation_loss)))


def test_that_a_pause_is_told_at_once_though_the_step_that_has_begun_is_long(
    start: Callable[[Document], Trainer], monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = start(design(epochs=10**7))
    trainer.play()
    until(lambda: trainer.status.phase == "running")
    begun, over = threading.Event(), threading.Event()
    advance = Run.advance

    def long_step(run: Run, steps: int) -> int:
        begun.set()
        over.wait(60)
        return advance(run, steps)

    monkeypatch.setattr(Run, "advance", long_step)
    assert begun.wait(60)
    trainer.pause()
    assert trainer.status.phase == "ready"
    assert trainer.status.sentence.startswith("Pausing")
    over.set()
    until(lambda: not trainer.status.sentence)
    assert trainer.status.phase == "ready"
    trainer.pause()
    trainer.play()
    until(lambda: trainer.status.phase == "running")
