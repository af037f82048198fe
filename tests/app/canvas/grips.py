"""Numbers of an unfolded box, and keys for whoever types them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.canvas.unfolded import Grip
from tests.app.canvas.hand import NONE
from tests.app.canvas.live import LiveHand

KEY = Qt.Key
Train = Callable[..., LiveHand]  # a canvas of a design that trains


def weight(index: int = 0, node: str = "dense_1") -> Grip:
    return Grip(node, "weight", index)


def bias(index: int = 0, node: str = "dense_1") -> Grip:
    return Grip(node, "bias", index)


def press(hand: LiveHand, *keys: KEY, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Keys for whoever has the focus."""
    for key in keys:
        QTest.keyClick(hand.canvas.window().focusWidget(), key, modifier)
