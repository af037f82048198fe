"""A tool bar that is nothing but the room of the one widget in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolBar


class PlainBar(QToolBar):
    """Without edges, handle and menu; it stays where it is put."""

    def __init__(self, title: str, name: str) -> None:
        """``name``: under which a layout that is remembered knows it."""
        super().__init__(title)
        self.setObjectName(name)
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.layout().setContentsMargins(0, 0, 0, 0)
        self.layout().setSpacing(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self.palette().color(self.backgroundRole()))
