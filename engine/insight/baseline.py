"""The baseline of a curve: a straight line or a polynomial, by least squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.data.prepare import Prepared

Array = NDArray[Any]
HIGHEST: Final = 9  # degree


@dataclass(frozen=True, eq=False)
class Polynomial:
    """Σ cₖ·Tₖ(t) with Chebyshev's Tₖ and t in [-1, 1] over the range of the data.

    In powers of x the equations of degree 9 would be next to singular.
    """

    coefficients: Array
    low: float
    high: float

    @property
    def degree(self) -> int:
        return len(self.coefficients) - 1

    def __call__(self, x: Array) -> Array:
        """(n,) values at (n,) places."""
        return _terms(x, self.low, self.high, self.degree) @ self.coefficients


def fit_polynomial(x: Array, y: Array, degree: int) -> Polynomial:
    """The polynomial of least squares through (n,) points; of those that fit equally well, the smallest.

    Raises:
        ValueError: the degree is not in 1 … 9.
    """
    if not 1 <= degree <= HIGHEST:
        raise ValueError(f"a degree is in 1 … {HIGHEST}, and {degree} was given")
    low, high = float(x.min()), float(x.max())
    if not high > low:
        high = low + 1.0
    coefficients, *_ = np.linalg.lstsq(_terms(x, low, high, degree), y, rcond=None)
    return Polynomial(coefficients, low, high)


def baseline(prepared: Prepared, degree: int) -> Polynomial:
    """The polynomial through the training rows of one input and the first target, in the user's units; kept."""
    known = _kept.setdefault(prepared, {})
    if degree not in known:
        rows = prepared.train
        x, y = prepared.unscale_x(prepared.x[rows]), prepared.unscale_y(prepared.y[rows])
        known[degree] = fit_polynomial(x.reshape(len(x), -1)[:, 0], y.reshape(len(y), -1)[:, 0], degree)
    return known[degree]


_kept: WeakKeyDictionary[Any, dict[int, Polynomial]] = WeakKeyDictionary()


def _terms(x: Array, low: float, high: float, degree: int) -> Array:
    terms: Array = np.polynomial.chebyshev.chebvander((2 * x - low - high) / (high - low), degree)
    return terms
