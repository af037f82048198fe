"""What every mouse interaction on the canvas is: an object that lives from the press to the release."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from app.canvas.view import CanvasView

Modifiers = Qt.KeyboardModifier


class Interaction(ABC):
    """Begun by `start`, followed by any number of `move`, ended by exactly one of `finish` and `cancel`.

    Points are in the scene. Only `finish` may ask the session for an edit, so that a gesture is one undo step;
    after `cancel` everything looks as it did before.
    """

    def __init__(self, canvas: CanvasView) -> None:
        self.canvas = canvas
        self.scene = canvas.canvas_scene
        self.session = canvas.session

    @abstractmethod
    def start(self, point: QPointF, modifiers: Modifiers) -> None: ...

    @abstractmethod
    def move(self, point: QPointF, modifiers: Modifiers) -> None: ...

    @abstractmethod
    def finish(self, point: QPointF, modifiers: Modifiers) -> None: ...

    @abstractmethod
    def cancel(self) -> None: ...
