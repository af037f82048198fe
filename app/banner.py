"""A line above the canvas that says what happened, in place of a dialog; it can offer what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from app.framed import Framed, Sign

Tone = Literal["notice", "warning", "sick"]
SIGNS: Final = {"notice": "ℹ", "warning": "▲", "sick": "✕"}
TONES: Final = {"notice": "accent", "warning": "warning", "sick": "sick"}  # colours of the theme


class Banner(Framed):
    """Hidden until there is something to say; closed by its button, by Escape, or by the next word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TONES["notice"], parent=parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        self._sign = Sign()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._offer = QPushButton()
        self._offer.clicked.connect(lambda: self._accept(self._action))
        self._other = QPushButton()
        self._other.clicked.connect(lambda: self._accept(self._other_action))
        self._close = QToolButton()
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.setToolTip("Close")
        self._close.setAccessibleName("Close this message")
        self._close.clicked.connect(self.hide)
        for widget in (self._sign, self._text, self._offer, self._other, self._close):
            row.addWidget(widget, 1 if widget is self._text else 0)
        self._action: Callable[[], None] | None = None
        self._other_action: Callable[[], None] | None = None
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(
        self, text: str, tone: Tone = "notice", offer: str = "", action: Callable[[], None] | None = None,
        other: str = "", other_action: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """Show ``text``; with ``offer`` a button that does ``action``, with ``other`` a second one."""
        self.tone, self._action, self._other_action = TONES[tone], action, other_action
        self._sign.say(SIGNS[tone], self.tone)
        self._text.setText(text)
        self._text.setAccessibleName(text)
        for button, words in ((self._offer, offer), (self._other, other)):
            button.setText(words)
            button.setVisible(bool(words))
        self.show()
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        """What was offered is not any more, and what would have been done may hold much."""
        if self.isHidden():  # and not only what it lies in
            self._action = self._other_action = None
        super().hideEvent(event)

    def _accept(self, action: Callable[[], None] | None) -> None:
        self.hide()
        if action is not None:
            action()
