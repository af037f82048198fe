"""A line above the canvas that says what happened, in place of a dialog; it can offer one thing to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from app import theme

Tone = Literal["notice", "warning", "sick"]
SIGNS = {"notice": "ℹ", "warning": "▲", "sick": "✕"}


class Banner(QFrame):
    """Hidden until there is something to say; closed by its button, by Escape, or by the next word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        self._sign = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._offer = QPushButton()
        self._offer.clicked.connect(self._accept)
        self._close = QToolButton()
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.setToolTip("Close")
        self._close.setAccessibleName("Close this message")
        self._close.clicked.connect(self.hide)
        for widget in (self._sign, self._text, self._offer, self._close):
            row.addWidget(widget, 1 if widget is self._text else 0)
        self._action: Callable[[], None] | None = None
        self._tone: Tone = "notice"
        theme.announcer.changed.connect(self._wear)
        self._wear()
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, text: str, tone: Tone = "notice", offer: str = "", action: Callable[[], None] | None = None) -> None:
        """Show ``text``; with ``offer`` a button that does ``action``."""
        self._tone, self._action = tone, action
        self._sign.setText(SIGNS[tone])
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self._offer.setText(offer)
        self._offer.setVisible(bool(offer))
        self._wear()
        self.show()

    def _accept(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()

    def _wear(self) -> None:
        colors = theme.current()
        edge = colors.accent if self._tone == "notice" else getattr(colors, self._tone)
        self.setStyleSheet(f"#banner {{ background: {colors.raised}; border-left: 3px solid {edge}; }}")
        self._sign.setStyleSheet(f"color: {edge}")
