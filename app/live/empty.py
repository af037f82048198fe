"""The word of a view that has nothing to show yet: it says what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


class EmptyWord(QLabel):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setProperty("role", "dim")
        self.setContentsMargins(24, 8, 24, 8)
        self.setMinimumSize(120, 60)
