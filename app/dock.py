"""A panel of the window."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QAbstractButton, QDockWidget, QMainWindow, QStyle, QWidget

from app import theme

BUTTONS: Final = {
    "qt_dockwidget_floatbutton": QStyle.StandardPixmap.SP_TitleBarNormalButton,
    "qt_dockwidget_closebutton": QStyle.StandardPixmap.SP_TitleBarCloseButton,
}


class Dock(QDockWidget):
    """Qt asks the style for the signs of its title when the panel is made and when it floats; we, at another theme."""

    def __init__(self, key: str, title: str, widget: QWidget, window: QMainWindow) -> None:
        """``key``: under which a layout that is remembered knows it."""
        super().__init__(title, window)
        self.setObjectName(key)
        self.setWidget(widget)
        theme.announcer.changed.connect(self._dress)

    def _dress(self, _theme: object) -> None:
        for name, which in BUTTONS.items():
            button = self.findChild(QAbstractButton, name)
            if button is not None:
                button.setIcon(self.style().standardIcon(which, None, self))
