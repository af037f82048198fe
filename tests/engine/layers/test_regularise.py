"""Dropout and noise inside a program: how much, when, and that the same seed drops the same values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.kernels.contract import STEP
from engine.program.program import Program
from tests.engine.layers.designs import AS_IT_IS, chain, compiled, dense, rows_of

ROWS, WIDTH = 200, 50


def ones() -> Prepared:
    return Prepared.from_arrays(np.ones((ROWS, WIDTH)), np.zeros((ROWS, 1)), split=AS_IT_IS, dtype=float)


def while_training(program: Program, node: str) -> NDArray[Any]:
    """What a node puts out in the next step of training."""
    program.batch_gradients(program.x, program.y)
    output = program.plan.lowered.build.records[node].output
    at = program.plan.places[output.value]
    return program.act[at : at + ROWS * output.spec.size].reshape(ROWS, -1).copy()


def dropped(document: Document, node: str = "dropout_1", seed: int = 0, step: int = 0) -> NDArray[np.bool_]:
    program = compiled(document.but(training=document.training.but(batch_size=ROWS)), ones(), seed=seed)
    program.ctx[STEP] = step
    return while_training(program, node) == 0


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_that_dropout_silences_its_share_and_keeps_the_sum(rate: float) -> None:
    document = chain({"type": "dropout", "rate": rate}, dense(1), batch_size=ROWS)
    y = while_training(compiled(document, ones()), "dropout_1")
    # 10,000 values: five standard errors of a share are 0.025 at most
    assert (y == 0).mean() == pytest.approx(rate, abs=0.025)
    np.testing.assert_allclose(y[y != 0], 1 / (1 - rate))
    # no row and no column is favoured
    assert abs((y == 0).mean(axis=0) - rate).max() < 0.2
    assert abs((y == 0).mean(axis=1) - rate).max() < 0.4


def test_that_noise_has_its_spread_and_no_mean() -> None:
    document = chain({"type": "gaussian_noise", "spread": 0.3}, dense(1), batch_size=ROWS)
    noise = while_training(compiled(document, ones()), "gaussian_noise_1") - 1
    assert noise.mean() == pytest.approx(0, abs=0.015)
    assert noise.std() == pytest.approx(0.3, abs=0.012)


def test_that_nothing_is_silenced_or_shaken_in_an_answer() -> None:
    prepared = rows_of((3,), 2)
    plain = compiled(chain(dense(4, "tanh"), dense(2)), prepared)
    noisy = compiled(chain(dense(4, "tanh"), "dropout", "gaussian_noise", dense(2)), prepared)
    np.testing.assert_array_equal(noisy.outputs(prepared.x), plain.outputs(prepared.x))


def test_that_seed_and_step_decide_what_is_dropped() -> None:
    document = chain("dropout", dense(1))
    first = dropped(document)
    assert (first == dropped(document)).all()
    for other in (dropped(document, seed=1), dropped(document, step=1)):
        assert (first == other).mean() == pytest.approx(0.5, abs=0.03)


def test_that_what_is_dropped_does_not_depend_on_the_rest_of_the_network() -> None:
    alone = dropped(chain("dropout", dense(1)))
    among_others = chain("dropout", dense(5, "tanh"), "dropout", "gaussian_noise", "batch_norm", dense(1))
    assert (alone == dropped(among_others)).all()


def test_that_two_dropouts_drop_different_values() -> None:
    document = chain("dropout", {"type": "reshape", "shape": [WIDTH]}, "dropout", dense(1), batch_size=ROWS)
    program = compiled(document, ones())
    first, second = while_training(program, "dropout_1"), while_training(program, "dropout_2")
    assert ((second == 0) & (first != 0)).sum() / (first != 0).sum() == pytest.approx(0.5, abs=0.04)


def test_that_a_run_that_is_interrupted_drops_what_it_would_have_dropped() -> None:
    document = chain(dense(6, "tanh"), "dropout", "gaussian_noise", "batch_norm", dense(2), batch_size=5)
    prepared = rows_of((3,), 2, dtype=np.float32)
    through, first, second = (compiled(document, prepared, np.float32) for _ in range(3))
    through.run(17)
    first.run(7)
    second.restore(first.state())
    second.run(10)
    assert second.parameter_hash() == through.parameter_hash()
    np.testing.assert_array_equal(second.outputs(prepared.x), through.outputs(prepared.x))
