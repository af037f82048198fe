"""Points of data on a plot: training filled, validation hollow, coloured by class, by value, or plainly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from app import theme
from app.live.key import ink
from app.live.plot import LivePlot
from app.live.signed import signed_lut

Coloring = Callable[[np.ndarray], list[str]]  # the values of points -> a colour for each


class Marks(pg.ScatterPlotItem):
    """One part of the data. Made anew only when the points or the theme are others: most frames repeat them."""

    def __init__(self, plot: LivePlot, hollow: bool) -> None:
        super().__init__(pxMode=True, size=7 if hollow else 6, symbol="o")
        self._hollow = hollow
        self._shown: tuple[Any, ...] = ("", np.empty(0), np.empty(0))
        self.setZValue(20)
        plot.add(self)

    def show_points(self, place: np.ndarray, values: np.ndarray, coloring: Coloring) -> None:
        """Points at ``place`` (n, 2), each in the colour of its value."""
        mode, *before = self._shown
        if mode == theme.current().name and np.array_equal(before[0], place) and np.array_equal(before[1], values):
            return
        self._shown = (theme.current().name, place, values)
        if len(place) == 0:
            self.clear()
            return
        colors = coloring(values)
        inks = {color: QColor(color) for color in set(colors)}
        if self._hollow:
            pens = {color: pg.mkPen(inks[color], width=1.5) for color in inks}
            self.setData(pos=place, pen=[pens[color] for color in colors], brush=pg.mkBrush(theme.current().window))
        else:
            brushes = {color: pg.mkBrush(inks[color]) for color in inks}
            rim = pg.mkPen(QColor(theme.current().canvas), width=1)
            self.setData(pos=place, pen=rim, brush=[brushes[color] for color in colors])


def plainly(role: str) -> Coloring:
    """One colour of the theme for all."""
    return lambda values: [ink(role)] * len(values)


def by_class(values: np.ndarray) -> list[str]:
    """Every class index in its colour."""
    return [ink(int(value)) for value in values]


def by_value(low: float, high: float) -> Coloring:
    """Orange at ``low`` over grey to blue at ``high``."""
    span = (high - low) or 1.0

    def coloring(values: np.ndarray) -> list[str]:
        rows = signed_lut()[(((values - low) / span).clip(0, 1) * 255).astype(np.uint8)]
        return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in rows]

    return coloring
