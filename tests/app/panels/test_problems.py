"""The panel of problems, in any room."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.panels.problems import ProblemsPanel
from app.session import Session
from app.startup import opening
from engine.data.prepare import prepare
from engine.design.document import Document
from tests.app.acts import bring_up


def panel_of(qtbot: QtBot, document: Document) -> ProblemsPanel:
    session = Session(document)
    session.use(prepare(document.data, document.split))
    panel = ProblemsPanel(session)
    session.setParent(panel)
    bring_up(qtbot, panel, 1800, 900)
    return panel


def test_that_the_good_news_stands_in_the_middle(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, opening())
    assert not panel.rows()
    words = panel.widget().findChild(QLabel)
    middle = words.mapTo(panel, words.rect().center())
    assert abs(middle.x() - 900) < 20
    assert abs(middle.y() - 450) < 20


def test_that_a_button_stands_near_its_problem_in_a_panel_as_wide_as_the_window(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, Document())
    assert panel.rows()
    assert all(row.width() < 800 for row in panel.rows())
    assert all(row.y() < 200 for row in panel.rows())
