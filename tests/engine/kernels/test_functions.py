"""The float32 approximations beside float64, and that they come out fast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from engine.kernels import functions
from engine.kernels.compiler import compiled
from engine.kernels.contract import FASTMATH, Formula

# name, exact function, from, to
CASES: list[tuple[str, Callable[..., Any], float, float]] = [
    ("exp", np.exp, -80, 80),
    ("log", np.log, 1e-30, 10),
    ("log1p_unit", np.log1p, 0, 1),
    ("tanh", np.tanh, -12, 12),
    ("erf", special.erf, -6, 6),
    ("sigmoid", special.expit, -30, 30),
    ("sin", np.sin, -1e4, 1e4),
    ("cos", np.cos, -1e4, 1e4),
]


def over(function: Formula, x: NDArray[Any], dtype: type) -> NDArray[Any]:
    """The compiled function for every element, under the kernels' flags."""
    one = compiled(function, dtype)

    @numba.njit(fastmath=FASTMATH, error_model="numpy")  # type: ignore[misc]
    def loop(x: Any, y: Any) -> None:
        for i in range(x.size):
            y[i] = one(x[i])

    y = np.empty_like(x)
    loop(x, y)
    return y


@pytest.mark.parametrize(("name", "exact", "low", "high"), CASES, ids=[case[0] for case in CASES])
def test_that_a_function_is_right_to_a_few_digits_of_float32(
    name: str, exact: Callable[..., Any], low: float, high: float
) -> None:
    x = np.linspace(low, high, 200_001).astype(np.float32)
    y = over(getattr(functions, name), x, np.float32)
    np.testing.assert_allclose(y, exact(x.astype(np.float64)), rtol=5e-7, atol=3e-7 if name != "exp" else 0)


@pytest.mark.parametrize(("name", "exact", "low", "high"), CASES, ids=[case[0] for case in CASES])
def test_that_a_function_is_exact_in_float64(name: str, exact: Callable[..., Any], low: float, high: float) -> None:
    x = np.linspace(low, high, 1001)
    np.testing.assert_allclose(over(getattr(functions, name), x, np.float64), exact(x), rtol=1e-14, atol=1e-15)


def test_that_exp_neither_overflows_nor_hides_nan() -> None:
    y = over(functions.exp, np.array([1e4, -1e4, np.inf, np.nan], np.float32), np.float32)
    assert np.isfinite(y[:3]).all()
    assert y[0] > 1e38
    assert 0 <= y[1] < 1e-37
    assert np.isnan(y[3])
