"""A layer's measure over the whole run: a row per layer, time to the right, brightness for how much."""

from __future__ import annotations

from functools import cache
from math import isfinite, log10
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app import theme
from app.live.bars import label_of, mark_of, row_of
from app.live.key import draw_mark
from app.live.measures import JUDGEMENTS, MEASURES, Measure
from app.live.numbers import power_of_ten, short, whole
from app.session import Session
from engine.insight.trail import Course

NARROWEST: Final = 2.0  # decades that the colours span at the least: a steady run is to look steady
SCALE: Final = 10  # px: the ramp of colours at the right


class HeatMap(QWidget):
    """The values are told under the mouse; a click selects the layer's box."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.measure = MEASURES[0]
        self.course: Course | None = None
        self._pixels = np.zeros((1, 1), np.uint32)
        self._image = QImage()
        self._limits = (0.0, 1.0)
        self.setMinimumWidth(200)
        self.setMouseTracking(True)
        self.setAccessibleName("Gradients of every layer over the run")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that a key can mean this view

    def show_course(self, course: Course) -> None:
        self.course = course
        rows, columns = course.values.shape
        self.setMinimumHeight(self.sizeHint().height())
        if rows and columns:
            self._limits = self._span(course.values)
            self._pixels = np.ascontiguousarray(self._colors(course.values))
            # the image looks at the array's memory: both are kept
            self._image = QImage(self._pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        self.update()

    def sizeHint(self) -> QSize:
        rows = len(self.course.layers) if self.course else 0
        return QSize(320, rows * row_of(self) // 2 + self.fontMetrics().height() + 12)

    def value_at(self, place: QPointF) -> tuple[str, int, float] | None:
        """(layer, column, value) under a place; None beside the map."""
        area = self._area()
        if self.course is None or not self.course.values.size or not area.contains(place):
            return None
        rows, columns = self.course.values.shape
        row = min(int((place.y() - area.top()) / area.height() * rows), rows - 1)
        column = min(int((place.x() - area.left()) / area.width() * columns), columns - 1)
        return self.course.layers[row], column, float(self.course.values[row, column])

    def _on_axis(self, values: np.ndarray) -> np.ndarray:
        if self.measure.plain:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log10(values)

    def _span(self, values: np.ndarray) -> tuple[float, float]:
        """The ends of the colours: all that was seen, in whole decades; 0 to 1 for a share; zero is in the middle."""
        if self.measure.share:
            return self.measure.reach
        if self.measure.signed:
            seen = np.abs(values[np.isfinite(values)])
            widest = min(max(float(np.ceil(seen.max(initial=0.0))), 1.0), self.measure.reach[1])
            return -widest, widest
        seen = self._on_axis(values)
        seen = seen[np.isfinite(seen)]
        low, high = (float(np.floor(seen.min())), float(np.ceil(seen.max()))) if len(seen) else (-1.0, 0.0)
        reach = [log10(end) for end in self.measure.reach]
        low, high = max(low, reach[0]), min(max(high, low + NARROWEST), reach[1])
        return low, max(high, low + NARROWEST)

    def _colors(self, values: np.ndarray) -> np.ndarray:
        """(layers, columns) uint32: what is missing in the ground's colour, what is infinite in that of sickness."""
        low, high = self._limits
        places = (self._on_axis(values) - low) / (high - low)
        colors = _ramp()[(np.nan_to_num(places, nan=0.0, posinf=1.0, neginf=0.0).clip(0, 1) * 255).astype(np.int64)]
        colors[np.isnan(values)] = QColor(theme.current().window).rgb()
        colors[np.isposinf(values)] = QColor(theme.current().sick).rgb()
        return colors

    def _area(self) -> QRectF:
        metrics = self.fontMetrics()
        layers = self.course.layers if self.course else ()
        widest = max((metrics.horizontalAdvance(label_of(self._session, layer)) for layer in layers), default=0)
        left = min(widest, self.width() * 0.3) + mark_of(self) + 20
        right = metrics.horizontalAdvance("100 %") + SCALE + 20
        return QRectF(left, 4, max(self.width() - left - right, 20), self.height() - metrics.height() - 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        course = self.course
        if course is None or not course.values.size:
            return
        colors, area, metrics = theme.current(), self._area(), self.fontMetrics()
        painter = QPainter(self)
        painter.drawImage(area, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = area.height() / len(course.layers)
        every = max(1, round(metrics.height() / max(height, 1.0)))  # names that have room
        for row in range(0, len(course.layers), every):
            middle = area.top() + (row + 0.5) * height
            painter.setPen(QColor(colors.text))
            room = QRectF(8, middle - metrics.height(), area.left() - mark_of(self) - 16, 2 * metrics.height())
            label = label_of(self._session, course.layers[row])
            text = metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, int(room.width()) + 2)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
            shape, role = JUDGEMENTS[self.measure.judge_value(float(course.values[row, -1]))]
            radius = mark_of(self) / 2
            place = QPointF(area.left() - 4 - radius, middle)
            draw_mark(painter, shape, place, radius, QColor(getattr(colors, role)))
        self._paint_axis(painter, course, area)
        self._paint_scale(painter, area)

    def _paint_axis(self, painter: QPainter, course: Course, area: QRectF) -> None:
        painter.setPen(QColor(theme.current().dim))
        below = QRectF(area.left(), area.bottom() + 2, area.width(), self.fontMetrics().height())
        first, last = int(course.steps[0]), int(course.steps[-1])
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"step {whole(first)}")
        painter.drawText(
            below, Qt.AlignmentFlag.AlignRight, f"epoch {whole(int(course.epochs[-1]))}, step {whole(last)}"
        )

    def _paint_scale(self, painter: QPainter, area: QRectF) -> None:
        low, high = self._limits
        ramp = np.ascontiguousarray(_ramp()[::-1].reshape(256, 1))
        bar = QRectF(area.right() + 10, area.top(), SCALE, area.height())
        painter.drawImage(bar, QImage(ramp.data, 1, 256, 4, QImage.Format.Format_RGB32))
        painter.setPen(QColor(theme.current().dim))
        line = self.fontMetrics().height()
        for value, top in ((high, bar.top() - 2), (low, bar.bottom() - line + 2)):
            shown = value if self.measure.plain else 10.0**value
            room = QRectF(bar.right() + 4, top, self.width() - bar.right() - 6, line)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _end(shown, self.measure))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.value_at(event.position())
        if found is None or self.course is None:
            QToolTip.hideText()
            return
        layer, column, value = found
        step, epoch = int(self.course.steps[column]), int(self.course.epochs[column])
        lines = [
            f"{label_of(self._session, layer)}, epoch {whole(epoch)}, step {whole(step)}",
            f"{self.measure.title}: {self.measure.spoken(value)}" if value == value else "not there yet",
        ]
        judged = self.measure.judge_value(value)
        if judged != "healthy":
            lines.append(self.measure.low if judged == "low" else self.measure.high)
        QToolTip.showText(event.globalPosition().toPoint(), "\n".join(lines), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.value_at(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._session.select([found[0]])


def _end(value: float, measure: Measure) -> str:
    if measure.share:
        return f"{100 * value:.0f} %"
    if measure.signed:
        return short(value, 1)
    return power_of_ten(round(log10(value))) if isfinite(value) and value > 0 else "0"


@cache
def _ramp() -> np.ndarray:
    """(256,) uint32: viridis, of even steps to every eye, dark for little."""
    table = pg.colormap.get("viridis").getLookupTable(nPts=256, mode="byte").astype(np.uint32)
    return 0xFF000000 | table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]
