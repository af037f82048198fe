"""Batch and layer normalisation inside a program: statistics by hand, inference, and what is saved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.data.prepare import Prepared
from engine.program.program import Program
from tests.engine.layers.designs import AS_IT_IS, chain, compiled, dense, rows_of


def four_rows() -> Prepared:
    return Prepared.from_arrays(np.array([[1.0], [3.0], [5.0], [7.0]]), np.zeros((4, 1)), split=AS_IT_IS, dtype=float)


def running(program: Program) -> tuple[list[float], list[float]]:
    arrays = program.state().arrays
    return arrays["state/batch_norm_1/mean"].tolist(), arrays["state/batch_norm_1/variance"].tolist()


def test_that_running_statistics_are_as_worked_by_hand() -> None:
    # mean (1+3+5+7)/4 = 4, variance (9+1+1+9)/4 = 5; they begin with 0 and 1, and a step keeps 0.9 of them
    program = compiled(chain("batch_norm", dense(1), batch_size=4), four_rows())
    assert running(program) == ([0.0], [1.0])
    program.run(1)
    assert running(program) == (pytest.approx([0.4]), pytest.approx([1.4]))  # 0.1·4, 0.9·1 + 0.1·5
    program.run(1)
    assert running(program) == (pytest.approx([0.76]), pytest.approx([1.76]))  # 0.9·0.4 + 0.4, 0.9·1.4 + 0.5


def test_that_another_momentum_keeps_less() -> None:
    program = compiled(chain({"type": "batch_norm", "momentum": 0.0}, dense(1), batch_size=4), four_rows())
    program.run(1)
    assert running(program) == (pytest.approx([4.0]), pytest.approx([5.0]))


def test_that_answers_take_the_running_statistics() -> None:
    document = chain({"type": "batch_norm", "momentum": 0.0, "epsilon": 1e-12}, dense(1), batch_size=4)
    program = compiled(document.but(training=document.training.but(learning_rate=1e-12)), four_rows())
    program.run(1)
    program.set_parameters({"dense_1/weight": np.array([[1.0]]), "dense_1/bias": np.array([0.0])})
    np.testing.assert_allclose(program.outputs(np.array([[4.0], [9.0]])), [[0.0], [5 / 5**0.5]], atol=1e-9)


def test_that_an_answer_does_not_depend_on_what_else_is_asked() -> None:
    program = compiled(chain(dense(3), "batch_norm", dense(1)), rows_of((2,), 1))
    program.run(20)
    x = np.random.default_rng(0).standard_normal((7, 2))
    together, alone = program.outputs(x), np.concatenate([program.outputs(row[None]) for row in x])
    np.testing.assert_allclose(together, alone, rtol=1e-12)


def test_that_asking_for_gradients_leaves_the_running_statistics_alone() -> None:
    prepared = rows_of((2,), 1)
    program = compiled(chain("batch_norm", dense(1)), prepared)
    program.run(3)
    before = running(program)
    program.batch_gradients(prepared.x[:8], prepared.y[:8])
    assert running(program) == before


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 2, 3)])
@pytest.mark.parametrize("kind", ["batch_norm", "layer_norm"])
def test_that_the_last_axis_is_normalised_whatever_lies_before_it(kind: str, shape: tuple[int, ...]) -> None:
    prepared = rows_of(shape, 2, rows=30)
    document = chain({"type": kind, "epsilon": 1e-12}, "flatten", dense(2), batch_size=30)
    program = compiled(document, prepared)
    program.batch_gradients(prepared.x, prepared.y)
    output = program.plan.lowered.build.records[f"{kind}_1"].output
    at = program.plan.places[output.value]
    y = program.act[at : at + 30 * output.spec.size].reshape(-1, 3)
    axis = 0 if kind == "batch_norm" else 1
    np.testing.assert_allclose(y.mean(axis=axis), 0, atol=1e-9)
    np.testing.assert_allclose(y.var(axis=axis), 1, atol=1e-6)


def test_that_a_last_batch_of_one_row_does_no_harm() -> None:
    prepared = rows_of((2,), 1, rows=21)
    program = compiled(chain(dense(3), "batch_norm", dense(1), batch_size=4), prepared)
    assert program.run(12) == 12
    assert all(np.isfinite(values).all() for values in program.state().arrays.values())


def test_that_running_statistics_survive_saving() -> None:
    document, prepared = chain("batch_norm", dense(1)), rows_of((2,), 1)
    program, other = compiled(document, prepared), compiled(document, prepared, seed=9)
    program.run(5)
    other.restore(program.state())
    assert running(other) == running(program)
    np.testing.assert_array_equal(other.outputs(prepared.x), program.outputs(prepared.x))


def test_that_scale_and_shift_are_not_decayed() -> None:
    for kind in ("batch_norm", "layer_norm"):
        program: Any = compiled(chain(kind, dense(1)), rows_of((2,), 1))
        decays = {p.key: p.decay for p in program.plan.parameters}
        assert decays == {
            f"{kind}_1/gamma": False,
            f"{kind}_1/beta": False,
            "dense_1/weight": True,
            "dense_1/bias": False,
        }
