"""Setting the size of a note by its corner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from app.canvas import remarks
from app.canvas.geometry import snapped
from app.canvas.interactions.base import Interaction, Modifiers
from app.canvas.remark_item import LEAST, RemarkItem

if TYPE_CHECKING:
    from app.canvas.view import CanvasView


class Resize(Interaction):
    """The corner follows the mouse on the grid."""

    def __init__(self, canvas: CanvasView, item: RemarkItem) -> None:
        super().__init__(canvas)
        self.item = item

    def start(self, point: QPointF, modifiers: Modifiers) -> None:
        remark = self.item.remark
        self._offset = QPointF(remark.x + remark.width, remark.y + remark.height) - point
        self._size = remark.width, remark.height

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        size = snapped(point + self._offset) - self.item.pos()
        self._size = max(size.x(), LEAST), max(size.y(), LEAST)
        self.item.show_size(*self._size)

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        width, height = self._size
        document = remarks.changed(self.session.document, self.item.remark.id, width=width, height=height)
        self.session.edit("Resize a note", document)

    def cancel(self) -> None:
        self.item.show_remark(self.item.remark)
