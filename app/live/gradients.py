"""The gradient of every layer in one picture, on a logarithmic scale with the band in which learning is healthy."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log10
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from app import theme
from app.live.empty import EmptyWord
from app.live.key import Entry, Header, Shape, draw_mark, mixed
from app.live.numbers import percent, short
from app.session import Session

if TYPE_CHECKING:
    from engine.insight.tensors import LayerStat, TensorStats
    from engine.training.trainer import Trainer


@dataclass(frozen=True)
class Measure:
    """What the bars may show; ``healthy`` are the ends of the band, ``reach`` of the axis."""

    field: str
    title: str
    tip: str
    healthy: tuple[float, float]
    reach: tuple[float, float]
    low: str
    high: str

    def judge(self, layer: LayerStat) -> str:
        """ "healthy", "low" or "high"."""
        value = getattr(layer, self.field)
        low, high = self.healthy
        if not isfinite(value):
            return "high" if value == value else "healthy"
        return "low" if value < low else "high" if value > high else "healthy"


VANISHES, EXPLODES = "vanishes: this layer hardly learns", "explodes: the steps are too large to trust"
MEASURES: Final = (
    Measure(
        "norm", "Norm", "Length (L2 norm) of the gradient of all weights of a layer",
        (1e-6, 1e1), (1e-10, 1e4), VANISHES, EXPLODES,
    ),
    Measure(
        "mean", "Mean", "Mean of |gradient| over the weights of a layer",
        (1e-8, 1e0), (1e-12, 1e3), VANISHES, EXPLODES,
    ),
    Measure(
        "largest", "Largest", "Largest |gradient| among the weights of a layer",
        (1e-7, 1e1), (1e-11, 1e4), VANISHES, EXPLODES,
    ),
    Measure(
        "update_ratio", "Update ratio", "Length of the last update over the length of the weights",
        (1e-5, 1e-1), (1e-8, 1e1),
        "hardly moves: a larger learning rate may help", "jumps: a smaller learning rate may help",
    ),
)  # fmt: skip
JUDGEMENTS: Final[dict[str, tuple[Shape, str]]] = {
    "healthy": ("disc", "healthy"),
    "low": ("triangle", "warning"),
    "high": ("square", "sick"),
}
ROW, TALLEST, MARK = 24, 44, 12  # px: a row's least and greatest height, and its mark


class GradientView(QWidget):
    """A bar per layer, in the order in which the signal runs."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._header = Header()
        self._header.set_entries(
            [
                Entry("Healthy", "disc", "healthy"),
                Entry("Vanishing", "triangle", "warning"),
                Entry("Exploding", "square", "sick"),
            ]
        )
        self._choice = QComboBox()
        self._choice.addItems([measure.title for measure in MEASURES])
        for row, measure in enumerate(MEASURES):
            self._choice.setItemData(row, measure.tip, Qt.ItemDataRole.ToolTipRole)
        self._choice.setAccessibleName("What the bars show")
        self._choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._choice.currentIndexChanged.connect(self._on_chosen)
        self._header.add_widget(self._choice)
        self.bars = Bars(session)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.bars)
        self._empty = EmptyWord("Press Play (Space): the gradient that reaches every layer appears here.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._empty, 1)
        self._show_empty(True)
        theme.announcer.changed.connect(self.bars.update)

    def refresh(self, trainer: Trainer) -> None:
        """Show the newest statistics."""
        stats = trainer.tensors
        if stats is not self.bars.stats:
            self.bars.show_stats(stats)
            self._show_empty(stats is None)

    def _show_empty(self, empty: bool) -> None:
        self._empty.setVisible(empty)
        self._scroll.setVisible(not empty)

    def _on_chosen(self, index: int) -> None:
        self.bars.measure = MEASURES[index]
        self.bars.update()


class Bars(QWidget):
    """The painted rows; a click selects the layer's box."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.stats: TensorStats | None = None
        self.measure = MEASURES[0]
        self.setMinimumWidth(200)
        self.setAccessibleName("Gradients by layer")

    @property
    def layers(self) -> tuple[LayerStat, ...]:
        """The layers that learn."""
        return tuple(layer for layer in self.stats.layers if layer.norm == layer.norm) if self.stats else ()

    def show_stats(self, stats: TensorStats | None) -> None:
        rows = len(self.layers)
        self.stats = stats
        if len(self.layers) != rows:
            self.setMinimumHeight(self.sizeHint().height())
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, len(self.layers) * ROW + self.fontMetrics().height() + 12)

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
        widest = max((metrics.horizontalAdvance(self._label(layer)) for layer in self.layers), default=0)
        left = min(widest, self.width() * 0.3) + MARK + 20
        return left, max(self.width() - left - metrics.horizontalAdvance("0.00e−00") - 16, 40)

    def _x(self, value: float, left: float, width: float) -> float:
        low, high = (log10(end) for end in self.measure.reach)
        place = log10(value) if value > 0 else low
        return left + width * min(max((place - low) / (high - low), 0.0), 1.0)

    def _row_top(self, row: int) -> float:
        return 4.0 + row * self._row_height

    @property
    def _row_height(self) -> float:
        room = self.height() - self.fontMetrics().height() - 12
        return min(max(room / max(len(self.layers), 1), ROW), TALLEST)

    def _paint_band(self, painter: QPainter, colors: theme.Theme, left: float, width: float, bottom: float) -> None:
        metrics = self.fontMetrics()
        start, end = (self._x(value, left, width) for value in self.measure.healthy)
        band = mixed(colors.window, colors.healthy, 0.11)  # opaque and on whole pixels: blending costs milliseconds
        painter.fillRect(QRect(round(start), 0, round(end - start), round(bottom)), band)
        low, high = (round(log10(value)) for value in self.measure.reach)
        step = 2 if width > 24 * metrics.averageCharWidth() else 4
        for power in range(low + low % step, high + 1, step):
            x = self._x(10.0**power, left, width)
            painter.setPen(QPen(QColor(colors.grid), 1))
            painter.drawLine(QPointF(round(x) + 0.5, 0), QPointF(round(x) + 0.5, bottom))
            painter.setPen(QColor(colors.dim))
            painter.drawText(
                QRectF(x - 30, bottom + 2, 60, metrics.height()), Qt.AlignmentFlag.AlignCenter, _power(power)
            )

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
        room = left - MARK - 20
        label = metrics.elidedText(self._label(layer), Qt.TextElideMode.ElideMiddle, int(room) + 2)
        painter.drawText(QRectF(8, top, room + 4, height), vertical | Qt.AlignmentFlag.AlignRight, label)
        draw_mark(painter, shape, QPointF(left - 10, middle), MARK / 2, color)
        value = getattr(layer, self.measure.field)
        x = self._x(value, left, width) if value == value else left
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(left, middle - thick / 2, max(x - left, 2), thick), 2, 2)
        painter.setPen(QColor(colors.text))
        end = QRectF(left + width + 8, top, self.width() - left - width - 12, height)
        painter.drawText(end, vertical | Qt.AlignmentFlag.AlignLeft, short(value))

    def _label(self, layer: LayerStat) -> str:
        node = self._session.document.by_id.get(layer.node)
        return node.label if node else layer.node

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
        lines = [f"{measure.title}: {short(getattr(layer, measure.field))}" for measure in MEASURES]
        if layer.dead > 0:
            lines.append(f"Dead units: {percent(layer.dead)}")
        if layer.saturated > 0:
            lines.append(f"Saturated outputs: {percent(layer.saturated)}")
        if judged != "healthy":
            lines.append(f"{self._label(layer)} {self.measure.low if judged == 'low' else self.measure.high}")
        return "\n".join(lines)


def _power(power: int) -> str:
    """10⁻⁶ as it is written."""
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
