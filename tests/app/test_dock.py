"""The buttons in a panel's title."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QDockWidget
from pytestqt.qtbot import QtBot

from app import theme
from app.dock import BUTTONS
from app.main_window import MainWindow
from app.theme import contrast


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp, dark=True)


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_that_the_buttons_of_a_title_are_seen_in_every_theme_and_where_it_floats(
    dark: bool, window: MainWindow, qapp: QApplication, qtbot: QtBot
) -> None:
    theme.apply(qapp, not dark)
    theme.apply(qapp, dark)
    dock = window.docks["loss"]
    for floating in (False, True, False):
        dock.setFloating(floating)
        for name in BUTTONS:
            assert contrast(_ink(dock, name), theme.current().window) > 4.5


def _ink(dock: QDockWidget, name: str) -> str:
    """The colour of the fullest pixel of a button's sign."""
    button = dock.findChild(QAbstractButton, name)
    image = button.icon().pixmap(16, 16).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    full = max(pixels, key=QColor.alpha)
    return full.name()
