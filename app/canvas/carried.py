"""Boxes and notes in the hand: all go the same way, so that what lies between them keeps its course."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF

from app.canvas.scene import CROWD, CanvasScene


class Carried:
    """What goes along is found once: with 500 boxes a frame of the gesture has time for nothing but to move them."""

    def __init__(self, scene: CanvasScene, boxes: Iterable[str], notes: Iterable[str]) -> None:
        self._scene = scene
        self._boxes = frozenset(boxes)
        # the ends of a wire at a folded group are where the group's box is, and not with the nodes
        alone = {id for id in self._boxes if id not in scene.groups.box_of}
        wires = scene.wires_of(self._boxes)
        inside = {wire for wire in wires if wire.source in alone and wire.target in alone}
        self._led = wires - inside
        items = [
            *(scene.nodes[id] for id in self._boxes),
            *(scene.remarks[id] for id in notes),
            *(scene.wires[wire] for wire in inside),
        ]
        self._from = [(item, item.x(), item.y()) for item in items]

    def show(self, step: QPointF) -> None:
        """Show all of it a step away from where it was taken up."""
        across, down = step.x(), step.y()
        for item, x, y in self._from:
            item.setPos(x + across, y + down)
        self._scene.groups.follow(self._boxes)
        self._scene.join(self._led)
        if len(self._boxes) > CROWD:
            self._scene.crowd_moved.emit()
