"""A map of differences: a field of colour, or a line around zero."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from app import theme
from app.live.field import Field
from app.live.plot import LivePlot
from app.live.signed import signed_lut
from app.live.strokes import Curve, Rule, pen
from engine.compare.maps import Map


class MapDrawing:
    """Drawn into a plot of its own."""

    def __init__(self) -> None:
        self.plot = LivePlot()
        self._field = Field()
        self._line = Curve(antialias=True)
        self._zero = Rule(0)
        self._marks = pg.ScatterPlotItem(pxMode=True, size=3, symbol="o", pen=None)
        self._marks.setZValue(20)
        for item in (self._field, self._zero, self._line, self._marks):
            self.plot.add(item)

    def draw(self, shown: Map) -> None:
        colors = theme.current()
        left, right, bottom, top = shown.span
        flat = shown.x is None
        self._field.setVisible(flat)
        self._line.setVisible(not flat)
        self._zero.setVisible(not flat)
        self.plot.name_axes(*shown.axes)
        if shown.x is None:
            self._field.show_colors(field_colors(shown), QRectF(left, bottom, right - left, top - bottom))
        else:
            self._line.setData(shown.x, shown.values, pen=pen(colors.accent, 2), connect="finite")
            self._zero.setPen(pen(colors.dim, 1, dashed=True))
            bottom, top = 1.1 * bottom, 1.1 * top
        places = np.empty((0, 2)) if shown.points is None else shown.points.x
        self._marks.setData(pos=places, brush=pg.mkBrush(QColor(colors.dim)))
        self.plot.reach(left, right, bottom, top)


def field_colors(shown: Map) -> np.ndarray:
    """(rows, columns, 3) uint8: orange over the ground to blue where signs mean something, else from the ground on."""
    ground = np.array(QColor(theme.current().window).getRgb()[:3], float)
    share = np.nan_to_num(shown.values / shown.limit).clip(-1, 1)
    ends = signed_lut()[[0, -1]].astype(float)
    strength = np.abs(share)[..., None]
    rgb: np.ndarray = ground * (1 - strength) + np.where(share[..., None] < 0, ends[0], ends[1]) * strength
    return rgb.astype(np.uint8)
