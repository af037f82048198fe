"""About: versions, licence, folders, and a button that copies them."""

from __future__ import annotations

import platform

import numpy as np
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.help.about import About
from app.main_window import MainWindow


def test_that_about_tells_versions_and_folders_and_copies_them(plain: MainWindow, qtbot: QtBot) -> None:
    plain.actions_by_key["help.about"].trigger()
    about = plain.findChild(About)
    assert isinstance(about, About)
    assert about.isVisible()
    qtbot.mouseClick(about.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    for words in (f"Python: {platform.python_version()}", f"Qt: {qVersion()}", f"NumPy: {np.__version__}", "MIT"):
        assert words in copied
    assert str(plain.log_path) in copied
    assert "kernels" in copied
    qtbot.keyClick(about, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: plain.findChild(About) is None)
