"""Live views that stand alone, and what they are told."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.live.fit import FitView
from app.live.gradients import GradientView
from app.live.loss import LossView
from app.session import Session
from tests.app.conftest import quick
from tests.app.live.views import Told, shown


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def session(qapp: QApplication) -> Session:
    return Session(quick())


@pytest.fixture
def loss(qtbot: QtBot, session: Session) -> LossView:
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
