"""The gradient check itself: it must find what is wrong and pass what is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.insight.gradient_check import TOLERANCE, check_gradients, compare
from tests.engine.layers.designs import chain, compiled, dense, rows_of

Array = NDArray[Any]


class Formula:
    """A loss over one tensor with a gradient that may be wrong."""

    def __init__(self, w: Any, loss: Callable[[Array], float], gradient: Callable[[Array], Array]) -> None:
        self.w, self.loss, self.gradient = np.array(w, float), loss, gradient

    def parameters(self) -> dict[str, Array]:
        return {"w": self.w.copy()}

    def set_parameters(self, values: dict[str, Array]) -> None:
        self.w = values["w"].copy()

    def batch_gradients(self, x: Array, y: Array) -> tuple[float, dict[str, Array]]:
        return self.loss(self.w), {"w": self.gradient(self.w)}


def error(program: Any, most: int = 50) -> float:
    (comparison,) = compare(program, np.zeros(1), np.zeros(1), most)
    assert comparison.passed == (comparison.error <= TOLERANCE)
    return comparison.error


def cubes(w: Array) -> float:
    return float((w**3).sum())


def test_that_a_right_gradient_passes_and_parameters_are_left_as_they_were() -> None:
    program = Formula([[1.0, -2.0], [0.5, 3.0]], cubes, lambda w: 3 * w**2)
    assert error(program) < 1e-9
    assert program.w.tolist() == [[1.0, -2.0], [0.5, 3.0]]


@pytest.mark.parametrize("factor", [1 + 3e-6, -1.0, 0.0, np.nan, np.inf])
def test_that_one_wrong_element_among_many_is_found(factor: float) -> None:
    def gradient(w: Array) -> Array:
        exact = 3 * w**2
        exact[7] *= factor
        return exact

    assert error(Formula(np.linspace(1, 2, 40), cubes, gradient)) > TOLERANCE


def test_that_a_small_element_is_not_hidden_behind_a_large_one() -> None:
    program = Formula([1.0, 0.01], cubes, lambda w: 3 * w**2 * [1.0, 1.001])
    assert error(program) > TOLERANCE


def test_that_rounding_is_not_taken_for_an_error() -> None:
    # a bias before batch normalisation: the true gradient is 0, and both sides find specks of rounding
    program = Formula(np.ones(5), lambda w: 1.0 + 1e-16 * float(w.sum()), lambda w: np.full(5, 1e-17))
    assert error(program) < TOLERANCE


def test_that_a_corner_nearby_is_passed_by_with_a_smaller_step() -> None:
    program = Formula([3e-4, -3e-6], lambda w: float(np.maximum(w, 0).sum()), lambda w: (w > 0).astype(float))
    assert error(program) < 1e-9


def test_that_no_more_elements_are_varied_than_asked_for() -> None:
    (comparison,) = compare(Formula(np.ones((20, 30)), cubes, lambda w: 3 * w**2), np.zeros(1), np.zeros(1), 7)
    assert (comparison.tensor, comparison.shape, comparison.checked) == ("w", (20, 30), 7)


def test_that_a_whole_design_is_checked_with_everything_random_in_it_standing_still() -> None:
    document = chain(dense(4, "relu"), "dropout", "gaussian_noise", "batch_norm", dense(2), batch_size=3)
    compared = list(check_gradients(document, rows_of((3,), 2), seed=4))
    assert [each.tensor for each in compared] == [
        "dense_1/weight", "dense_1/bias", "batch_norm_1/gamma", "batch_norm_1/beta", "dense_2/weight", "dense_2/bias"
    ]  # fmt: skip
    assert all(each.passed and np.isfinite(each.loss) for each in compared)


def test_that_a_short_batch_has_right_gradients_too() -> None:
    """The last batch of an epoch: memory is laid out for 16 rows and 3 are there."""
    prepared = rows_of((4, 3), 2)
    document = chain(
        {"type": "maxout", "units": 3}, "batch_norm", "prelu", "layer_norm", {"type": "simple_rnn", "units": 3},
        "dropout", {"type": "activation", "activation": "softmax"}, dense(2), batch_size=16,
    )  # fmt: skip
    program = compiled(document, prepared)
    program.batch_gradients(prepared.x[:16], prepared.y[:16])
    assert all(each.passed for each in compare(program, prepared.x[:3], prepared.y[:3]))
