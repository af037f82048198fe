"""Selecting with a rubber band."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from app import theme
from app.canvas.interactions.base import Interaction, Modifiers

ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class Band(Interaction):
    """What the band touches is selected while it is drawn; with Shift or Ctrl, on top of what was."""

    def start(self, point: QPointF, modifiers: Modifiers) -> None:
        self._start = point
        session = self.session
        self._before = session.selection, session.selected_wires, session.selected_remarks
        self._kept = self._before if modifiers & ADDING else (frozenset(), frozenset(), frozenset())
        session.select(*self._kept)
        color = QColor(theme.current().accent)
        self._item = QGraphicsRectItem()
        pen = QPen(color, 1)
        pen.setCosmetic(True)
        self._item.setPen(pen)
        color.setAlpha(32)
        self._item.setBrush(color)
        self._item.setZValue(4)
        self.scene.addItem(self._item)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        area = QRectF(self._start, point).normalized()
        self._item.setRect(area)
        self.canvas.stir()
        boxes, wires, remarks = self._kept
        self.session.select(boxes | self.scene.boxes_in(area), wires, remarks | self.scene.remarks_in(area))

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.scene.removeItem(self._item)

    def cancel(self) -> None:
        self.scene.removeItem(self._item)
        self.session.select(*self._before)
