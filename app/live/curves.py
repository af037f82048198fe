"""One curve of a log on a plot: raw, and pale behind its running mean where that is wanted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from app import theme
from app.live.history import Series
from app.live.key import ink, mixed
from app.live.plot import LivePlot
from app.live.strokes import FEW, Curve, pen

WORST: Final = -1.0  # of a metric that is shown: an R² far below that of guessing would flatten all that follows
PALE: Final = 0.38  # how much of its colour a raw curve keeps behind its mean


class Band:
    """Two lines of one colour."""

    def __init__(self, plot: LivePlot, role: str, rank: int) -> None:
        """``rank``: which of several lies on top."""
        self._plot, self._role, self._has_mean = plot, role, False
        self._many = False  # points: too many for a line that is wide without costing a frame
        self.raw, self.mean = (Curve(connect="finite", skipFiniteCheck=True) for _ in range(2))
        for line, height in ((self.raw, rank), (self.mean, rank + 20)):
            line.setSegmentedLineMode("on")
            line.setZValue(height)
            plot.add(line)
        plot.resized.connect(self.wear)

    def show_series(self, raw: Series, mean: Series | None, visible: bool, log_x: bool, log_y: bool) -> None:
        if (mean is not None) != self._has_mean:
            self._has_mean = mean is not None
            self.wear()
        self.raw.setVisible(visible)
        self.mean.setVisible(visible and mean is not None)
        for line, series in ((self.raw, raw), (self.mean, mean)):
            if visible and series is not None:
                x, y = self._on_screen(series, log_x, log_y)
                line.setData(x, y)
                if line is self.raw and (len(x) > FEW) != self._many:
                    self._many = len(x) > FEW
                    self.wear()

    def wear(self) -> None:
        color = ink(self._role)
        drawn = mixed(theme.current().window, color, PALE).name() if self._has_mean else color
        self.raw.setPen(pen(drawn, 1 if self._many else self._plot.stroke))
        self.mean.setPen(pen(color, 2))

    def _on_screen(self, series: Series, log_x: bool, log_y: bool) -> tuple[np.ndarray, np.ndarray]:
        """What of a curve can be seen, in the plot's own units, with the peaks of every column of pixels."""
        (left, right), _ = self._plot.box.viewRange()
        if log_x:
            left, right = 10.0 ** min(left, 300.0), 10.0 ** min(right, 300.0)
        x, y = series.between(left, right, round(self._plot.box.width()))
        return scaled(x, log_x), scaled(y, log_y)


def on_scale(value: float, logarithmic: bool) -> float:
    """A number as an axis shows it; NaN for what has no logarithm."""
    if not logarithmic:
        return value
    return math.log10(value) if value > 0 else math.nan


def on_axis(parts: Sequence[np.ndarray], logarithmic: bool) -> np.ndarray:
    """All the numbers as an axis shows them."""
    values = np.concatenate(parts) if parts else np.empty(0)
    return np.log10(values[values > 0]) if logarithmic else values


def room(
    places: Sequence[np.ndarray], values: Sequence[np.ndarray], log_x: bool, log_y: bool, metric: bool
) -> tuple[float, float, float, float] | None:
    """Left, right, bottom and top that hold all of some curves, in the plot's own units; None where nothing is shown.

    Args:
        places, values: of every curve, at the least its `Series.ends`.
        metric: what they show is at its best at 1, and not at 0.
    """
    x, y = on_axis(places, log_x), on_axis(values, log_y)
    if not len(x) or not len(y):
        return None
    left, right, bottom, top = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    if metric and not log_y:
        bottom, top = max(bottom, min(WORST, top)), max(top, min(1.0, bottom + 1.0))
    elif not log_y:
        bottom = min(bottom, 0.0)
    least = 0.3 if log_y else 1e-12  # a factor of two: a flat curve is to look flat
    if top - bottom < least:
        middle = (top + bottom) / 2
        bottom, top = middle - least / 2, middle + least / 2
    margin = 0.06 * (top - bottom)
    return left, right if right > left else left + 1, bottom - margin, top + margin


def scaled(values: np.ndarray, logarithmic: bool) -> np.ndarray:
    """Powers of ten for a logarithmic axis; what has no logarithm becomes a gap."""
    return np.log10(np.where(values > 0, values, np.nan)) if logarithmic else values
