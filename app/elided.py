"""A line of text that is never cut in the middle of a letter: where room is scarce it ends in an ellipsis."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import color_of


class Elided(QWidget):
    """Takes the room that is left over. What it says may change many times a second.

    No label of Qt's: with every other text that would have all that it stands in laid out anew, up to the window.

    ``least``: letters; where fewer of a longer text have room, nothing is said, for they would tell nothing.
    """

    def __init__(self, parent: QWidget | None = None, least: int = 0) -> None:
        super().__init__(parent)
        self._text, self._least = "", least
        self._alignment = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        if text != self._text:
            if self.accessibleName() == self._text:
                self.setAccessibleName(text)
            else:  # it has a name, and this is what it says
                self.setAccessibleDescription(text)
            self._text = text
            self.update()

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:
        self._alignment = alignment
        self.update()

    @property
    def words(self) -> str:
        """What stands there, elided."""
        words = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.contentsRect().width())
        return words if words == self._text or len(words) > self._least else ""

    def sizeHint(self) -> QSize:
        """For all of its text; nothing is laid out anew when that changes."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text), metrics.lineSpacing()).grownBy(self.contentsMargins())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(color_of(self))
        painter.drawText(self.contentsRect(), self._alignment, self.words)
