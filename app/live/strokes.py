"""Lines and marks of a plot whose pens are as wide in px of the window on every device.

A pen of pyqtgraph's is a pixel of the device, wherever it is: a hairline on a fine screen, and in a picture taken out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtSvg import QSvgGenerator

PART: Final = 8  # points that are drawn at once
FEW: Final = 300  # points of a curve that can be drawn wider than a pixel without costing a frame


class Curve(pg.PlotCurveItem):
    """A line through points. A thin one through many is drawn a pixel wide, beside itself where that is too thin."""

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        pen: QPen = self.opts["pen"]
        if self._exportOpts is not False:
            _draw(painter, self.getPath(), pen)
            return
        ratio = painter.device().devicePixelRatio()
        hairs = round(ratio) if self._must_be_quick else 1
        self.opts["pen"] = widened(pen, ratio / hairs)
        world = painter.worldTransform()
        try:
            for across, along in {(n, 0) for n in range(hairs)} | {(0, n) for n in range(hairs)}:
                aside = QTransform.fromTranslate(across / ratio, along / ratio)
                painter.setWorldTransform(world * aside)
                super().paint(painter, option, widget)
        finally:
            painter.setWorldTransform(world)
            self.opts["pen"] = pen

    @property
    def _must_be_quick(self) -> bool:
        many = self.xData is not None and len(self.xData) > FEW
        return many and not self.opts["antialias"] and self.opts["pen"].widthF() <= 1


class Rule(pg.InfiniteLine):
    """A straight line across all of the plot, at an angle; nobody can move it."""

    def __init__(self, angle: int) -> None:
        super().__init__(angle=angle, movable=False)

    def paint(self, painter: QPainter, *rest: Any) -> None:
        pen = self.currentPen
        if self._exportOpts is not False:
            line = QPainterPath(QPointF(self._endPoints[0], 0))
            line.lineTo(self._endPoints[1], 0)
            _draw(painter, line, pen)
            return
        self.currentPen = widened(pen, painter.device().devicePixelRatio())
        try:
            super().paint(painter, *rest)
        finally:
            self.currentPen = pen


class Discs(pg.ScatterPlotItem):
    """Round marks of one size, in px, with an outline of one width around them."""

    def __init__(self, size: float, outline: float = 0, **more: Any) -> None:
        self._width = outline / (size + outline)  # pyqtgraph leaves room for an outline of one px and no more
        disc = QPainterPath()
        disc.addEllipse(QPointF(), (1 - self._width) / 2, (1 - self._width) / 2)
        super().__init__(pxMode=True, size=size + outline, symbol=disc, **more)

    def outline(self, color: str) -> QPen:
        return _outline(color, self._width)

    def mouseClickEvent(self, event: Any) -> None:
        """Not for us: pyqtgraph makes an object of each mark to find the one that was meant, and keeps them all."""
        event.ignore()


@lru_cache(
    maxsize=1024
)  # a mark of the same colour must have the same brush and pen: what others look like is kept, too
def filling(color: str) -> QBrush:
    """For `Discs`."""
    return pg.mkBrush(color)


@lru_cache(maxsize=1024)
def _outline(color: str, width: float) -> QPen:
    return pg.mkPen(color, width=width, cosmetic=False)


def pen(color: Any, width: float = 1, dashed: bool = False) -> QPen:
    """For a `Curve` or a `Rule`; ``width`` in px of the window."""
    return pg.mkPen(color, width=width, style=Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)


def rim(color: Any, size: float) -> QPen:
    """A px of the window around a mark of a size in px: marks are drawn in units of their size."""
    return pg.mkPen(color, width=1 / size, cosmetic=False)


def widened(pen: QPen, times: float) -> QPen:
    wide = QPen(pen)
    wide.setWidthF(times * pen.widthF())
    return wide


def _draw(painter: QPainter, path: QPainterPath, pen: QPen) -> None:
    """Into a picture that is taken out, with a line that grows with it: a drawing may be shown at any size."""
    growing = QPen(pen)
    growing.setCosmetic(False)
    world = painter.worldTransform()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(growing)
    drawn = world.map(path)
    pixels = not isinstance(painter.device(), QSvgGenerator)
    if pixels and pen.style() == Qt.PenStyle.SolidLine and pen.color().alpha() == 255:
        _draw_in_parts(painter, drawn)
    else:
        painter.drawPath(drawn)
    painter.setWorldTransform(world)


def _draw_in_parts(painter: QPainter, path: QPainterPath) -> None:
    """As pixels, the outline of a line of 4,000 points that cross takes seconds, that of a few of them hardly any time.

    Round caps join the parts; of what can be seen through they would be seen, and dashes would begin anew.
    """
    pen = QPen(painter.pen())
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for polygon in path.toSubpathPolygons():
        for first in range(0, max(len(polygon) - 1, 1), PART):
            painter.drawPolyline(polygon.mid(first, PART + 1))
