"""A wire on the canvas, with the shape that flows through it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsRectItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from app import theme
from app.canvas.geometry import curve, touch_area
from app.canvas.paint import FAR, fonts, kit, label_room, paint_label, word
from engine.design.document import Wire


class WireItem(QGraphicsPathItem):
    """The curve of one wire. Qt draws it itself; only the label is ours."""

    def __init__(self, wire: Wire, label: str) -> None:
        super().__init__()
        self.wire = wire
        self.selected = False
        self.lit = False  # a dropped layer would go in here
        self._span = QPointF()
        self.label_item = _Label(self)
        self.wear_theme()
        self.show_label(label)

    @property
    def label(self) -> str:
        return self.toolTip()

    def join(self, start: QPointF, end: QPointF) -> None:
        """Lead from ``start`` to ``end``; a wire whose ends move together is only shifted."""
        self.setPos(start)
        if end - start != self._span:
            self._span = end - start
            self.setPath(curve(QPointF(), self._span))
            self.label_item.lay_out(self.label)

    def point_at(self, share: float) -> QPointF:
        """The place in the scene after a share of the way, 0 to 1."""
        return self.mapToScene(self.path().pointAtPercent(share))

    def show_label(self, label: str) -> None:
        if label != self.label:
            self.setToolTip(label)
            self.label_item.lay_out(label)

    def show_state(self, selected: bool | None = None, lit: bool | None = None) -> None:
        self.selected = self.selected if selected is None else selected
        self.lit = self.lit if lit is None else lit
        self.setZValue(5 if self.lit else 0)  # above the box that is being dropped on it
        self.wear_theme()

    def lay_out(self) -> None:
        """Wear the theme and set the label anew, as after a change of the font."""
        self.wear_theme()
        self.label_item.lay_out(self.label)

    def wear_theme(self) -> None:
        tools = kit(theme.current())
        self.setPen(tools.strong_wire if self.selected or self.lit else tools.wire)

    def shape(self) -> QPainterPath:
        return touch_area(self.path())


class _Label(QGraphicsRectItem):
    """The pill in the middle of a wire; from afar it is not drawn."""

    def __init__(self, wire: QGraphicsItem) -> None:
        super().__init__(wire)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self._room = QRectF()

    def lay_out(self, text: str) -> None:
        wire = self.parentItem()
        small = fonts(QApplication.font().toString())[3]
        self._room = label_room(wire.path(), text, small) if isinstance(wire, WireItem) else QRectF()
        self._word = word(text, self._room.adjusted(4, 0, -3, 0), small, "text")
        self.setRect(self._room.adjusted(-1, -1, 1, 1))
        self.setVisible(not self._room.isNull())
        self.update()

    @property
    def words(self) -> str:
        """What stands there, elided; empty where there is no room."""
        return "" if self._room.isNull() else self._word.text.text()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if painter.worldTransform().m11() / painter.device().devicePixelRatioF() >= FAR:
            paint_label(painter, self._room, self._word, kit(theme.current()))


class GhostWire(QGraphicsPathItem):
    """The wire that is being drawn, or that a drop would draw."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(3)

    def join(self, start: QPointF, end: QPointF, fits: bool = True) -> None:
        colors = theme.current()
        self.setPen(QPen(QColor(colors.accent if fits else colors.sick), 2, Qt.PenStyle.DashLine))
        self.setPath(curve(start, end))
