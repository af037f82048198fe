"""Where a network meets the world: the arrow by which the data come in, and the one by which the answer leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from app import theme
from app.canvas.geometry import GRID, PORT
from app.canvas.paint import FURTHER, fonts, kit, zoom_of
from app.canvas.wire_item import Label

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.design.document import Document

LENGTH: Final = 5.0 * GRID
WIDEST: Final = 20.0 * GRID  # of the words
HEAD: Final = 4.0
Side = Literal["data", "answer"]


class End(QGraphicsRectItem):
    """The arrow into an Input or out of the last box, with what flows there; it moves with its box."""

    def __init__(self, box: QGraphicsItem, side: Side) -> None:
        super().__init__(box)
        self.side = side
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemStacksBehindParent)
        self._label = Label(self)
        self._words = ""

    @property
    def words(self) -> str:
        """What stands above the arrow, whole."""
        return self._words

    def show_words(self, words: str, help: str, port: QPointF) -> None:
        """Say what flows here, at this place of the box's edge."""
        self._words = words
        self.setToolTip(help)
        if self.side == "data":
            self._from, self._to = port - QPointF(LENGTH, 0), port - QPointF(2, 0)
        else:
            self._from, self._to = port + QPointF(PORT, 0), port + QPointF(LENGTH, 0)
        sizes = fonts(QApplication.font().toString())
        near, far = (self._room(words, QFontMetricsF(font)) for font in (sizes.wire, sizes.far_wire))
        self._label.show_in(words, near, far)
        arrow = QRectF(self._from, self._to)
        self.seen_near, self.seen_far = near.united(arrow), far.united(arrow)
        self.setRect(QRectF(self._from, self._to).adjusted(-2, -HEAD - 2, 2, HEAD + 2))

    def _room(self, words: str, metrics: QFontMetricsF) -> QRectF:
        """Above the arrow, away from the box."""
        most = WIDEST * metrics.height() / QFontMetricsF(QApplication.font()).height()  # larger letters, more room
        width, height = min(metrics.horizontalAdvance(words) + 8, most), metrics.height() + 2
        left = self._to.x() - 6 - width if self.side == "data" else self._from.x() + 2
        return QRectF(left, self._from.y() - height - 2, width, height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = zoom_of(painter)
        if zoom < FURTHER:
            return
        pen = kit(theme.current()).wire
        painter.setPen(pen)
        painter.drawLine(self._from, self._to - QPointF(HEAD, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pen.color())
        tip = self._to
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-2 * HEAD, -HEAD), tip + QPointF(-2 * HEAD, HEAD)]))


def data_words(document: Document, prepared: Prepared | None) -> tuple[str, str]:
    """What an Input gets, in a word and in a sentence."""
    title = document.data.label
    if prepared is None:
        return title, f"The data: {title}"
    dataset = prepared.dataset
    features = _list(dataset.features) if dataset.features else f"{prepared.input} numbers each"
    return title, f"The data: {title}, {prepared.rows:,} examples of {features}"


def answer_words(prepared: Prepared | None) -> tuple[str, str]:
    """What the last box answers, in a word and in a sentence."""
    if prepared is None:
        return "answer", "The network's answer"
    dataset = prepared.dataset
    if not dataset.classes:
        return _list(dataset.targets), f"The network's answer: {_list(dataset.targets)}"
    if len(dataset.classes) <= 2:
        return " / ".join(dataset.shown_classes), f"The network's answer: {' or '.join(dataset.shown_classes)}"
    return f"{len(dataset.classes)} classes", f"The network's answer: one of {_list(dataset.shown_classes)}"


def _list(names: tuple[str, ...], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" … ({len(names)})" if len(names) > most else "")
