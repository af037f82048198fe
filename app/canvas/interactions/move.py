"""Moving the selected boxes with the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from app.canvas.geometry import distance, snapped
from app.canvas.interactions.base import Interaction, Modifiers

SLACK = 4.0  # px on the screen that a click may slip


class Move(Interaction):
    """Boxes follow the mouse on the grid (with Alt: freely) and are moved in the document at the end."""

    def start(self, point: QPointF, modifiers: Modifiers) -> None:
        self._start = point
        self._moving = False
        self._leader = self.canvas.pressed_node or ""
        nodes = self.session.document.by_id
        self._from = {id: QPointF(nodes[id].x, nodes[id].y) for id in self.session.selection}

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        if not self._moving and distance(point, self._start) * self.canvas.zoom < SLACK:
            return
        self._moving = True
        self.scene.show_places(self._places(point, modifiers))

    def _places(self, point: QPointF, modifiers: Modifiers) -> dict[str, QPointF]:
        step = point - self._start
        if self._leader in self._from and not modifiers & Qt.KeyboardModifier.AltModifier:
            # Only the box under the hand snaps: the others keep their places beside it.
            step = snapped(self._from[self._leader] + step) - self._from[self._leader]
        return {id: place + step for id, place in self._from.items()}

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        if not self._moving:
            return
        places = {id: (place.x(), place.y()) for id, place in self._places(point, modifiers).items()}
        what = f"{len(places)} boxes" if len(places) > 1 else self.session.document.node(next(iter(places))).label
        self.session.edit(f"Move {what}", self.session.document.move(places))

    def cancel(self) -> None:
        self.scene.show_document_places(self._from)
