"""A page that is read from top to bottom, in a panel of any width."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Column(QScrollArea):
    """Scrolls down only. Where there is more room than a line should take, the page leaves it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """``name``: what a screen reader says."""
        super().__init__(parent)
        self._longest: int | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)

    def show_page(self, page: QWidget, longest: int | None = None) -> None:
        """Put a page in place of that which is there; its lines are no longer than so many letters."""
        self._longest = longest
        self.setWidget(page)
        self._bound()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._bound()

    def _bound(self) -> None:
        if self._longest is not None and self.widget() is not None:
            self.widget().setMaximumWidth(self._longest * self.fontMetrics().averageCharWidth())
