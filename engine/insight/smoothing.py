"""A running mean of a curve that arrives piece by piece."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
NOTHING = 1e-17  # the share of an old value that float64 no longer notices


class Smoother:
    """Forgets exponentially and is fair from the first value on: y[n] = Σ aᵏ·x[n-k] / Σ aᵏ with a = 1 - 1/window.

    Without the divisor, which is Adam's correction of its moments, a curve would begin at zero.
    """

    def __init__(self, window: float, geometric: bool = False) -> None:
        """``window``: about so many values make up the mean; 1 leaves them as they are.

        ``geometric``: the mean of the logarithms, for a logarithmic axis; the values are then above zero.

        Raises:
            ValueError: it is below 1.
        """
        if not window >= 1:
            raise ValueError(f"a window holds at least one value, and {window} was given")
        self._keep, self._geometric = 1.0 - 1.0 / window, geometric
        self._sum, self._weight = 0.0, 0.0

    def take(self, values: Array) -> Array:
        """The smoothed values (n,) of the next values (n,), all finite."""
        if not len(values):
            return np.empty(0)
        sums = self._added(np.log(values) if self._geometric else values, self._sum)
        weights = self._added(np.ones(len(values)), self._weight)
        self._sum, self._weight = float(sums[-1]), float(weights[-1])
        means: Array = sums / weights
        return np.exp(means) if self._geometric else means

    def _added(self, values: Array, before: float) -> Array:
        """s[n] = x[n] + a·s[n-1], by doubling the reach: every pass sums over twice as many values."""
        sums = np.array(values, np.float64)
        sums[0] += self._keep * before
        reach, share = 1, self._keep
        while reach < len(sums) and share > NOTHING:
            sums[reach:] += share * sums[:-reach]  # the right side is computed before it is added
            reach, share = 2 * reach, share * share
        return sums
