"""The editors of longer texts: the path of a file, and several lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QToolButton, QWidget

from app.panels.editors import SEVERAL, TextEdit
from app.theme import GRID

ROWS: Final = 5  # lines that are seen of a text


class FileEdit(QWidget):
    """A path, typed or chosen; a file may be dropped on it."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = TextEdit(lambda text: text.strip(), str, self)
        self.button = QToolButton(self, text="…")
        self.button.setToolTip("Choose a file")
        self.button.setAccessibleName("Choose a file")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self.setFocusProxy(self.line)
        for name in ("tried", "edited", "settled", "wrong"):
            getattr(self.line, name).connect(getattr(self, name))
        self.button.clicked.connect(self._ask)

    def show_value(self, value: Any) -> None:
        self.line.show_value(value)
        if not self.line.isModified():
            self.line.setToolTip(str(value))

    def show_mixed(self) -> None:
        self.line.show_mixed()

    def setAccessibleName(self, name: str) -> None:
        self.line.setAccessibleName(name)

    def setAccessibleDescription(self, text: str) -> None:
        self.line.setAccessibleDescription(text)

    def _ask(self) -> None:
        there = Path(self.line.text())
        known = there.parent if self.line.text() else Path(str(QSettings().value("folder", str(Path.home()))))
        dialog = QFileDialog(self, "Choose a file", str(known))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, path: str) -> None:
        """Use a file that was chosen."""
        self.edited.emit(path)
        self.settled.emit()


class LinesEdit(QPlainTextEdit):
    """Several lines; taken when the field is left, or at Ctrl+Enter."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(self, parent: QWidget | None = None, empty: str = "") -> None:
        """``empty``: what an empty field means, to be seen in it."""
        super().__init__(parent)
        self._shown, self._empty = "", empty
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFixedHeight(ROWS * self.fontMetrics().lineSpacing() + 2 * GRID)
        self.textChanged.connect(self._on_text_changed)

    @property
    def pending(self) -> bool:
        return self.document().isModified()

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if text != self._shown or not self.pending:
            self._show(text, self._empty)

    def show_mixed(self) -> None:
        self._show("", SEVERAL)

    def _show(self, text: str, word: str) -> None:
        self._shown = text
        self.setPlaceholderText(word)
        if text != self.toPlainText():
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)
        self.document().setModified(False)

    def _on_text_changed(self) -> None:
        if self.pending:
            self.tried.emit(self.toPlainText())

    def _finish(self) -> None:
        if self.pending and self.toPlainText() != self._shown:
            self._shown = self.toPlainText()
            self.edited.emit(self._shown)
        self.document().setModified(False)
        self.settled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._finish()
        elif event.key() == Qt.Key.Key_Escape and self.pending:
            self._show(self._shown, self._empty)
            self.tried.emit(self._shown)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._finish()
