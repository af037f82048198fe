"""A validation that is broken off to be asked: the same bits, and nothing of an epoch lost."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.run import Run
from tests.engine.training.runs import SPIRAL, design, finish, run_of


def broken_off(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run whose validation is done three rows at a time, one piece a call."""
    monkeypatch.setattr("engine.program.plan.EVALUATION_ROWS", 3)
    monkeypatch.setattr("engine.program.plan.CALL_WORK", 1)
    return run_of(design(patience=0))


def test_that_a_long_validation_is_broken_off_to_be_asked_and_ends_with_the_same_bits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.program.plan.EVALUATION_ROWS", 3)
    whole = finish(run_of(design(patience=0)), 100_000)
    run = broken_off(monkeypatch)
    calls = 0
    assert run.advance(run.steps_per_epoch) == run.steps_per_epoch
    while run.validating:
        assert not run.log.length
        run.validate()
        calls += 1
        run.ask(lambda program: program.predict(SPIRAL.unscale_x(SPIRAL.x[:7])))
        run.ask(lambda program: program.training_loss())
    validated = SPIRAL.validation.stop - SPIRAL.validation.start
    assert calls == -(-validated // 3) - 1
    assert run.log.length == 1
    finish(run, 7)
    assert run.program.parameter_hash() == whole.program.parameter_hash()
    for name, values in whole.log.read().items():
        if name != "seconds":
            np.testing.assert_array_equal(run.log.read()[name], values)


@pytest.mark.parametrize("what", ["snapshot", "stage", "edit"])
def test_that_nothing_of_an_epoch_is_lost_when_its_validation_is_broken_off(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    run = broken_off(monkeypatch)
    run.advance(run.steps_per_epoch)
    assert run.validating
    if what == "snapshot":
        state, other = run.snapshot(), broken_off(monkeypatch)
        other.restore(state, run.log.read())
        assert (other.epoch, other.validating, other.log.length) == (1, False, 1)
    elif what == "stage":
        assert run.next_stage() == "forward"
    else:
        run.edit(run.document.but(training=run.document.training.but(learning_rate=0.5)))
    assert not run.validating
    assert np.isfinite(run.log.last()["validation_loss"])


def test_that_going_back_leaves_no_half_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    run = broken_off(monkeypatch)
    start = run.snapshot()
    for back in (run.reset, lambda: run.restore(start, {})):
        run.advance(run.steps_per_epoch)
        assert run.validating
        back()
        assert (run.validating, run.epoch, run.log.length) == (False, 0, 0)
