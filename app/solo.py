"""The whole window for one view, and back: what a teacher wants on a projector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

if TYPE_CHECKING:
    from app.main_window import MainWindow

CANVAS: Final = "canvas"


class Solo(QObject):
    """Hides all docks but one, and the canvas; run bar and menus stay. The layout comes back as it was."""

    def __init__(self, window: MainWindow, version: int) -> None:
        super().__init__(window)
        self._window, self._version = window, version
        self._layout: QByteArray | None = None

    @property
    def on(self) -> bool:
        return self._layout is not None

    def layout(self) -> QByteArray:
        """The layout that is to be remembered."""
        return self._window.saveState(self._version) if self._layout is None else self._layout

    def toggle(self, key: str = "") -> None:
        """For one view, by its dock's key; without one, for that which has the focus or is under the mouse."""
        if self.on:
            self.leave()
        else:
            self._enter(key or self._meant())

    def leave(self) -> None:
        layout, self._layout = self._layout, None
        if layout is not None:
            self._window.centralWidget().show()
            self._window.arrange(layout)

    def _enter(self, key: str) -> None:
        self._layout = self._window.saveState(self._version)
        for name, dock in self._window.docks.items():
            if name != key:
                dock.hide()
        dock = self._window.docks.get(key)
        self._window.centralWidget().setVisible(dock is None)
        if dock is not None:
            dock.setFloating(False)
            dock.show()

    def _meant(self) -> str:
        """The view of the focus; else that under the mouse; else the first live view."""
        at = QApplication.widgetAt(QCursor.pos())
        for widget in (QApplication.focusWidget(), at):
            key = self._owner(widget)
            if key:
                return key
        return next(iter(self._window.views), CANVAS)

    def _owner(self, widget: QWidget | None) -> str:
        while widget is not None:
            if isinstance(widget, QDockWidget) and widget in self._window.docks.values():
                return widget.objectName()
            if widget is self._window.centralWidget():
                return CANVAS
            widget = widget.parentWidget()
        return ""
