"""What the layers give over the whole training set, against numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.prepare import Prepared
from engine.insight import checkup as checkups
from engine.insight.checkup import checkup, rows_of
from engine.insight.tensors import Lookout, observe
from engine.program.program import Program
from engine.training.run import Run
from engine.training.spec import DataSplit
from tests.builders import chain, dense

PLAIN = DataSplit(validation=0, scaling="none", scale_target=False)


def four_rows(activation: str, *biases: float) -> Program:
    """x = -2, -1, 1, 2 into units with weight 1 and these biases, and their sum."""
    x = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    prepared = Prepared.from_arrays(x, x, "regression", split=PLAIN)
    document = chain(dense(len(biases), activation), dense(1))
    document = document.but(training=document.training.but(batch_size=1, learning_rate=1e-6, optimizer="minibatch"))
    program = Program(document, prepared)
    program.set_parameters({
        "dense_1/weight": np.ones((1, len(biases))), "dense_1/bias": np.array(biases),
        "dense_2/weight": np.ones((len(biases), 1)), "dense_2/bias": np.zeros(1),
    })  # fmt: skip
    return program


def test_that_a_unit_is_dead_when_it_is_zero_for_every_row_and_not_for_a_batch_of_one() -> None:
    # unit 1: 0, 0, 1, 2; unit 2 with bias -1.5: 0, 0, 0, ½; unit 3 with bias -2: all zero
    program = four_rows("relu", 0.0, -1.5, -2.0)
    found = checkup(program)["dense_1"]
    assert found.dead == pytest.approx(1 / 3)
    assert found.mean == pytest.approx(3.5 / 12)
    assert found.spread == pytest.approx(np.sqrt(5.25 / 12 - (3.5 / 12) ** 2))
    for _ in range(4):  # every row is the batch once
        stats = observe(program)
        assert stats is not None
        assert stats.layers[1].dead == pytest.approx(1 / 3)


def test_that_outputs_on_the_flat_parts_are_counted() -> None:
    # tanh is flat beyond ±0.97, which it reaches at ±2.092: sums of -2, -1, 1, 2 and of 1, 2, 4, 5
    found = checkup(four_rows("tanh", 0.0, 3.0))["dense_1"]
    assert found.saturated == pytest.approx(2 / 8)
    assert found.dead == 0
    # the sigmoid beyond 0.03 and 0.97, at ±3.476; here sums of 2, 3, 5, 6
    assert checkup(four_rows("sigmoid", 4.0))["dense_1"].saturated == pytest.approx(2 / 4)


def test_that_the_answer_is_neither_dead_nor_saturated() -> None:
    program = four_rows("relu", -9.0)
    assert checkup(program)["dense_2"] == checkups.Outputs(0.0, 0.0, 0.0, 0.0)


def test_that_blocks_do_not_change_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(chain(dense(16, "relu"), dense(1), data={"type": "spiral", "samples": 300}))
    whole = checkup(run.program)
    monkeypatch.setattr(checkups, "BLOCK", 7)
    for node, found in checkup(run.program).items():
        assert found.dead == whole[node].dead
        assert found.mean == pytest.approx(whole[node].mean, abs=1e-7)
        assert found.spread == pytest.approx(whole[node].spread, rel=1e-6)


def test_that_a_large_set_is_judged_by_a_sample_that_stays_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(chain(dense(8, "tanh"), dense(1), data={"type": "spiral", "samples": 1000}))
    assert len(rows_of(run.program)) == 800
    monkeypatch.setattr(checkups, "MOST_ROWS", 300)
    rows = rows_of(run.program)
    assert len(set(rows.tolist())) == 300
    assert (rows[0], rows[-1]) == (0, 799)
    assert np.array_equal(rows, rows_of(run.program))
    monkeypatch.setattr(checkups, "WORK", 1)
    assert len(rows_of(run.program)) == checkups.FEWEST_ROWS


def test_that_looking_changes_nothing() -> None:
    document = chain(dense(8, "relu"), "batch_norm", "dropout", dense(1), data="spiral")
    watched, other = Run(document), Run(document)
    for run in (watched, other):
        run.advance(5)
    checkup(watched.program)
    for run in (watched, other):
        run.advance(5)
    assert watched.program.parameter_hash() == other.program.parameter_hash()


def test_that_the_training_set_is_looked_at_anew_where_the_weights_are_others() -> None:
    program, lookout = four_rows("relu", 0.0), Lookout()
    assert lookout.look(program).layers[1].dead == 0  # type: ignore[union-attr]
    program.set_parameters({"dense_1/bias": np.array([-9.0])})
    lookout.forget()
    assert lookout.look(program).layers[1].dead == 1  # type: ignore[union-attr]
    assert lookout.look(four_rows("relu", 0.0)).layers[1].dead == 0  # type: ignore[union-attr]
