"""What a person's hand does on the canvas: presses, drags and drops as real events on the viewport."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import catalogue
from app.canvas.scene import Port
from app.canvas.view import CanvasView
from engine.design.document import Document

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier


class Hand:
    """Moves in the coordinates of the scene."""

    def __init__(self, canvas: CanvasView) -> None:
        self.canvas = canvas
        self.viewport = canvas.viewport()

    def at(self, place: QPointF | Port) -> QPoint:
        point = self.canvas.canvas_scene.point_of(place) if isinstance(place, Port) else place
        return self.canvas.mapFromScene(point)

    def press(self, place: QPointF | Port, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.viewport, button, keys, self.at(place))

    def move(self, place: QPointF | Port, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE) -> None:
        # QTest.mouseMove holds no button down.
        at = QPointF(self.at(place))
        event = QMouseEvent(
            QEvent.Type.MouseMove, at, self.viewport.mapToGlobal(at), Qt.MouseButton.NoButton, button, keys
        )
        QApplication.sendEvent(self.viewport, event)

    def release(self, place: QPointF | Port, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseRelease(self.viewport, button, keys, self.at(place))

    def click(self, place: QPointF | Port, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.viewport, LEFT, keys, self.at(place))

    def drag(
        self, start: QPointF | Port, end: QPointF | Port, button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NONE,
    ) -> None:  # fmt: skip
        """Press, move in three steps, release."""
        self.press(start, button, keys)
        begin, stop = QPointF(self.at(start)), QPointF(self.at(end))
        for share in (0.3, 0.7, 1.0):
            self.move(self.canvas.mapToScene((begin + (stop - begin) * share).toPoint()), button, keys)
        self.release(self.canvas.mapToScene(stop.toPoint()), button, keys)

    def enter(self, kind: str, place: QPointF) -> QDragEnterEvent:
        """Come from the palette with a layer."""
        self.data = catalogue.carried(kind)
        event = QDragEnterEvent(self.at(place), Qt.DropAction.CopyAction, self.data, LEFT, NONE)
        QApplication.sendEvent(self.viewport, event)
        return event

    def hover(self, place: QPointF) -> QDragMoveEvent:
        event = QDragMoveEvent(self.at(place), Qt.DropAction.CopyAction, self.data, LEFT, NONE)
        QApplication.sendEvent(self.viewport, event)
        return event

    def leave(self) -> None:
        QApplication.sendEvent(self.viewport, QDragLeaveEvent())

    def drop(self, kind: str, place: QPointF) -> QDropEvent:
        """The whole way: enter, move, drop."""
        self.enter(kind, place + QPointF(40, 40))
        self.hover(place)
        event = QDropEvent(QPointF(self.at(place)), Qt.DropAction.CopyAction, self.data, LEFT, NONE)
        QApplication.sendEvent(self.viewport, event)
        return event


HandOn = Callable[[Document], Hand]  # over a canvas that shows a design
