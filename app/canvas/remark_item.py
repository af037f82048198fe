"""A note on the canvas: free text behind the boxes, of any size."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTextOption
from PySide6.QtWidgets import QApplication, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from app import theme
from app.canvas.paint import FURTHER, zoom_of
from app.theme import GRID
from engine.design.annotations import Remark

EMPTY: Final = "A note. Double-click to write."
GRIP: Final = 2.0 * GRID
LEAST: Final = 6.0 * GRID  # width and height


class RemarkItem(QGraphicsRectItem):
    """One note; its lower right corner is a grip that sets its size."""

    def __init__(self, remark: Remark) -> None:
        super().__init__()
        self.selected = False
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setZValue(-1)
        self.show_remark(remark)

    def show_remark(self, remark: Remark) -> None:
        self.remark = remark
        self.setPos(remark.x, remark.y)
        self.setRect(0, 0, remark.width, remark.height)
        self.setToolTip("" if remark.text else EMPTY)
        self.update()

    def show_size(self, width: float, height: float) -> None:
        """Another size than the document has, while a gesture lasts."""
        self.setRect(0, 0, width, height)

    def show_selected(self, selected: bool) -> None:
        if selected != self.selected:
            self.selected = selected
            self.update()

    @property
    def grip(self) -> QRectF:
        """Where it is taken to change its size, in the scene."""
        rect = self.mapRectToScene(self.rect())
        return QRectF(rect.right() - GRIP, rect.bottom() - GRIP, GRIP, GRIP)

    @property
    def text_area(self) -> QRectF:
        return self.rect().adjusted(GRID, GRID / 2, -GRID, -GRID / 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colors, rect = theme.current(), self.rect()
        zoom = zoom_of(painter)
        painter.setPen(QPen(QColor(colors.accent if self.selected else colors.border), 2 if self.selected else 1))
        painter.setBrush(QColor(colors.surface))
        painter.drawRect(rect)
        if zoom < FURTHER:
            return
        words = QTextOption()
        words.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.setFont(QApplication.font())
        painter.setPen(QColor(colors.text if self.remark.text else colors.dim))
        painter.save()
        painter.setClipRect(self.text_area, Qt.ClipOperation.IntersectClip)
        painter.drawText(self.text_area, self.remark.text or EMPTY, words)
        painter.restore()
        corner = rect.bottomRight()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.border))
        painter.drawPolygon(QPolygonF([corner, corner - QPointF(GRID, 0), corner - QPointF(0, GRID)]))
