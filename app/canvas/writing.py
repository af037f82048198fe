"""Writing in place on the canvas: the text of a note, the name of a box or of a group."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.theme import GRID


class Writing(QPlainTextEdit):
    """An editor that lies over what it edits. Esc lets the text be; leaving, and Enter in a single line, takes it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._take: Callable[[str], None] | None = None
        self._single = False
        self.setTabChangesFocus(True)
        self.hide()

    def ask(self, text: str, name: str, area: QRect, zoom: float, single: bool, take: Callable[[str], None]) -> None:
        """Offer ``text`` for editing in an area of the viewport; ``take`` gets what it has become.

        Args:
            name: what is written, for a screen reader and as the word in an empty field.
            single: one line, as a name is.
        """
        self.finish()
        self._take, self._single = take, single
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        font = self.parentWidget().font()
        font.setPointSizeF(max(6.0, font.pointSizeF() * min(zoom, 2.0)) if font.pointSizeF() > 0 else 10.0)
        self.setFont(font)
        off, needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(off if single else needed)
        self.setHorizontalScrollBarPolicy(off)
        wrap = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(wrap.NoWrap if single else wrap.WidgetWidth)
        line, middle = self.fontMetrics().height(), area.center().y()
        area.setSize(area.size().expandedTo(QSize(8 * GRID, line + 2 * GRID)))
        if single:  # one line, in the middle of where it stands
            area.setHeight(line + 2 * round(self.document().documentMargin()) + 2 * self.frameWidth())
            area.moveTop(middle - area.height() // 2)
        self.setGeometry(area)
        self.setPlainText(text)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus()

    def finish(self) -> None:
        """Take what is written."""
        take, self._take = self._take, None
        if take is not None:
            text = self.toPlainText()
            self.hide()
            take(text.replace("\n", " ") if self._single else text)

    def leave(self) -> None:
        """Let the text be as it was."""
        self._take = None
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            self._give_back()
        elif entered and (self._single or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.finish()
            self._give_back()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # while one writes, keys are text
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finish()

    def _give_back(self) -> None:
        self.parentWidget().parentWidget().setFocus()
