"""Turning a weight or a bias by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt

from app.canvas.interactions.base import Interaction, Modifiers
from app.canvas.interactions.move import SLACK
from app.canvas.unfolded import Grip

if TYPE_CHECKING:
    from app.canvas.view import CanvasView

STEP: Final = 0.01  # a pixel upwards
FINE: Final = 0.1  # of that with Shift


class TurnWeight(Interaction):
    """The number grows as the mouse goes up. The network has it at once; the whole turn is one undo step."""

    def __init__(self, canvas: CanvasView, grip: Grip) -> None:
        super().__init__(canvas)
        self._grip = grip

    def start(self, point: QPointF, modifiers: Modifiers) -> None:
        self._value = self._first = self.canvas.unfolding.value(self._grip)
        self._last = point
        self._turning = False
        self._document = self.session.document
        self.session.settle()

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        rise = (self._last.y() - point.y()) * self.canvas.zoom
        if not self._turning and abs(rise) < SLACK:
            return
        self._turning, self._last = True, point
        fine = FINE if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0
        self._set(round(self._value + rise * STEP * fine, 6))

    def _set(self, value: float) -> None:
        self.canvas.unfolding.set_value(self._grip, self._value, value)
        self._value = value

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.session.settle()

    def cancel(self) -> None:
        # An edit that came in between is a step of its own: what was turned until then stays.
        if self._turning and self.session.document is self._document:
            self._set(self._first)
        self.session.settle()
