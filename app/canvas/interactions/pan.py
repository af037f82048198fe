"""Moving the whole view by hand."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from app.canvas.interactions.base import Interaction, Modifiers


class Pan(Interaction):
    """The canvas sticks to the mouse."""

    def start(self, point: QPointF, modifiers: Modifiers) -> None:
        self._center = self.canvas.center
        self._held = point
        self.canvas.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        self.canvas.bring(self._held, self.canvas.mapFromScene(point))

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.canvas.viewport().unsetCursor()

    def cancel(self) -> None:
        self.canvas.viewport().unsetCursor()
        self.canvas.centerOn(self._center)
