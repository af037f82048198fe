"""Places on boxes."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from tests.app.canvas.hand import Hand

ON_BOX = QPointF(60, 30)  # from a box's corner to a place on its body


def body(hand: Hand, id: str) -> QPointF:
    return hand.canvas.canvas_scene.nodes[id].pos() + ON_BOX


def place(hand: Hand, id: str) -> tuple[float, float]:
    node = hand.canvas.session.document.node(id)
    return node.x, node.y
