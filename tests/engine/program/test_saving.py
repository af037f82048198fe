"""Moments of a program: restored bit for bit, refused where they are forged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.data.prepare import Prepared
from engine.errors import NetloomError, ProjectError
from engine.program.state import State
from tests.builders import dense
from tests.engine.program.compiled import AS_IT_IS, DROP, NORM, X, Y, compiled, design


@pytest.mark.parametrize("steps", [0, 3, 8])
@pytest.mark.parametrize("optimizer", ["adam", "momentum", "minibatch", "adadelta"])
@pytest.mark.parametrize("schedule", ["constant", "plateau", "one_cycle"])
def test_that_a_moment_is_restored_bit_for_bit(steps: int, optimizer: str, schedule: str) -> None:
    layers, settings = (dense(6, "relu"), NORM, DROP, dense(1)), {"optimizer": optimizer, "schedule": schedule}
    program, other = compiled(*layers, **settings), compiled(*layers, **settings)
    program.run(steps)
    state = program.state()
    other.run(13)  # what it has learnt meanwhile must leave no trace
    assert other.restore(state) == ()
    again = other.state()
    assert again.counters == state.counters
    assert again.arrays.keys() == state.arrays.keys()
    for key, values in state.arrays.items():
        np.testing.assert_array_equal(again.arrays[key], values)
    program.run(20)
    other.run(20)
    assert program.parameter_hash() == other.parameter_hash()


def test_that_what_is_not_in_a_moment_begins_anew_whatever_was_there() -> None:
    document = design(dense(4, "tanh"), dense(1))
    data = Prepared.from_arrays(X, Y, split=AS_IT_IS)
    early = engine.compile(document, data)
    early.run(5)
    longer = document.insert(document.wires[-1], dense(4), 0, 0, id="late").but(
        training=document.training.but(optimizer="momentum")
    )
    program, new = engine.compile(longer, data), engine.compile(longer, data)
    program.run(50)
    assert program.restore(early.state()) == ("late/weight", "late/bias")
    np.testing.assert_array_equal(program.parameters()["late/weight"], new.parameters()["late/weight"])
    slots = [values for key, values in program.state().arrays.items() if key.startswith("optimizer/")]
    assert slots
    assert not any(values.any() for values in slots)


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": -5}, {"epoch": -1}, {"step": "x"}, {"seed": -1}, {"step": 1.5}, {"step": True},
        {"epoch": 2**63}, {"waited": None}, {"meter_0": "z"}, {"meter_8": float("nan")},
    ],
)  # fmt: skip
def test_that_a_forged_counter_is_refused_and_changes_nothing(wrong: dict[str, Any]) -> None:
    program = compiled(dense(4, "tanh"), dense(1))
    program.run(6)
    state, before = program.state(), program.parameter_hash()
    program.run(6)
    later = program.parameter_hash()
    with pytest.raises(ProjectError, match=next(iter(wrong))):
        program.restore(State(state.arrays, state.counters | wrong))
    assert program.parameter_hash() == later != before


def test_that_forged_arrays_are_refused_and_others_shapes_begin_anew() -> None:
    program = compiled(dense(4, "tanh"), dense(1))
    state = program.state()
    letters = np.full((2, 4), "x")
    with pytest.raises(NetloomError, match="no numbers"):
        program.restore(State(state.arrays | {"parameters/dense_1/weight": letters}, state.counters))
    smaller = np.ones((2, 3))
    assert program.restore(State(state.arrays | {"parameters/dense_1/weight": smaller}, state.counters)) == (
        "dense_1/weight",
    )


@pytest.mark.parametrize("position", [50, 51, 10**9, 2**61])
def test_that_a_place_behind_the_last_row_begins_the_epoch_again(position: int) -> None:
    program = compiled(dense(4, "tanh"), dense(1))
    state = program.state()
    program.restore(State(state.arrays, state.counters | {"position": position}))
    assert program.position == 0
    assert program.run(10) == 10
    assert np.isfinite(program.predict(X)).all()


def test_that_a_moment_of_other_rows_begins_the_epoch_again() -> None:
    document = design(dense(4, "tanh"), dense(1))
    first = engine.compile(document, Prepared.from_arrays(X, Y, split=AS_IT_IS))
    first.run(6)
    assert first.position == 32
    second = engine.compile(document, Prepared.from_arrays(X[:40], Y[:40] + 1, split=AS_IT_IS))
    assert second.restore(first.state()) == ()
    assert second.position == 0
    assert second.state().counters["step"] == 6
