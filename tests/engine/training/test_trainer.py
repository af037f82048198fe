"""The trainer's thread does what it is told between chunks, publishes what has changed, and never dies of a fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data.synthetic import Line, Spiral
from engine.design.document import Document
from engine.program.program import Program
from engine.program.state import State
from engine.training.ending import Finished
from engine.training.published import DataReady, Failed, Reinitialised
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


@pytest.fixture
def start() -> Iterator[Callable[[Document], Trainer]]:
    begun: list[Trainer] = []

    def begin(document: Document) -> Trainer:
        trainer = Trainer(document)
        trainer.start()
        begun.append(trainer)
        until(lambda: trainer.status.phase != "preparing")
        return trainer

    yield begin
    for trainer in begun:
        trainer.close()


def taken(trainer: Trainer) -> tuple[State, dict[str, Any]]:
    """The trainer's full state."""
    found: list[tuple[State, dict[str, Any]]] = []
    trainer.snapshot(lambda state, history: found.append((state, history)))
    until(lambda: bool(found))
    return found[0]


def same(state: State, run: Run) -> bool:
    return all(np.array_equal(v, state.arrays[k]) for k, v in run.snapshot().arrays.items())


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


def test_that_it_waits_while_the_design_cannot_be_trained_and_goes_on_by_itself(
    start: Callable[[Document], Trainer],
) -> None:
    document = design(epochs=100_000_000)
    trainer = start(document)
    trainer.play()
    until(lambda: trainer.status.step > 100)
    trainer.edit(document.disconnect(document.wires[0]))
    until(lambda: trainer.status.phase == "failed")
    assert "dense_1" in trainer.status.sentence
    assert any(isinstance(fact, Failed) for fact in trainer.facts())
    step = trainer.status.step
    trainer.edit(document)
    until(lambda: trainer.status.phase == "running" and trainer.status.step > step)


def test_that_a_design_that_cannot_be_trained_at_first_can_be_mended(start: Callable[[Document], Trainer]) -> None:
    document = design()
    trainer = start(document.disconnect(document.wires[0]))
    assert trainer.status.phase == "failed"
    trainer.edit(document)
    until(lambda: trainer.status.phase == "ready")
    trainer.step("batch")
    until(lambda: trainer.status.step == 1)


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


def test_that_a_restored_state_is_the_saved_one(start: Callable[[Document], Trainer]) -> None:
    first = start(design())
    first.step("epoch")
    until(lambda: first.status.epoch == 1)
    state, history = taken(first)
    second = start(design())
    second.restore(state, history)
    again, history_again = taken(second)
    assert again.counters == state.counters
    assert all(np.array_equal(values, again.arrays[key]) for key, values in state.arrays.items())
    np.testing.assert_array_equal(history_again["loss"], history["loss"])


def test_that_closing_ends_the_thread_even_while_it_trains() -> None:
    trainer = Trainer(design(epochs=100_000_000))
    trainer.start()
    trainer.play()
    until(lambda: trainer.status.step > 10)
    trainer.close()
    step = trainer.status.step
    assert trainer.status.step == step


def test_that_what_is_restored_for_data_that_are_gone_waits_for_them_and_is_not_lost(
    start: Callable[[Document], Trainer], tmp_path: Path
) -> None:
    table = tmp_path / "t.csv"
    rows = "a,b,y\n" + "".join(f"{n},{n % 3},{n / 2 + n % 3}\n" for n in range(40))
    table.write_text(rows)
    document = design().but(data={"type": "table", "path": str(table), "target": "y", "task": "regression"})
    run = Run(document)
    run.advance(5)
    state, history = run.snapshot(), run.log.read()
    table.unlink()

    trainer = start(design())
    trainer.step("epoch")
    until(lambda: trainer.status.epoch == 1)
    trainer.open(document)
    trainer.restore(state, history)
    trainer.reset()  # there is nothing yet that it could mean
    until(lambda: trainer.status.phase == "failed")
    kept, _ = taken(trainer)
    assert kept.recipe == state.recipe
    assert kept.counters == state.counters
    assert all(np.array_equal(values, kept.arrays[key]) for key, values in state.arrays.items())

    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text(rows)
    trainer.edit(document.but(data=document.data.but(path=str(elsewhere))))
    until(lambda: trainer.status.phase == "ready")
    again, _ = taken(trainer)
    assert again.counters == state.counters
    assert all(np.array_equal(values, again.arrays[key]) for key, values in state.arrays.items())


def test_that_going_back_to_the_design_in_training_takes_up_what_waits(start: Callable[[Document], Trainer]) -> None:
    first = start(design())
    first.step("epoch")
    until(lambda: first.status.epoch == 1)
    state, history = taken(first)
    trainer = start(design())
    trainer.edit(design().but(data={"type": "table", "path": "no such file.csv"}))
    until(lambda: trainer.status.phase == "failed")
    trainer.restore(state, history)
    trainer.edit(design())
    until(lambda: trainer.status.step == state.counters["step"])
    assert taken(trainer)[0].counters == state.counters


def test_that_what_waits_for_data_is_not_for_the_design_that_is_opened_next(
    start: Callable[[Document], Trainer],
) -> None:
    first = start(design())
    first.step("epoch")
    until(lambda: first.status.epoch == 1)
    trainer = start(design())
    trainer.open(design().but(data={"type": "table", "path": "no such file.csv"}))
    trainer.restore(*taken(first))
    until(lambda: trainer.status.phase == "failed")
    trainer.open(design())
    until(lambda: trainer.status.phase == "ready")
    assert trainer.status.step == 0
    assert same(taken(trainer)[0], Run(design()))


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (Document(), "The canvas is empty: drag an Input onto it, then layers"),
        (design().disconnect(design().wires[0]), "dense_1"),
    ],
)
def test_that_the_numbers_of_another_design_are_not_told_of_one_that_is_not_finished(
    broken: Document, sentence: str, start: Callable[[Document], Trainer]
) -> None:
    trainer = start(design())
    trainer.step("epoch")
    until(lambda: trainer.status.epoch == 1)
    trainer.edit(broken)
    until(lambda: trainer.status.phase == "failed")
    status = trainer.status
    assert sentence in status.sentence
    assert status.unfinished
    assert (status.epoch, status.epochs, status.step, status.elapsed) == (0, 0, 0, 0.0)
    assert np.isnan([status.loss, status.metric, status.validation_loss, status.validation_metric]).all()
    trainer.edit(design())
    until(lambda: trainer.status.phase == "ready")
    assert trainer.status.epoch == 1
    assert not trainer.status.unfinished


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
