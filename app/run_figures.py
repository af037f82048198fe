"""What the run bar is made of: a number with its name, the sentence that says how it stands, a line of progress."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from app import theme

SIGNS: Final = {"sick": "✕", "healthy": "✓"}
GAP: Final = 6  # px to the next figure


class Figure(QWidget):
    """A number with its name above it; painted by itself, because it changes many times a second."""

    def __init__(self, name: str, width: int) -> None:
        super().__init__()
        self._name, self._value, self._rest = name, "–", ""
        self._width = width
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> str:
        return self._value + self._rest

    @property
    def words(self) -> str:
        """The value as it stands there: elided where room is scarce."""
        metrics = QFontMetrics(self._large)
        return metrics.elidedText(self._value, Qt.TextElideMode.ElideRight, self.width() - GAP)

    @property
    def _large(self) -> QFont:
        return theme.sized(self.font(), 1.1, bold=True)

    def name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self.setAccessibleName(name)
            self.update()

    def say(self, value: str, rest: str = "") -> None:
        """``rest`` is written smaller and dimmer behind the value."""
        if (value, rest) != (self._value, self._rest):
            self._value, self._rest = value, rest
            self.setAccessibleDescription(self.value)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self._width * self.fontMetrics().height() / 16), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(48, round(self.fontMetrics().height() * 2.1))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        small = theme.sized(self.font(), 0.85)
        half = self.height() / 2
        painter.setFont(small)
        painter.setPen(QColor(colors.dim))
        left, bottom = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignBottom
        room = self.width() - GAP
        painter.drawText(
            QRectF(0, 0, room, half - 1), left | Qt.AlignmentFlag.AlignVCenter,
            painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room),
        )  # fmt: skip
        rest_width = painter.fontMetrics().horizontalAdvance(self._rest) if self._rest else 0
        painter.setFont(self._large)
        painter.setPen(QColor(colors.text))
        wide = painter.fontMetrics().horizontalAdvance(self._value)
        shows_rest = wide + rest_width <= room
        painter.drawText(QRectF(0, half - 2, room, half), left | bottom, self.words)
        if self._rest and shows_rest:
            painter.setFont(small)
            painter.setPen(QColor(colors.dim))
            painter.drawText(QRectF(wide, half - 2, room - wide, half - 1), left | bottom, self._rest)


class Sentence(QLabel):
    """What is going on, in one line: cut with a tooltip where it is too long, with a sign where it is a judgement."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setObjectName("status")
        self.setAccessibleName("Status")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._tone = ""

    def text(self) -> str:
        return self._whole

    def say(self, text: str, tone: str) -> None:
        sign = SIGNS.get(tone, "")
        text = f"{sign} {text}" if sign else text
        if text == self._whole:
            return
        self._whole = text
        self.setAccessibleDescription(text)
        self.setToolTip(text)
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(getattr(theme.current(), self._tone or "dim")))
        text = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


class Progress(QFrame):
    """A thin line: the share of the epochs that is done."""

    def __init__(self) -> None:
        super().__init__()
        self._share, self._busy = 0.0, False
        self.setFixedHeight(3)
        self.setAccessibleName("Progress")

    def say(self, share: float, busy: bool) -> None:
        share = min(max(share, 0.0), 1.0)
        if round(share * self.width()) != round(self._share * self.width()) or busy != self._busy:
            self._share, self._busy = share, busy
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().border))
        share = 1.0 if self._busy else self._share
        color = QColor(theme.current().dim if self._busy else theme.current().accent)
        painter.fillRect(QRectF(0, 0, self.width() * share, self.height()), color)
