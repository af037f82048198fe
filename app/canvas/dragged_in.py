"""A layer that is dragged in from the palette, from when it enters the canvas until it is dropped or leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

from app import catalogue
from app.canvas.interactions.drop import PaletteDrop
from engine.layers import Layer

if TYPE_CHECKING:
    from app.canvas.view import CanvasView


class DraggedIn:
    """Tells the drop where the hand is, and Qt whether it may be let go there."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._dropping: PaletteDrop | None = None

    @property
    def on(self) -> bool:
        """Whether a layer is over the canvas."""
        return self._dropping is not None

    def enter(self, event: QDragEnterEvent) -> None:
        kind = catalogue.kind_of(event.mimeData())
        if kind is None:
            event.ignore()
            return
        self._canvas.mouse.abort()
        self._canvas.hint.hide()
        self._dropping = PaletteDrop(self._canvas)
        self._dropping.layer = Layer.parse(kind)
        self._dropping.start(self._canvas.mapToScene(event.position().toPoint()), event.modifiers())
        event.acceptProposedAction()

    def move(self, event: QDragMoveEvent) -> None:
        if self._dropping is None:
            event.ignore()
            return
        self._dropping.move(self._canvas.mapToScene(event.position().toPoint()), event.modifiers())
        event.acceptProposedAction()

    def leave(self, event: QDragLeaveEvent) -> None:
        dropping, self._dropping = self._dropping, None
        if dropping is not None:
            dropping.cancel()
        event.accept()

    def drop(self, event: QDropEvent) -> None:
        dropping, self._dropping = self._dropping, None
        if dropping is None:
            event.ignore()
            return
        dropping.finish(self._canvas.mapToScene(event.position().toPoint()), event.modifiers())
        event.acceptProposedAction()
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
