"""Paints a sketch in the colours of the theme."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF

from app.help.sketches import Sketch
from app.theme import GRID, Theme, sized

HEIGHT: Final = 200
MOST_WIDTH: Final = 400
Reach = tuple[float, float, float, float]


def painted(sketch: Sketch, width: int, colors: Theme, font: QFont, ratio: float = 1.0) -> QImage:
    """The picture, ``width`` pixels wide on a screen of ``ratio``."""
    width = min(width, MOST_WIDTH)
    height = _tiles_height(sketch, width) if sketch.tiles is not None else HEIGHT
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(colors.raised))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(sized(font, 0.85))
    if sketch.tiles is not None:
        _paint_tiles(painter, sketch, width, colors)
    else:
        _Plot(painter, sketch, QRectF(0, 0, width, height), colors).paint()
    painter.end()
    return image


class _Plot:
    """One picture with axes being painted."""

    def __init__(self, painter: QPainter, sketch: Sketch, whole: QRectF, colors: Theme) -> None:
        self.painter, self.sketch, self.colors = painter, sketch, colors
        line = painter.fontMetrics().height()
        self.reach = sketch.reach or _reach(sketch)
        self.up = ticks(self.reach[2], self.reach[3])
        widest = max((painter.fontMetrics().horizontalAdvance(said(tick)) for tick in self.up), default=0)
        below = line + GRID + (line + 3 if sketch.across else 0)
        above = GRID + (line + GRID // 2 if sketch.up or any(each.label for each in sketch.lines) else 0)
        self.area = whole.adjusted(widest + GRID + 6, above, -GRID - 4, -below)
        if sketch.even:
            self._make_even()

    def _make_even(self) -> None:
        """One unit as long upwards as across: a slope of 1 is seen as one."""
        left, right, bottom, top = self.reach
        unit = min(self.area.width() / (right - left), self.area.height() / (top - bottom))
        wide = (self.area.width() / unit - (right - left)) / 2
        if wide > 0 and self.sketch.points is not None:
            self.reach = (left - wide, right + wide, bottom, top)
        elif wide > 0:
            self.area.setWidth(self.area.width() - wide * unit * 2)
            self.area.translate(wide * unit, 0)

    def paint(self) -> None:
        self._paint_axes()
        self.painter.save()
        self.painter.setClipRect(self.area)
        self._paint_rings()
        self._paint_points()
        for line in self.sketch.lines:
            main = line.role == "main"
            self.painter.setPen(_pen(self.colors.accent if main else self.colors.dim, 2.0 if main else 1.2))
            self.painter.drawPolyline(QPolygonF([self._at(x, y) for x, y in zip(line.x, line.y, strict=True)]))
        if self.sketch.rings is not None:
            self._paint_steps()
        self.painter.restore()
        self._paint_key()

    def _at(self, x: float, y: float) -> QPointF:
        left, right, bottom, top = self.reach
        area = self.area
        return QPointF(
            area.left() + (float(x) - left) / (right - left) * area.width(),
            area.bottom() - (float(y) - bottom) / (top - bottom) * area.height(),
        )

    def _paint_axes(self) -> None:
        painter, area = self.painter, self.area
        left, right, bottom, _ = self.reach
        metrics = painter.fontMetrics()
        grid, zero = _pen(self.colors.border, 0.6), _pen(self.colors.dim, 1.0)
        for tick in ticks(left, right):
            x = self._at(tick, bottom).x()
            painter.setPen(zero if tick == 0 else grid)
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(QColor(self.colors.dim))
            box = QRectF(x - 40, area.bottom() + 3, 80, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, said(tick))
        for tick in self.up:
            y = self._at(left, tick).y()
            painter.setPen(zero if tick == 0 else grid)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(self.colors.dim))
            box = QRectF(0, y - metrics.height() / 2, area.left() - 6, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said(tick))
        painter.setPen(QColor(self.colors.dim))
        if self.sketch.across:
            box = QRectF(area.left(), area.bottom() + metrics.height() + 5, area.width(), metrics.height())
            words = metrics.elidedText(self.sketch.across, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_rings(self) -> None:
        if self.sketch.rings is None:
            return
        self.painter.setPen(_pen(self.colors.border, 1.2))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for across, up in self.sketch.rings:
            corner, opposite = self._at(-across, up), self._at(across, -up)
            self.painter.drawEllipse(QRectF(corner, opposite))

    def _paint_steps(self) -> None:
        """Each step of the main path as a dot: where they lie close, the steps are short."""
        line = self.sketch.lines[-1]
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(self.colors.accent))
        for x, y in zip(line.x, line.y, strict=True):
            self.painter.drawEllipse(self._at(x, y), 2.2, 2.2)

    def _paint_points(self) -> None:
        points = self.sketch.points
        if points is None:
            return
        size = 2.4 if len(points) > 150 else 3.2
        self.painter.setPen(Qt.PenStyle.NoPen)
        for (x, y), color in zip(points, _point_colors(self.sketch, self.colors), strict=True):
            self.painter.setBrush(color)
            self.painter.drawEllipse(self._at(x, y), size, size)

    def _paint_key(self) -> None:
        """What the curves are, above the picture, from the right; what the axis upwards shows, from the left."""
        painter, metrics = self.painter, self.painter.fontMetrics()
        y, x = GRID / 2 + metrics.ascent(), self.area.right()
        for line in reversed(self.sketch.lines):
            if not line.label:
                continue
            main = line.role == "main"
            x -= metrics.horizontalAdvance(line.label)
            painter.setPen(QColor(self.colors.text if main else self.colors.dim))
            painter.drawText(QPointF(x, y), line.label)
            x -= 22
            painter.setPen(_pen(self.colors.accent if main else self.colors.dim, 2.0 if main else 1.2))
            painter.drawLine(QPointF(x, y - metrics.ascent() / 2 + 1), QPointF(x + 16, y - metrics.ascent() / 2 + 1))
            x -= 12
        painter.setPen(QColor(self.colors.dim))
        room = x - 4
        painter.drawText(QPointF(4, y), metrics.elidedText(self.sketch.up, Qt.TextElideMode.ElideRight, int(room)))


def _point_colors(sketch: Sketch, colors: Theme) -> list[QColor]:
    assert sketch.points is not None
    values = sketch.colors
    if values is None:
        return [QColor(colors.accent)] * len(sketch.points)
    if sketch.classes == 2:
        both = QColor(colors.negative), QColor(colors.positive)
        return [both[int(value)] for value in values]
    if sketch.classes:
        return [QColor(colors.class_color(int(value))) for value in values]
    low, high = float(np.min(values)), float(np.max(values))
    middle, half = (low + high) / 2, (high - low) / 2 or 1.0
    return [signed((float(value) - middle) / half, colors) for value in values]


def signed(value: float, colors: Theme) -> QColor:
    """The playground's scale: orange at -1, grey at 0, blue at 1."""
    end, share = QColor(colors.positive if value > 0 else colors.negative), min(abs(value), 1.0)
    middle = QColor(colors.neutral)
    mixed = [round(a + (b - a) * share) for a, b in zip(middle.getRgb(), end.getRgb(), strict=True)]
    return QColor(*mixed)


def _reach(sketch: Sketch) -> Reach:
    """What is drawn, and a little more."""
    xs = [line.x for line in sketch.lines] + ([] if sketch.points is None else [sketch.points[:, 0]])
    ys = [line.y for line in sketch.lines] + ([] if sketch.points is None else [sketch.points[:, 1]])
    x, y = np.concatenate(xs), np.concatenate(ys)
    (left, right), (bottom, top) = (_wider(float(v.min()), float(v.max())) for v in (x, y))
    return left, right, bottom, top


def _wider(low: float, high: float) -> tuple[float, float]:
    more = (high - low) * 0.06 or 0.5
    return low - more, high + more


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers between two bounds, at most ``most`` of them: steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    power = 10.0 ** np.floor(np.log10(span / most))
    step = next(power * times for times in (1, 2, 5, 10, 20) if span / (power * times) <= most - 1)
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    return [round(number * step, 12) + 0.0 for number in range(first, last + 1)]


def said(tick: float) -> str:
    return f"{tick:g}".replace("-", "−")


def _pen(color: str, width: float) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


COLUMNS: Final = 6


def _tiles_height(sketch: Sketch, width: int) -> int:
    assert sketch.tiles is not None
    side = (width - GRID) / COLUMNS - GRID
    return round(-(-len(sketch.tiles) // COLUMNS) * (side + GRID) + GRID)


def _paint_tiles(painter: QPainter, sketch: Sketch, width: int, colors: Theme) -> None:
    assert sketch.tiles is not None
    side = (width - GRID) / COLUMNS - GRID
    dark, light = QColor(colors.canvas), QColor(colors.text)
    levels = np.array([dark.getRgb()[:3], light.getRgb()[:3]], np.float64)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    for number, tile in enumerate(sketch.tiles):
        mixed = levels[0] + (levels[1] - levels[0]) * tile[:, :, None]
        pixels = np.ascontiguousarray(mixed.astype(np.uint8))
        height, across = tile.shape
        image = QImage(pixels.data, across, height, 3 * across, QImage.Format.Format_RGB888)
        row, column = divmod(number, COLUMNS)
        painter.drawImage(QRectF(GRID + column * (side + GRID), GRID + row * (side + GRID), side, side), image)
