"""A bar per layer, on an axis with the band in which learning is healthy."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from app import theme
from app.live.key import draw_mark, mixed
from app.live.measures import JUDGEMENTS, MEASURES, Measure
from app.live.numbers import power_of_ten
from app.session import Session

if TYPE_CHECKING:
    from engine.insight.tensors import LayerStat, TensorStats

ROW, TALLEST = 20, 44  # px: the least height of a row, and the greatest, which grow with the letters and the room
MARK = 12  # px of the mark of a row, at the least
APART: Final = 4  # px between two numbers of the axis


def row_of(widget: QWidget) -> int:
    """px of a row, at the least."""
    return max(ROW, round(1.4 * widget.fontMetrics().height()))


def mark_of(widget: QWidget) -> int:
    """px of the mark of a row."""
    return max(MARK, round(0.85 * widget.fontMetrics().height()))


def label_of(session: Session, node: str) -> str:
    """What the user calls a layer."""
    found = session.document.by_id.get(node)
    return found.label if found else node


def _pointed(start: float, end: float, middle: float, thick: float) -> QPolygonF:
    """A bar with a tip: it goes on where the axis ends."""
    half = thick / 2
    neck = end - half if end > start else end + half
    corners = (start, -half), (neck, -half), (end, 0.0), (neck, half), (start, half)
    return QPolygonF([QPointF(x, middle + y) for x, y in corners])


class Bars(QWidget):
    """The painted rows; a click selects the layer's box."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.stats: TensorStats | None = None
        self.measure = MEASURES[0]
        self.setMinimumWidth(200)
        self.setAccessibleName("Gradients by layer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that a key can mean this view

    @property
    def layers(self) -> tuple[LayerStat, ...]:
        """Those that have the measure: for gradients what learns, for outputs all but the input."""
        layers = self.stats.layers if self.stats else ()
        if self.measure.outputs:
            return layers[1:] if layers and not layers[0].learns else layers
        return tuple(layer for layer in layers if layer.learns)

    def show_stats(self, stats: TensorStats | None) -> None:
        rows = len(self.layers)
        self.stats = stats
        self._make_room(rows)

    def show_measure(self, measure: Measure) -> None:
        rows = len(self.layers)
        self.measure = measure
        self._make_room(rows)

    def _make_room(self, rows: int) -> None:
        if len(self.layers) != rows:
            self.setMinimumHeight(self.sizeHint().height())
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, len(self.layers) * row_of(self) + self.fontMetrics().height() + 12)

    def judge(self, layer: LayerStat) -> str:
        """ "healthy", "low" or "high" for the chosen measure."""
        return self.measure.judge(layer)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, width = self._axis()
        bottom = self.height() - self.fontMetrics().height() - 8.0
        self._paint_band(painter, colors, left, width, bottom)
        for row, layer in enumerate(self.layers):
            top = self._row_top(row)
            if top < bottom:
                self._paint_row(painter, colors, layer, top, left, width)

    def _axis(self) -> tuple[float, float]:
        """(left end, width) of the logarithmic axis."""
        metrics = self.fontMetrics()
        labels = [label_of(self._session, layer.node) for layer in self.layers]
        widest = max(map(metrics.horizontalAdvance, labels), default=0)
        left = min(widest, self.width() * 0.3) + mark_of(self) + 20
        return left, max(self.width() - left - metrics.horizontalAdvance("0.0e−00") - 16, 40)

    def _x(self, value: float, left: float, width: float) -> float:
        return left + width * self.measure.place(value)

    def _row_top(self, row: int) -> float:
        return 4.0 + row * self._row_height

    @property
    def _row_height(self) -> float:
        room = self.height() - self.fontMetrics().height() - 12
        return min(max(room / max(len(self.layers), 1), row_of(self)), max(TALLEST, room / 8))

    def _paint_band(self, painter: QPainter, colors: theme.Theme, left: float, width: float, bottom: float) -> None:
        metrics = self.fontMetrics()
        start, end = (self._x(value, left, width) for value in self.measure.healthy)
        band = mixed(colors.window, colors.healthy, 0.11)  # opaque and on whole pixels: blending costs milliseconds
        painter.fillRect(QRect(round(start), 0, round(end - start), round(bottom)), band)
        for value, text in self._ticks(width):
            x = self._x(value, left, width)
            painter.setPen(QPen(QColor(colors.grid), 1))
            painter.drawLine(QPointF(round(x) + 0.5, 0), QPointF(round(x) + 0.5, bottom))
            painter.setPen(QColor(colors.dim))
            painter.drawText(QRectF(x - 30, bottom + 2, 60, metrics.height()), Qt.AlignmentFlag.AlignCenter, text)

    def _ticks(self, width: float) -> list[tuple[float, str]]:
        """(value, text), as many as have room."""
        roomy = width > 24 * self.fontMetrics().averageCharWidth()
        if self.measure.share:
            return [(tenths / 10, f"{10 * tenths} %") for tenths in (range(0, 11, 2) if roomy else (0, 5, 10))]
        if self.measure.signed:
            low, high = (int(end) for end in self.measure.reach)
            return [(float(value), f"{value}".replace("-", "−")) for value in range(low, high + 1, 2)]
        low, high = (round(log10(value)) for value in self.measure.reach)
        room = width / (high - low)  # of a power of ten
        step = 2 if 2 * room > self.fontMetrics().horizontalAdvance(power_of_ten(low)) + APART else 4
        return [(10.0**power, power_of_ten(power)) for power in range(low + low % step, high + 1, step)]

    def _paint_row(
        self, painter: QPainter, colors: theme.Theme, layer: LayerStat, top: float, left: float, width: float
    ) -> None:
        metrics = self.fontMetrics()
        judged = self.judge(layer)
        shape, role = JUDGEMENTS[judged]
        color = QColor(getattr(colors, role))
        height = self._row_height
        middle, thick = top + height / 2, height * 0.42
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colors.text))
        mark = mark_of(self)
        room = left - mark - 20
        label = metrics.elidedText(label_of(self._session, layer.node), Qt.TextElideMode.ElideMiddle, int(room) + 2)
        painter.drawText(QRectF(8, top, room + 4, height), vertical | Qt.AlignmentFlag.AlignRight, label)
        draw_mark(painter, shape, QPointF(left - 4 - mark / 2, middle), mark / 2, color)
        value = getattr(layer, self.measure.field)
        x = self._x(value, left, width) if value == value else left
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        zero = self._x(0.0, left, width) if self.measure.signed else left
        if self.measure.beyond(value):
            painter.drawPolygon(_pointed(zero, x, middle, thick))
        else:
            painter.drawRoundedRect(QRectF(min(zero, x), middle - thick / 2, max(abs(x - zero), 2), thick), 2, 2)
        painter.setPen(QColor(colors.text))
        end = QRectF(left + width + 8, top, self.width() - left - width - 12, height)
        painter.drawText(end, vertical | Qt.AlignmentFlag.AlignLeft, self.measure.spoken(value))

    def _layer_at(self, y: float) -> LayerStat | None:
        row = int((y - self._row_top(0)) // self._row_height)
        return self.layers[row] if 0 <= row < len(self.layers) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        layer = self._layer_at(event.position().y())
        if layer is not None:
            self._session.select([layer.node])

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            layer = self._layer_at(event.pos().y())
            if layer is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self._told(layer), self)
            return True
        return super().event(event)

    def _told(self, layer: LayerStat) -> str:
        judged = self.judge(layer)
        lines = [f"{measure.title}: {measure.spoken(getattr(layer, measure.field))}" for measure in MEASURES]
        if judged != "healthy":
            reason = self.measure.low if judged == "low" else self.measure.high
            lines.append(f"{label_of(self._session, layer.node)} {reason}")
        return "\n".join(lines)
