"""A panel with an edge in the colour of what it says, and the sign that goes with it, in whatever theme is worn."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app import theme

EDGE: Final = 3  # px of the left edge, when there is a tone


class Framed(QFrame):
    """A raised panel; where it has a tone, its left edge is thick and in the tone's colour.

    Attributes:
        tone: a colour of the theme by its name, or empty.
        ground: the theme's name of what lies within.
    """

    def __init__(
        self, tone: str = "", ground: str = "raised", radius: float = 0.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tone, self.ground, self._radius = tone, ground, radius
        self.setContentsMargins(EDGE if tone else 1, 1, 1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._radius > 0)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._radius, self._radius)
        painter.fillPath(outline, QColor(getattr(colors, self.ground)))
        lit = self.hasFocus() and self.focusPolicy() != Qt.FocusPolicy.NoFocus
        painter.strokePath(outline, QPen(QColor(colors.accent if lit else colors.border), 1))
        if self.tone:
            painter.setClipPath(outline)
            painter.fillRect(QRectF(0, 0, EDGE, self.height()), QColor(getattr(colors, self.tone)))


class Sign(QLabel):
    """A sign in the colour of a judgement."""

    def __init__(self, sign: str = "", tone: str = "text") -> None:
        super().__init__(sign)
        self._tone = tone

    def say(self, sign: str, tone: str) -> None:
        self._tone = tone
        self.setText(sign)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(getattr(theme.current(), self._tone)))
        painter.drawText(self.contentsRect(), self.alignment(), self.text())
