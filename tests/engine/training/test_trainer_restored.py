"""What a trainer restores, keeps for data that are missing, and says of a design that cannot be trained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.design.document import Document
from engine.training.published import Failed
from engine.training.run import Run
from engine.training.trainer import Trainer
from tests.engine.training.trainers import design, same, taken, until


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
