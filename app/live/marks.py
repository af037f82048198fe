"""Points of data on a plot: training filled, validation hollow, coloured by class, by value, or plainly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from app import theme
from app.live.key import ink
from app.live.plot import LivePlot
from engine.insight.pictures import Points


class Marks(pg.ScatterPlotItem):
    """One part of the data. Drawn anew only when the points are others, because most frames repeat them."""

    def __init__(self, plot: LivePlot, hollow: bool) -> None:
        super().__init__(pxMode=True, size=7 if hollow else 6)
        self._hollow = hollow
        self._shown: tuple[Any, ...] = ()
        self.setZValue(20)
        plot.addItem(self)

    def show_points(self, points: Points, place: np.ndarray, colors: list[str]) -> None:
        """Points at ``place`` (n, 2); ``colors`` one for all, or one each."""
        mode = theme.current().name
        if self._shown and self._shown[2:] == (mode, colors) and np.array_equal(self._shown[0], place):
            return
        self._shown = (place, points.y, mode, colors)
        if len(place) == 0:
            self.clear()
            return
        rim = QColor(theme.current().canvas if not self._hollow else theme.current().text)
        inks = {color: QColor(color) for color in set(colors)}
        brushes = {color: pg.mkBrush(inks[color]) for color in inks}
        outline = pg.mkPen(rim, width=1)
        if self._hollow:
            pens = {color: pg.mkPen(inks[color], width=1.5) for color in inks}
            inside = pg.mkBrush(theme.current().window)
            chosen = [pens[color] for color in colors]
            self.setData(pos=place, pen=chosen if len(colors) > 1 else chosen[0], brush=inside, symbol="o")
        else:
            filled = [brushes[color] for color in colors]
            self.setData(pos=place, pen=outline, brush=filled if len(colors) > 1 else filled[0], symbol="o")


def signed_color(share: float) -> str:
    """Orange over grey to blue for a share in [-1, 1]."""
    return signed_table()[round((max(-1.0, min(1.0, share)) + 1) * 127.5)]


def signed_lut() -> np.ndarray:
    """(256, 3) uint8: the theme's negative, neutral and positive colours, one into the next."""
    colors = theme.current()
    ends = np.array([QColor(c).getRgb()[:3] for c in (colors.negative, colors.neutral, colors.positive)], float)
    places = np.linspace(0, 1, 256)
    return np.stack([np.interp(places, (0, 0.5, 1), ends[:, i]) for i in range(3)], axis=1).astype(np.uint8)


def signed_table() -> list[str]:
    """The same as 256 colour names, made once per theme."""
    mode = theme.current().name
    if mode not in _tables:
        _tables[mode] = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in signed_lut()]
    return _tables[mode]


_tables: dict[str, list[str]] = {}


def class_colors(indices: np.ndarray) -> list[str]:
    names = [ink(i) for i in range(int(indices.max()) + 1)] if len(indices) else []
    return [names[int(i)] for i in indices]
