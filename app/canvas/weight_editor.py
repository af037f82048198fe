"""Typing a weight or a bias: a small field over the canvas that walks through an unfolded layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from app import theme
from app.canvas.unfolded import Grip
from app.panels.arithmetic import number, shown
from app.theme import GRID

if TYPE_CHECKING:
    from app.canvas.unfolding import Unfolding

STEPS: Final = {Qt.Key.Key_Up: 0.1, Qt.Key.Key_Down: -0.1}  # what an arrow adds; a tenth of it with Shift


class WeightEditor(QFrame):
    """Enter sets the number, Tab sets it and goes on to the next, arrows turn it, Esc lets it be."""

    def __init__(self, unfolding: Unfolding, over: QWidget) -> None:
        super().__init__(over)
        self._unfolding = unfolding
        self._grip: Grip | None = None
        self._before = 0.0
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._name = QLabel(self)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self.field = QLineEdit(self)
        self.field.setMinimumWidth(14 * GRID)
        self._fault = QLabel(self)
        theme.set_role(self._fault, "sick")
        self._fault.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID // 2)
        for widget in (self._name, self.field, self._fault):
            column.addWidget(widget)
        self.field.installEventFilter(self)
        self.hide()

    @property
    def grip(self) -> Grip | None:
        """The number that is being typed."""
        return self._grip if self.isVisible() else None

    @property
    def fault(self) -> str:
        """Why what is typed cannot be set; empty when it can."""
        return self._fault.text()

    def ask(self, grip: Grip) -> None:
        """Offer a number for typing, beside where it is drawn."""
        self._unfolding.session.settle()
        self._grip, self._before = grip, self._unfolding.value(grip)
        name = self._unfolding.name(grip)
        self._name.setText(name)
        self.field.setAccessibleName(name)
        self.field.setText(shown(round(self._before, 6)))
        self.field.selectAll()
        self._say("")
        self._unfolding.hold(grip)
        self.move(self._beside(self._unfolding.place_of(grip)))
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Let the number be as it is; the canvas has the keyboard again."""
        if self.isVisible():
            self.hide()
            self._unfolding.hold(None)
            self._unfolding.session.settle()
            self._unfolding.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, fault: str) -> None:
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        self.adjustSize()

    def _beside(self, at: QPoint) -> QPoint:
        """Right of the place, inside the viewport."""
        room = self.parentWidget().rect()
        self.adjustSize()
        x = min(at.x() + 2 * GRID, room.right() - self.width() - GRID)
        y = min(at.y() + GRID, room.bottom() - self.height() - GRID)
        return QPoint(max(x, GRID), max(y, GRID))

    def _set(self, typed: str) -> bool:
        """False, and said why, when it is no number."""
        assert self._grip is not None
        if typed == shown(round(self._before, 6)):
            return True  # untouched: not even rounded
        try:
            value = float(number(typed))
        except ValueError as fault:
            self._say(str(fault))
            return False
        self._unfolding.set_value(self._grip, self._before, value)
        self._before = value
        return True

    def _go_on(self, by: int) -> None:
        assert self._grip is not None
        grips = self._unfolding.grips(self._grip.node)
        if self._set(self.field.text()) and self._grip in grips:
            self.ask(grips[(grips.index(self._grip) + by) % len(grips)])

    def eventFilter(self, field: QWidget, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # while one types, keys are text
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._press(event)
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
            self._unfolding.hold(None)
            self._unfolding.session.settle()
        return False

    def _press(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._set(self.field.text()):
                self.leave()
        elif key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._go_on(1 if key == Qt.Key.Key_Tab else -1)
        elif key in STEPS:
            fine = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            if self._set(self.field.text()):
                text = shown(round(self._before + STEPS[key] * fine, 6))
                self._set(text)
                self.field.setText(text)
        else:
            return False
        return True
