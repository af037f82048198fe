"""The field in which a branch of the timeline is named, in place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from engine.training.timeline.moment import Branch


class Naming(QLineEdit):
    """A name in place of the reading: Enter takes it, Escape leaves it as it was.

    Signals:
        named: the branch's number, and its name; "" where it stays as it was.
    """

    named = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(60)
        self.setPlaceholderText("Name of the branch")
        self.setAccessibleName("Name of the branch")
        self._number: int | None = None
        self.installEventFilter(self)

    def begin(self, branch: Branch) -> None:
        self._number = branch.number
        self.setText(branch.name)
        self.selectAll()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end(self.text().strip())
        elif event.key() == Qt.Key.Key_Escape:
            self._end("")
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self._number is not None:
            self._end(self.text().strip())
        return super().eventFilter(watched, event)

    def _end(self, name: str) -> None:
        number, self._number = self._number, None
        if number is not None:
            self.named.emit(number, name)
