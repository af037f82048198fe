"""The curves of runs on a plot: a line for a run; for a fan of seeds its mean with bands of spread and reach."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from app import theme
from app.live.curves import Band as Line
from app.live.history import Series
from app.live.key import ink, mixed
from app.live.plot import LivePlot
from app.live.strokes import Curve, pen
from engine.compare.axes import Axis
from engine.compare.curves import band_of, fresh_rows
from engine.compare.fan import Band
from engine.compare.standing import Standing

COLUMNS: Final = ("loss", "validation_loss", "metric", "validation_metric")
AGAIN: Final = 0.2  # s between two bands: each is made of all rows


class RunLine:
    """One run.

    Attributes:
        taken: rows that were read at the last call.
    """

    def __init__(self, plot: LivePlot, role: int) -> None:
        self._line = Line(plot, role, 1)
        self._line.wear()
        self._log: object = None
        self._axis: Axis | None = None
        self._read = self.taken = 0
        self.window, self.geometric = 1, False
        self._begin_again()

    def _begin_again(self) -> None:
        self._read = 0
        self.series = {name: Series() for name in COLUMNS}
        self.means = {name: Series(self.window, self.geometric) for name in COLUMNS}

    def smooth(self, window: int, geometric: bool) -> None:
        self.window, self.geometric = window, geometric
        self._begin_again()

    def take(self, members: Sequence[Standing], axis: Axis, _column: str, most: int) -> bool:
        """Read on, at most so many rows; True when there is something new to draw."""
        (standing,) = members
        if standing.log is not self._log or axis is not self._axis or standing.log.length < self._read:
            self._log, self._axis = standing.log, axis
            self._begin_again()
        rows = fresh_rows(standing, self._read, most)
        self.taken = len(rows["epoch"])
        if not self.taken:
            return False
        self._read += self.taken
        x = axis.places(standing, rows)
        for name in COLUMNS:
            self.series[name].extend(x, rows[name])
            if self.window > 1:
                self.means[name].extend(x, rows[name])
        return True

    def draw(self, column: str, visible: bool, log_x: bool, log_y: bool) -> None:
        self._line.show_series(
            self.series[column], self.means[column] if self.window > 1 else None, visible, log_x, log_y
        )

    def extent(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        return self.series[column].ends

    def near(self, column: str, x: float) -> tuple[float, float, float] | None:
        """(place, value, NaN) of the row nearest to a place."""
        found = self.series[column].near(x)
        return None if found is None else (*found, float("nan"))

    def wear(self) -> None:
        self._line.wear()

    def remove(self, plot: LivePlot) -> None:
        for line in (self._line.raw, self._line.mean):
            plot.box.removeItem(line)


class FanLine:
    """Several seeds: the mean, one standard deviation around it, and from the least to the greatest."""

    taken: Final = 0  # of its rows only a few hundred are looked at

    def __init__(self, plot: LivePlot, role: int) -> None:
        self._role = role
        self._mean = Curve(connect="finite")
        self._mean.setSegmentedLineMode("on")
        self._mean.setZValue(20)
        self._edges = [Curve(connect="finite") for _ in range(4)]
        self._reach = pg.FillBetweenItem(*self._edges[:2])
        self._spread = pg.FillBetweenItem(*self._edges[2:])
        self._reach.setZValue(2)
        self._spread.setZValue(3)
        for item in (*self._edges, self._reach, self._spread, self._mean):
            plot.add(item)
        for edge in self._edges:
            edge.hide()
        self._band: Band | None = None
        self._made = 0.0
        self._from: tuple[object, ...] = ()
        self.wear()

    def smooth(self, window: int, geometric: bool) -> None:
        """A mean over seeds is smooth enough."""

    def take(self, members: Sequence[Standing], axis: Axis, column: str, _most: int) -> bool:
        made_from = (axis, column, tuple((standing.key, standing.step) for standing in members))
        if made_from == self._from:
            return False
        soon = made_from[:2] == self._from[:2] and perf_counter() - self._made < AGAIN
        if soon and not all(standing.ended for standing in members):
            return False
        if not all(standing.log.length for standing in members):
            return False
        self._from, self._made = made_from, perf_counter()
        self._band = band_of(members, axis, column)
        return True

    def draw(self, _column: str, visible: bool, log_x: bool, log_y: bool) -> None:
        for item in (self._mean, self._reach, self._spread):
            item.setVisible(visible and self._band is not None)
        band = self._band
        if band is None or not visible:
            return
        x = _on_axis(band.x, log_x)
        lower = band.mean - band.sd
        if log_y:  # what is below zero has no place there: the band ends where the seeds do
            lower = np.maximum(lower, band.low)
        curves = (band.low, band.high, lower, band.mean + band.sd)
        for edge, y in zip(self._edges, curves, strict=True):
            edge.setData(x, _on_axis(y, log_y))
        self._mean.setData(x, _on_axis(band.mean, log_y))

    def extent(self, _column: str) -> tuple[np.ndarray, np.ndarray]:
        if self._band is None:
            return np.empty(0), np.empty(0)
        return np.tile(self._band.x, 2), np.concatenate([self._band.low, self._band.high])

    def near(self, _column: str, x: float) -> tuple[float, float, float] | None:
        """(place, mean, standard deviation) of the epoch nearest to a place."""
        band = self._band
        if band is None or not len(band.x):
            return None
        row = int(np.abs(band.x - x).argmin())
        return float(band.x[row]), float(band.mean[row]), float(band.sd[row])

    def wear(self) -> None:
        color, ground = ink(self._role), theme.current().window
        self._mean.setPen(pen(color, 2))
        self._reach.setBrush(pg.mkBrush(QColor(mixed(ground, color, 0.14))))
        self._spread.setBrush(pg.mkBrush(QColor(mixed(ground, color, 0.3))))

    def remove(self, plot: LivePlot) -> None:
        for item in (self._reach, self._spread, self._mean, *self._edges):
            plot.box.removeItem(item)


def _on_axis(values: np.ndarray, logarithmic: bool) -> np.ndarray:
    return np.log10(np.where(values > 0, values, np.nan)) if logarithmic else values
