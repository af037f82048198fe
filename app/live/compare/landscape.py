"""A loss surface as bands of colour, with the paths that lead through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from app import theme
from app.live.empty import EmptyWord
from app.live.field import Field
from app.live.key import ink
from app.live.numbers import short
from app.live.plot import LivePlot
from app.live.strokes import Curve, Discs, pen, rim
from engine.compare.surface import Surface

BANDS: Final = 18
MIDDLE: Final = 13  # px of the cross there
SIDE: Final = 384  # px of the picture: the edges of its bands show them
VEIL: Final = 0.85  # of the colours, so that paths stand out


class Landscape:
    """Dark where the loss is low; every band is a like share of the way from the lowest to the highest, in decades."""

    def __init__(self, empty: EmptyWord) -> None:
        self.plot = LivePlot(empty)
        self.plot.set_empty(True)
        self._field = Field()
        self.plot.add(self._field)
        self._ways: dict[int, tuple[Curve, Curve, Discs]] = {}
        self._middle = pg.ScatterPlotItem(pxMode=True, size=MIDDLE, symbol="+")
        self._middle.setZValue(40)
        self.plot.add(self._middle)
        self.plot.hovered.connect(self._on_hover)
        self.surface: Surface | None = None

    def draw(self, surface: Surface, roles: Mapping[int, int]) -> None:
        """``roles``: the number of every path's colour; those without one are left out."""
        self.surface = surface
        left, right, bottom, top = surface.slice.span
        self._field.show_colors(_colors(surface.values), QRectF(left, bottom, right - left, top - bottom))
        for key in self._ways.keys() - roles.keys():
            for item in self._ways.pop(key):
                self.plot.box.removeItem(item)
        for key, role in roles.items():
            if key in surface.paths:
                self._draw_path(key, surface.paths[key], ink(role))
        colors = theme.current()
        self._middle.setData([0.0], [0.0], pen=rim(colors.text, MIDDLE), brush=pg.mkBrush(colors.window))
        kind = "PC" if surface.kind == "path" else "random"  # short: its number would be cut along a low plot
        shares = [f" ({100 * share:.0f} %)" if share == share else "" for share in surface.slice.shares]
        self.plot.name_axes(f"{kind} 1{shares[0]}", f"{kind} 2{shares[1]}")
        self.plot.set_empty(False)
        self.plot.reach(left, right, bottom, top)

    def clear(self) -> None:
        self.surface = None
        self.plot.set_empty(True)

    def _draw_path(self, key: int, way: np.ndarray, color: str) -> None:
        if key not in self._ways:
            halo, line, ends = Curve(antialias=True), Curve(antialias=True), Discs(11, 1.5)
            for height, item in enumerate((halo, line, ends), 20):
                item.setZValue(height)
                self.plot.add(item)
            self._ways[key] = halo, line, ends
        halo, line, ends = self._ways[key]
        ground = theme.current().window
        halo.setData(way[:, 0], way[:, 1], pen=pen(ground, 4))
        line.setData(way[:, 0], way[:, 1], pen=pen(color, 2))
        ends.setData(pos=way[-1:], pen=ends.outline(ground), brush=pg.mkBrush(color))

    def _on_hover(self, place: Any) -> None:
        surface = self.surface
        if place is None or surface is None:
            self.plot.read_out("")
            return
        left, right, bottom, top = surface.slice.span
        count = len(surface.values) - 1
        column = round((place.x() - left) / (right - left) * count)
        row = round((place.y() - bottom) / (top - bottom) * count)
        if 0 <= row <= count and 0 <= column <= count:
            self.plot.read_out(f"loss {short(float(surface.values[row, column]), 4)}")


def _colors(values: np.ndarray) -> np.ndarray:
    """(SIDE, SIDE, 3) uint8; what is not known yet takes the colour of the ground."""
    known = np.isfinite(values)
    ground = np.array(QColor(theme.current().window).getRgb()[:3], float)
    if not known.any():
        return np.broadcast_to(ground, (SIDE, SIDE, 3)).astype(np.uint8)
    heights = np.log10(np.maximum(values, 1e-12))
    low, high = float(heights[known].min()), float(heights[known].max())
    shares = np.where(known, (heights - low) / max(high - low, 1e-9), 0.0)
    smooth, there = _between(shares.astype(np.float32)), _between(known.astype(np.float32))
    bands = (np.clip(smooth / np.maximum(there, 1e-9), 0, 1) * (BANDS - 1e-6)).astype(np.uint8)
    bands[there < 0.5] = BANDS
    table = pg.colormap.get("viridis").getLookupTable(nPts=256, mode="byte")[np.arange(BANDS) * 255 // (BANDS - 1)]
    veiled = np.vstack([table * VEIL + ground * (1 - VEIL), ground]).astype(np.uint8)
    return veiled[bands]


def _between(nodes: np.ndarray) -> np.ndarray:
    """(n, n) numbers as (SIDE, SIDE), straight from one to the next; without BLAS, whose threads are the training's."""
    places = np.linspace(0, len(nodes) - 1, SIDE, dtype=np.float32)
    first = np.minimum(places.astype(int), len(nodes) - 2)
    share = (places - first)[:, None]
    for _ in range(2):  # along the rows, and along what were the columns
        nodes = np.ascontiguousarray((nodes[first] + (nodes[first + 1] - nodes[first]) * share).T)
    return nodes
