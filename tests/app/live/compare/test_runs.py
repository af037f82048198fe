"""The Compare view in a whole window, with real clicks: runs are added, raced, fanned out, looked at and taken over."""

from __future__ import annotations

import gc
import weakref
from itertools import accumulate
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.live.compare.curves import CurvesPage
from app.live.compare.lines import FanLine, RunLine
from app.live.compare.surface import SurfacePage
from app.live.compare.view import WIDE, CompareView
from app.main_window import MainWindow
from engine.training.optimizers import Optimizer
from tests.app.conftest import quick
from tests.app.live.compare.reading import cell, click, curves, ended, page_of


def test_that_it_says_what_to_do_while_nothing_is_compared(view: CompareView) -> None:
    assert view._empty.isVisible()
    assert "Add" in view._empty.text()
    assert not view.play.isEnabled()
    assert view.sharing.picture().width() > 0


def test_that_two_designs_are_added_trained_and_told_apart(window: MainWindow, view: CompareView, qtbot: QtBot) -> None:
    session = window.session
    click(qtbot, view.add, QPoint(8, view.add.height() // 2))
    training = session.document.training
    session.edit("Rate", session.document.but(training=training.but(learning_rate=0.05)))
    click(qtbot, view.add, QPoint(8, view.add.height() // 2))
    assert [each.name for each in view.arena.standings] == ["Small", "Learning rate 0.01 → 0.05"]
    click(qtbot, view.play)
    ended(qtbot, view)
    view.choice.setCurrentIndex(0)
    assert view.runs.isVisible()
    qtbot.waitUntil(lambda: cell(view, 1, 1) == "30")
    assert cell(view, 1, 0) == "Learning rate 0.01 → 0.05"
    stars = [cell(view, row, 2).startswith("★") for row in range(2)]
    losses = [each.finals.losses["train"] for each in view.arena.standings if each.finals]
    assert stars == [losses[0] < losses[1], losses[1] < losses[0]]
    # the run of the window has not been touched
    assert session.trainer is not None
    assert session.trainer.status.step == 0


def test_that_one_click_lets_six_optimizers_race(view: CompareView, qtbot: QtBot) -> None:
    click(qtbot, view.racing)
    ended(qtbot, view)
    names = [each.name for each in view.arena.standings]
    assert names == ["Gradient descent", "SGD", "Mini-batch", "Momentum", "RMSProp", "Adam"]
    kinds = [each.contestant.document.training for each in view.arena.standings]
    assert [each.learning_rate for each in kinds] == [Optimizer.kinds[each.optimizer.kind].usual_rate for each in kinds]
    page = curves(view)
    assert len(page._lines) == 6
    for line in page._lines.values():
        assert isinstance(line, RunLine)
        assert len(line.series["loss"].x) == 30
    page.axis.setCurrentIndex(page.axis.findData("steps"))
    steps = {each.step for each in view.arena.standings}
    assert {int(line.extent("loss")[0][-1]) for line in page._lines.values()} == steps
    click(qtbot, view._header._entries[0])
    assert not view._header._entries[0].isChecked()
    page.quantity.setCurrentIndex(3)
    assert page.quantity.currentText() == "Validation accuracy"
    columns = page.columns()
    assert len(columns["loss"]) == 180


def test_that_what_is_hidden_stays_so_while_another_page_is_looked_at(view: CompareView, qtbot: QtBot) -> None:
    view.arena.race()
    for kind in (CurvesPage, SurfacePage):
        number = 1 + view.pages.index(page_of(view, kind))
        view.choice.setCurrentIndex(number)
        click(qtbot, view._header._entries[0])
        view.choice.setCurrentIndex(0)
        # outside of exec() nobody else deletes what was to be deleted later
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        view.choice.setCurrentIndex(number)
        assert [entry.isChecked() for entry in view._header._entries] == [False, True, True, True, True, True]


@pytest.mark.parametrize("page", range(4))
def test_that_nothing_is_held_of_runs_that_are_removed(
    page: int, window: MainWindow, view: CompareView, qtbot: QtBot
) -> None:
    view.arena.race()
    ended(qtbot, view)
    for shown in (1, 3, page):
        view.choice.setCurrentIndex(shown)
        with qtbot.waitSignals([window.pulse.began] * 2):  # it has been drawn, and asked for what it lacks
            pass
    contest = view.arena.contest
    assert contest is not None
    held = [weakref.ref(lane) for lane in contest._lanes.values()]
    held += [weakref.ref(each.log) for each in view.arena.standings]
    view.arena.clear()
    qtbot.waitUntil(lambda: not contest.alive)

    def gone() -> bool:
        gc.collect()
        return not any(each() for each in held)

    qtbot.waitUntil(gone)


def test_that_seeds_are_a_band_and_a_mean(view: CompareView, qtbot: QtBot) -> None:
    view.arena.fan(3)
    ended(qtbot, view)
    page = curves(view)
    (line,) = page._lines.values()
    assert isinstance(line, FanLine)
    qtbot.waitUntil(lambda: line._band is not None and len(line._band.x) == 30)
    view.choice.setCurrentIndex(0)
    qtbot.waitUntil(lambda: view.runs.rows.rowCount() == 4)
    assert cell(view, 3, 0) == "Seed: mean of 3"
    assert "±" in cell(view, 3, 2)
    bold = QFont(view.runs.table.font())
    bold.setBold(True)
    for column in (2, 3):  # the words of the mean fill it
        words = QFontMetricsF(bold).horizontalAdvance(cell(view, 3, column))
        assert view.runs.table.columnWidth(column) - words >= 12


def test_that_a_design_is_taken_over_and_given_back(window: MainWindow, view: CompareView, qtbot: QtBot) -> None:
    click(qtbot, view.racing)
    view.choice.setCurrentIndex(0)
    qtbot.waitUntil(lambda: view.runs.rows.rowCount() == 6)
    table = view.runs.table
    place = table.visualRect(view.runs.rows.index(3, 0)).center()
    click(qtbot, table.viewport(), place)
    before = window.session.document
    view._more.aboutToShow.emit()
    assert (view._use.text(), view._remove.text()) == ("&Use the design of Momentum", "&Remove Momentum")
    view._use.trigger()
    assert window.session.document.training.optimizer.kind == "momentum"
    assert window.session.undo.undoText() == "Use Momentum"
    window.session.undo.undo()
    assert window.session.document == before
    view._remove.trigger()
    assert "Momentum" not in [each.name for each in view.arena.standings]
    view._clear.trigger()
    assert view._empty.isVisible()


def test_that_a_change_is_offered_and_added(view: CompareView, qtbot: QtBot) -> None:
    view._fill_add_menu()
    groups: dict[str, Any] = {action.text(): action.menu() for action in view._add_menu.actions() if action.menu()}
    assert {"Optimizer", "Learning rate", "Batch size"} <= set(groups)
    next(action for action in groups["Optimizer"].actions() if action.text() == "RMSProp").trigger()
    (standing,) = view.arena.standings
    assert standing.name == "Optimizer: RMSProp"
    assert standing.contestant.document.training.optimizer.kind == "rmsprop"


def test_that_the_menu_of_changes_leaves_nothing_behind(view: CompareView) -> None:
    view._fill_add_menu()
    before = len(view._add_menu.findChildren(QObject))
    for _ in range(3):
        view._fill_add_menu()
    assert len(view._add_menu.findChildren(QObject)) == before


def test_that_it_says_when_the_window_trains_too(window: MainWindow, view: CompareView, qtbot: QtBot) -> None:
    window.session.edit("Long", quick())
    view.arena.add_current()
    view.arena.toggle()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "share the cores" in view._bar.reading.text())
    qtbot.waitUntil(lambda: view.arena.standings[0].epoch > 0)
    view.arena.toggle()
    qtbot.waitUntil(lambda: view.arena.standings[0].phase == "ready" and view.arena.standings[0].finals is not None)
    view.arena.restart()
    assert view.arena.standings[0].epoch == 0


def test_that_a_wide_place_shows_the_list_beside_the_curves(
    window: MainWindow, view: CompareView, qtbot: QtBot
) -> None:
    click(qtbot, view.racing)
    window.resize(1280, 800)
    assert not view.runs.isVisible()
    window.solo.toggle("compare")
    qtbot.waitUntil(lambda: view.width() >= WIDE)
    assert view.runs.isVisible()
    assert curves(view).isVisible()
    QApplication.processEvents()
    assert all(control.isVisible() for control in curves(view).controls)
    view.choice.setCurrentIndex(0)
    assert view.runs.isVisible()
    assert not curves(view).isVisible(), "the list alone, with room for all its columns"
    QApplication.processEvents()
    assert view.runs.width() == view.width()
    view.choice.setCurrentIndex(1)
    assert view.runs.isVisible()
    assert curves(view).isVisible()
    ended(qtbot, view)


@pytest.mark.parametrize("width", [1280, 1500, 1920])
def test_that_the_list_ends_where_a_column_does(
    window: MainWindow, view: CompareView, qtbot: QtBot, width: int
) -> None:
    click(qtbot, view.racing)
    window.resize(width, 900)
    window.solo.toggle("compare")
    ended(qtbot, view)
    head, seen = view.runs.table.horizontalHeader(), view.runs.table.viewport()
    qtbot.waitUntil(lambda: seen.width() in accumulate(map(head.sectionSize, range(head.count()))))


def test_that_closing_ends_all_that_is_computed(window: MainWindow, view: CompareView, qtbot: QtBot) -> None:
    """That no thread is left is seen by every test; here all of them are at work when the window closes."""
    window.session.edit("Long", quick())
    click(qtbot, view.find)
    click(qtbot, view.racing)
    view.arena.fan(3)
    page_of(view, SurfacePage)
    qtbot.waitUntil(lambda: all(each.step for each in view.arena.standings))
    window._close_now()
    assert not view.arena._old
