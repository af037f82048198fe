"""A window without a trainer: help asks nothing of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.session import Session
from tests.app.conftest import quick


@pytest.fixture
def plain(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> Iterator[MainWindow]:
    window = MainWindow(Session(quick()), lambda path=None: None, tmp_path / "netloom.log")
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    yield window
    window.session.undo.setClean()
    window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
