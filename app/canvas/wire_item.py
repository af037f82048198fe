"""A wire on the canvas, with the shape that flows through it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app import theme
from app.canvas.geometry import curve, touch_area
from app.canvas.paint import FAR, label_rect, paint_wire, paint_wire_label
from engine.design.document import Wire


class WireItem(QGraphicsItem):
    """The curve of one wire."""

    def __init__(self, wire: Wire, label: str) -> None:
        super().__init__()
        self.wire = wire
        self.label = label
        self.selected = False
        self.lit = False  # a dropped layer would go in here
        self._path = QPainterPath()
        self._label_rect = QRectF()
        self._font = QFont()
        self.setToolTip(label)

    def join(self, start: QPointF, end: QPointF) -> None:
        """Lead from ``start`` to ``end``."""
        self.prepareGeometryChange()
        self._path = curve(start, end)
        self._font = theme.sized(QApplication.font(), 0.9)
        self._label_rect = label_rect(self._path, self.label, self._font)

    def show_label(self, label: str) -> None:
        if label != self.label:
            self.prepareGeometryChange()
            self.label = label
            self.setToolTip(label)
            self._label_rect = label_rect(self._path, label, self._font)

    def show_state(self, selected: bool | None = None, lit: bool | None = None) -> None:
        self.selected = self.selected if selected is None else selected
        self.lit = self.lit if lit is None else lit
        self.update()

    @property
    def path(self) -> QPainterPath:
        return self._path

    def boundingRect(self) -> QRectF:
        return self._path.controlPointRect().adjusted(-4, -4, 4, 4).united(self._label_rect.adjusted(-1, -1, 1, 1))

    def shape(self) -> QPainterPath:
        area = touch_area(self._path)
        area.addRect(self._label_rect)
        return area

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colors = theme.current()
        strong = self.selected or self.lit
        paint_wire(painter, self._path, colors.accent if strong else colors.wire, 3.0 if strong else 1.75)
        if QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform()) >= FAR:
            ink = colors.accent if strong else colors.text
            paint_wire_label(painter, self._label_rect, self.label, self._font, colors, ink)


class GhostWire(QGraphicsItem):
    """The wire that is being drawn, or that a drop would draw."""

    def __init__(self) -> None:
        super().__init__()
        self._path = QPainterPath()
        self._fits = True
        self.setZValue(3)

    def join(self, start: QPointF, end: QPointF, fits: bool = True) -> None:
        self.prepareGeometryChange()
        self._path, self._fits = curve(start, end), fits

    def boundingRect(self) -> QRectF:
        return self._path.controlPointRect().adjusted(-4, -4, 4, 4)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colors = theme.current()
        paint_wire(painter, self._path, colors.accent if self._fits else colors.sick, 2.0, dashed=True)
