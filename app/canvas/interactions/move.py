"""Moving the selected boxes with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from app.canvas import remarks
from app.canvas.carried import Carried
from app.canvas.geometry import distance, snapped
from app.canvas.interactions.base import Interaction, Modifiers
from engine.design.document import Document

if TYPE_CHECKING:
    from app.canvas.view import CanvasView

SLACK = 4.0  # px on the screen that a click may slip


class Move(Interaction):
    """Boxes follow the mouse on the grid (with Alt: freely) and are moved in the document at the end."""

    def __init__(self, canvas: CanvasView, leader: str) -> None:
        super().__init__(canvas)
        self._leader = leader

    def start(self, point: QPointF, modifiers: Modifiers) -> None:
        self._start = point
        self._moving = False
        nodes = self.session.document.by_id
        self._from = {id: QPointF(nodes[id].x, nodes[id].y) for id in self.session.selection}
        items = self.scene.remarks
        self._notes_from = {id: QPointF(items[id].pos()) for id in self.session.selected_remarks}
        self._carried = Carried(self.scene, self._from, self._notes_from)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        if not self._moving and distance(point, self._start) * self.canvas.zoom < SLACK:
            return
        self._moving = True
        self._carried.show(self._step(point, modifiers))

    def _step(self, point: QPointF, modifiers: Modifiers) -> QPointF:
        """How far all have come. Only what is under the hand snaps: the others keep their places beside it."""
        step = point - self._start
        leader = self._from.get(self._leader) or self._notes_from.get(self._leader)
        if leader is None or modifiers & Qt.KeyboardModifier.AltModifier:
            return step
        return snapped(leader + step) - leader

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        if not self._moving:
            return
        step = self._step(point, modifiers)
        boxes, notes = (
            {id: (place.x(), place.y()) for id, place in _shifted(places, step).items()}
            for places in (self._from, self._notes_from)
        )
        document = self.session.document
        self.session.edit(f"Move {self._what(document)}", remarks.moved(document.move(boxes), notes))

    def _what(self, document: Document) -> str:
        count = len(self._from) + len(self._notes_from)
        if count > 1:
            return f"{count} {'boxes' if not self._notes_from else 'things'}"
        return document.node(next(iter(self._from))).label if self._from else "a note"

    def cancel(self) -> None:
        self.scene.show_document_places(self._from, self._notes_from)


def _shifted(places: dict[str, QPointF], step: QPointF) -> dict[str, QPointF]:
    return {id: place + step for id, place in places.items()}
