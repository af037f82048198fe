"""Polynomials by least squares: exact where they can be, tame where they cannot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.prepare import Prepared
from engine.insight.baseline import baseline, fit_polynomial


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=10), st.floats(-1e3, 1e3), st.floats(0.1, 1e3))
def test_that_a_polynomial_is_found_again(coefficients: list[float], start: float, width: float) -> None:
    t = np.linspace(-1, 1, 200)
    y = np.polynomial.polynomial.polyval(t, coefficients)
    x = start + (t + 1) / 2 * width
    assert fit_polynomial(x, y, len(coefficients) - 1)(x) == pytest.approx(y, abs=1e-6 * (1 + np.abs(y).max()))


def test_that_few_or_equal_points_give_a_polynomial_too() -> None:
    assert fit_polynomial(np.array([1.0, 2.0]), np.array([3.0, 5.0]), 9)(np.array([1.0, 2.0])) == pytest.approx([3, 5])
    assert fit_polynomial(np.full(5, 2.0), np.arange(5.0), 3)(np.array([2.0])) == pytest.approx([2.0])


@pytest.mark.parametrize("degree", [0, 10])
def test_that_other_degrees_are_refused(degree: int) -> None:
    with pytest.raises(ValueError, match="in 1 … 9"):
        fit_polynomial(np.arange(20.0), np.arange(20.0), degree)


def test_that_it_is_fitted_once_in_the_users_units_and_on_training_rows_alone() -> None:
    x = np.linspace(100, 200, 50)
    prepared = Prepared.from_arrays(x, 7 * x - 3)
    first = baseline(prepared, 1)
    assert first(np.array([150.0])) == pytest.approx([1047.0], rel=1e-4)
    assert baseline(prepared, 1) is first
    assert baseline(prepared, 2) is not first
