"""The whole window for one view, and back: what a teacher wants on a projector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from app.appearance import enlarge

if TYPE_CHECKING:
    from app.main_window import MainWindow

CANVAS: Final = "canvas"
USUAL: Final = (86, 50)  # heights of a line that a window is wide and high in which letters are as large as elsewhere
LARGEST: Final = 2.0  # times as large as elsewhere


class Solo(QObject):
    """Hides all docks but one, and the canvas; run bar and menus stay. The layout comes back as it was.

    The letters of the one dock are as large as the window allows.
    """

    def __init__(self, window: MainWindow, version: int) -> None:
        super().__init__(window)
        self._window, self._version = window, version
        self._layout: QByteArray | None = None
        self._dock: QDockWidget | None = None
        self._factor = 1.0

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
            self._window.removeEventFilter(self)
            self._enlarge(1.0)
            self._dock = None
            self._window.centralWidget().show()
            self._window.arrange(layout)

    def _enter(self, key: str) -> None:
        self._layout = self._window.saveState(self._version)
        for name, dock in self._window.docks.items():
            if name != key:
                dock.hide()
        self._dock = dock = self._window.docks.get(key)
        self._window.centralWidget().setVisible(dock is None)
        if dock is not None:
            dock.setFloating(False)
            self._fit()
            dock.show()
            self._window.installEventFilter(self)

    def _fit(self) -> None:
        if self._dock is not None:
            self._enlarge(enlargement(self._window.size(), self._window.fontMetrics().height()))

    def _enlarge(self, factor: float) -> None:
        before, self._factor = self._factor, factor
        if self._dock is not None:
            enlarge(self._dock, before, factor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another size of the window, or of its letters."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            QTimer.singleShot(0, self._fit)  # when all has its new size
        return False

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


def enlargement(window: QSize, line: int) -> float:
    """How many times as large letters may be in a window of so many px, where a line of the usual ones is ``line`` px.

    In tenths, so that a window that is drawn larger does not give all its letters another size at every pixel.
    """
    across, down = USUAL
    room = min(window.width() / (across * line), window.height() / (down * line))
    return min(max(round(room, 1), 1.0), LARGEST)
