"""The slope of the loss by one parameter, measured: differences of losses in float64, and corners told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, nan
from typing import Final

AGREES: Final = 1e-4  # relative: four digits
# Differences below this, in units of the loss, are rounding: float64 holds 16 digits, and the step divides.
NOISE: Final = 1e-9
# A step that crosses the corner of a ReLU measures a slope that is none; a smaller one may not.
STEPS: Final = (1e-3, 1e-4, 1e-5, 1e-6)
CLOSE: Final = (1e-5, 1e-6, 1e-7)  # how near the two sides are looked at
BEND: Final = 1e-4  # by how much they differ at a corner, relative


@dataclass(frozen=True)
class Difference:
    """What was measured.

    Attributes:
        value: ΔE/Δw: of both sides together; at a corner that of the side on which the network's own slope is.
            NaN where the loss is no finite number.
        step: Δw. left, right: the slopes of the two sides.
        corner: they differ however near one looks: the loss has a corner exactly here.
        agrees: with the slope that was expected, to four digits; at a corner: it lies between the two sides.
    """

    value: float
    step: float
    left: float
    right: float
    corner: bool
    agrees: bool


def difference(loss_at: Callable[[float], float], w: float, expected: float) -> Difference:
    """The slope of ``loss_at`` at ``w``, found without looking at ``expected``, and compared with it.

    Central differences of the fourth order at several steps; the two that agree best with each other decide. One-sided
    ones of the second order, ever nearer, tell a corner.
    """
    scale, here = max(1.0, abs(w)), loss_at(w)
    if not isfinite(here):
        return Difference(nan, 0.0, nan, nan, False, False)
    noise = NOISE * max(1.0, abs(here))
    left, right, corner = _sides(loss_at, w, scale, here, noise)
    if corner:
        value = min((left, right), key=lambda side: abs(side - expected))
        low, high = min(left, right), max(left, right)
        room = AGREES * max(abs(low), abs(high)) + noise
        return Difference(value, CLOSE[-1] * scale, left, right, True, low - room <= expected <= high + room)
    slopes = [(h * scale, _central(loss_at, w, h * scale)) for h in STEPS]
    pairs = pairwise(slopes)
    step, value = min(pairs, key=lambda pair: _apart(pair[0][1], pair[1][1], noise))[0]
    return Difference(
        value, step, left, right, False, abs(value - expected) <= AGREES * max(abs(value), abs(expected)) + noise
    )


def _apart(a: float, b: float, noise: float) -> float:
    return abs(a - b) / max(abs(a), abs(b), noise)


def _central(loss_at: Callable[[float], float], w: float, h: float) -> float:
    far, near = loss_at(w + 2 * h) - loss_at(w - 2 * h), loss_at(w + h) - loss_at(w - h)
    return (8 * near - far) / (12 * h)


def _sides(
    loss_at: Callable[[float], float], w: float, scale: float, here: float, noise: float
) -> tuple[float, float, bool]:
    """(left, right, whether they differ however near one looks)."""
    left = right = 0.0
    for h in (near * scale for near in CLOSE):
        right = (4 * (loss_at(w + h) - here) - (loss_at(w + 2 * h) - here)) / (2 * h)
        left = -(4 * (loss_at(w - h) - here) - (loss_at(w - 2 * h) - here)) / (2 * h)
        # what rounding makes of a difference grows as the step shrinks
        if abs(right - left) <= BEND * max(abs(left), abs(right)) + max(noise, 1e-15 * max(1.0, abs(here)) / h * 8):
            return left, right, False
    return left, right, True
