"""Live views that stand alone, and what they are told."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.live import loss as drawn
from app.live.fit import FitView
from app.live.gradients import GradientView
from app.live.loss import LossView
from app.live.why.view import WhyView
from app.main_window import MainWindow
from app.session import Session
from tests.app.canvas.live import in_a_row
from tests.app.conftest import quick
from tests.app.live.asked import Open
from tests.app.live.views import Told, shown


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def session(qapp: QApplication) -> Session:
    return Session(quick())


@pytest.fixture
def loss(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> LossView:
    """Which draws at every beat."""
    monkeypatch.setattr(drawn, "PERIOD", 0.0)
    view = LossView(session)
    shown(qtbot, view)
    return view


@pytest.fixture
def fit(qtbot: QtBot, session: Session) -> FitView:
    view = FitView(session)
    shown(qtbot, view)
    return view


@pytest.fixture
def gradients(qtbot: QtBot, session: Session) -> GradientView:
    view = GradientView(session)
    shown(qtbot, view)
    return view


@pytest.fixture
def why(open_window: Any, qtbot: QtBot) -> Open:
    """A window whose dock is in front, with its first trace."""

    def open_one(document: Any = None) -> tuple[MainWindow, WhyView]:
        window = open_window(in_a_row(document or quick()))
        window.make_view("why")
        window.docks["why"].raise_()
        view = window.views["why"]
        assert isinstance(view, WhyView)
        qtbot.waitUntil(lambda: view.trace is not None and view.isVisible())
        return window, view

    return open_one
