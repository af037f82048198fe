"""A window that compares."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.live.compare.view import CompareView
from app.main_window import MainWindow
from tests.app.conftest import Open, quick


@pytest.fixture
def window(open_window: Open, qtbot: QtBot) -> MainWindow:
    made = open_window(quick(epochs=30))
    made.make_view("compare")
    made.docks["compare"].show()
    made.docks["compare"].raise_()
    qtbot.waitUntil(made.views["compare"].isVisible)
    return made


@pytest.fixture
def view(window: MainWindow) -> CompareView:
    found = window.views["compare"]
    assert isinstance(found, CompareView)
    return found
