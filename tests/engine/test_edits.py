"""Edits of a run: what survives, what begins anew, and what is forgotten."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.design.document import Document
from engine.errors import DesignError
from engine.layers import Layer
from engine.training.run import Run
from tests.builders import chain, dense
from tests.engine.calls import rows, trained


@st.composite
def edits(draw: st.DrawFn) -> Document:
    """A design like `FIRST` with some layers wider, gone, or new, and other settings."""
    document = FIRST
    for name in ("dense_1", "dense_2", "dense_3"):
        if draw(st.booleans()):
            document = document.set_fields(name, units=draw(st.integers(3, 5)))
    if draw(st.booleans()):
        document = document.remove([draw(st.sampled_from(["dense_2", "batch_norm_1"]))])
    if draw(st.booleans()):
        wire = draw(st.sampled_from(document.wires))
        document = document.insert(wire, Layer.parse(draw(st.sampled_from(["dense", "dropout", "batch_norm"]))), 0, 0)
    optimizer = draw(st.sampled_from(["adam", "adam", "momentum"]))
    changes = {"optimizer": optimizer, "batch_size": draw(st.integers(1, 70)), "l2": draw(st.sampled_from([0.0, 0.1]))}
    return document.but(training=document.training.but(**changes))


FIRST = trained(chain(dense(3, "tanh"), dense(4, "relu"), "batch_norm", dense(5, "tanh"), dense(2)), batch_size=7)


@given(edited=edits(), steps=st.integers(0, 30), after=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_that_what_survives_an_edit_keeps_its_values_and_the_rest_begins_anew(
    edited: Document, steps: int, after: int
) -> None:
    run, data = Run(FIRST, rows(validation=0.2), np.float64), rows(validation=0.2)
    run.advance(steps)
    before = run.snapshot().arrays
    began_anew = run.edit(edited)
    state, new = run.snapshot().arrays, Run(edited, data, np.float64).snapshot().arrays
    same_optimizer = edited.training.optimizer == FIRST.training.optimizer
    for name, values_now in state.items():
        kind, _, key = name.partition("/")
        if kind in ("good", "best"):
            continue
        survives = name in before and before[name].shape == values_now.shape
        if kind == "parameters":
            assert survives == (key not in began_anew)
        if kind == "optimizer":
            slot_of = key.partition("/")[2]
            survives = survives and same_optimizer and slot_of not in began_anew
        np.testing.assert_array_equal(values_now, (before if survives else new)[name], err_msg=name)
    assert (run.epoch, run.step) == (steps // 7, steps)
    done = run.advance(after)
    assert done == min(after, done)
    assert all(np.isfinite(value).all() for value in run.program.parameters().values())


def test_that_an_edit_forgets_a_best_epoch_of_another_network() -> None:
    document = FIRST.but(training=FIRST.training.but(patience=1, epochs=10_000, learning_rate=1e-9))
    run = Run(document, rows(validation=0.2))
    run.advance(7)
    wider = document.insert(document.inputs("dense_4")[0], dense(5), 0, 0, id="new")
    assert set(run.edit(wider)) == {"new/weight", "new/bias"}
    while run.finished is None:
        run.advance(100)
    assert run.finished.reason == "early"
    assert run.program.parameters()["new/weight"].any(), "it fell back to weights that this network never had"


def test_that_another_loss_is_not_compared_with_the_old_one() -> None:
    run = Run(FIRST, rows(validation=0.2))
    run.advance(10)
    best = run.snapshot().counters["best_epoch"]
    run.edit(FIRST.but(training=FIRST.training.but(loss="mae")))
    assert best
    assert run.snapshot().counters["best_epoch"] == 0
    run.edit(run.document.but(training=run.document.training.but(learning_rate=0.5)))
    run.advance(7)
    kept = run.snapshot().counters["best_epoch"]
    run.edit(run.document.but(training=run.document.training.but(learning_rate=0.1)))
    assert run.snapshot().counters["best_epoch"] == kept != 0


def test_that_moving_boxes_neither_compiles_nor_wakes_a_finished_run() -> None:
    run = Run(trained(chain(dense(2)), patience=1, min_delta=1e9, epochs=100), rows())
    while run.finished is None:
        run.advance(10)
    ended, program = run.finished, run.program
    assert run.edit(run.document.move({"dense_1": (3.0, 4.0)}).but(title="a title")) == ()
    assert run.finished is ended
    assert run.program is program
    assert run.document.node("dense_1").x == 3.0


def test_that_an_edit_leaves_the_further_epochs_that_were_asked_for() -> None:
    run = Run(trained(chain(dense(2)), epochs=3), rows())
    while run.finished is None:
        run.advance(10)
    run.go_on()
    run.advance(run.steps_per_epoch)
    run.edit(run.document.but(training=run.document.training.but(learning_rate=0.5)))
    assert (run.epoch, run.epochs, run.finished) == (4, 6, None)
    run.edit(run.document.but(training=run.document.training.but(epochs=2)))
    assert run.finished is not None


@pytest.mark.parametrize("data", [None, "iris"])
def test_that_an_edit_that_cannot_be_trained_changes_nothing(data: str | None) -> None:
    document = trained(chain(dense(4, "tanh"), dense(1), data="spiral"))
    run = Run(document)
    run.advance(9)
    before = run.snapshot()
    wrong = document.disconnect(document.wires[0]) if data is None else document.but(data=data)
    with pytest.raises(DesignError):
        run.edit(wrong)
    after = run.snapshot()
    assert after.counters == before.counters
    assert run.document == document
    assert run.advance(1) == 1
