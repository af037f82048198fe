"""A line of text that is never cut in the middle of a letter: where room is scarce it ends in an ellipsis."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.theme import color_of


class Elided(QLabel):
    """Takes the room that is left over. The whole of its text is also its tooltip, or a part of it.

    ``least``: letters; where fewer of a longer text have room, nothing is said, for they would tell nothing.
    """

    def __init__(self, parent: QWidget | None = None, least: int = 0) -> None:
        super().__init__(parent)
        self._least = least
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> str:
        """What stands there, elided."""
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        return words if words == self.text() or len(words) > self._least else ""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(color_of(self))
        painter.drawText(self.contentsRect(), self.alignment(), self.words)
