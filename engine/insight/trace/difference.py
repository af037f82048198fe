"""The slope of the loss by one parameter, measured: differences of losses in float64, and corners told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, nan
from typing import Final

from engine.insight.trace.words import figure

AGREES: Final = 1e-4  # relative: four digits
# What rounding makes of a loss of about 1 or less: float64 holds 16 digits, and a sum loses some. The step divides.
ROUNDING: Final = 1e-14
# A step that crosses the corner of a ReLU measures a slope that is none; a smaller one may not.
STEPS: Final = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
BEND: Final = 1e-5  # by how much the slopes of both sides differ at a corner, relative


@dataclass(frozen=True)
class Difference:
    """What was measured.

    Attributes:
        value: ΔE/Δw: of both sides together; at a corner that of the side on which the network's own slope is.
            NaN where the loss is no finite number.
        step: Δw. left, right: the slopes of the two sides.
        corner: they differ however near one looks: the loss has a corner exactly here.
        agrees: with the slope that was expected, to four digits or within ``noise``; at a corner: it lies between the
            two sides.
        noise: what rounding may have made of the value. close: four digits of the value are more than that.
    """

    value: float
    step: float
    left: float
    right: float
    corner: bool
    agrees: bool
    noise: float = 0.0

    @property
    def close(self) -> bool:
        return not self.value or AGREES * abs(self.value) >= self.noise

    @property
    def verdict(self) -> str:
        """How far the two agree, in words that follow "they"."""
        if not self.agrees:
            return "do not agree"
        return "agree to at least 4 digits" if self.close else f"agree within rounding, ±{figure(self.noise, 1)}"


def difference(loss_at: Callable[[float], float], w: float, expected: float) -> Difference:
    """The slope of ``loss_at`` at ``w``, found without looking at ``expected``, and compared with it.

    The step is the largest within which both sides have one slope, by one-sided differences of the second order; the
    slope is then a central difference of the fourth order, which reaches no further. Where there is no such step, the
    loss has a corner.
    """
    scale, here = max(1.0, abs(w)), loss_at(w)
    if not isfinite(here):
        return Difference(nan, 0.0, nan, nan, False, False)
    left = right = h = noise = 0.0
    for h in (step * scale for step in STEPS):
        far, near = (loss_at(w + 2 * h), loss_at(w - 2 * h)), (loss_at(w + h), loss_at(w - h))
        right = (4 * (near[0] - here) - (far[0] - here)) / (2 * h)
        left = -(4 * (near[1] - here) - (far[1] - here)) / (2 * h)
        noise = ROUNDING * max(1.0, abs(here)) / h
        if abs(right - left) <= BEND * max(abs(left), abs(right)) + noise:
            # the fourth difference of what is smooth is next to nothing: what is left of it is rounding, too
            noise = max(noise, abs(far[0] + far[1] - 4 * (near[0] + near[1]) + 6 * here) / h)
            value = (8 * (near[0] - near[1]) - (far[0] - far[1])) / (12 * h)
            agrees = abs(value - expected) <= AGREES * max(abs(value), abs(expected)) + noise
            return Difference(value, h, left, right, False, agrees, noise)
    value = min((left, right), key=lambda side: abs(side - expected))
    low, high = min(left, right), max(left, right)
    room = AGREES * max(abs(low), abs(high)) + noise
    return Difference(value, h, left, right, True, low - room <= expected <= high + room, noise)
