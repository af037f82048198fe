"""The Compare view in a whole window, with real clicks: runs are added, raced, fanned out, looked at and taken over."""

from __future__ import annotations

import gc
import weakref
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import theme
from app.live.compare.curves import CurvesPage
from app.live.compare.lines import FanLine, RunLine
from app.live.compare.page import Page
from app.live.compare.pictures import PicturesPage
from app.live.compare.surface import SurfacePage
from app.live.compare.view import WIDE, CompareView
from app.main_window import MainWindow
from engine.design.document import Document
from engine.insight.pictures import BoundaryPicture
from engine.training.optimizers import Optimizer
from tests.app.conftest import Open, quick

P = TypeVar("P", bound=Page)


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


def click(qtbot: QtBot, widget: QWidget, place: QPoint | None = None) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place or widget.rect().center())


def ended(qtbot: QtBot, view: CompareView) -> None:
    """Ended, and measured as they are now: who rests before the start is measured there, too."""

    def measured() -> bool:
        return all(
            each.ended and each.finals is not None and each.finals.step == each.step for each in view.arena.standings
        )

    qtbot.waitUntil(measured)
    qtbot.waitUntil(lambda: view._bar.reading.text() == "All have ended")


def curves(view: CompareView) -> CurvesPage:
    page = view.pages[0]
    assert isinstance(page, CurvesPage)
    return page


def cell(view: CompareView, row: int, column: int) -> str:
    return str(view.runs.rows.index(row, column).data() or "")


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
    click(qtbot, view._key._entries[0])
    assert not view._key._entries[0].isChecked()
    page.quantity.setCurrentIndex(3)
    assert page.quantity.currentText() == "Validation accuracy"
    columns = page.columns()
    assert len(columns["loss"]) == 180


def test_that_what_is_hidden_stays_so_while_another_page_is_looked_at(view: CompareView, qtbot: QtBot) -> None:
    view.arena.race()
    for kind in (CurvesPage, SurfacePage):
        number = 1 + view.pages.index(page_of(view, kind))
        view.choice.setCurrentIndex(number)
        click(qtbot, view._key._entries[0])
        view.choice.setCurrentIndex(0)
        # outside of exec() nobody else deletes what was to be deleted later
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        view.choice.setCurrentIndex(number)
        assert [entry.isChecked() for entry in view._key._entries] == [False, True, True, True, True, True]


@pytest.mark.parametrize("page", range(4))
def test_that_nothing_is_held_of_runs_that_are_removed(page: int, view: CompareView, qtbot: QtBot) -> None:
    view.arena.race()
    ended(qtbot, view)
    for shown in (1, 3, page):
        view.choice.setCurrentIndex(shown)
        qtbot.wait(50)
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
    ended(qtbot, view)


def page_of(view: CompareView, kind: type[P]) -> P:
    """Show a page, and give it."""
    number = next(number for number, page in enumerate(view.pages) if isinstance(page, kind))
    view.choice.setCurrentIndex(number + 1)
    page = view.pages[number]
    assert isinstance(page, kind)
    return page


def test_that_pictures_stand_side_by_side_with_their_difference(
    window: MainWindow, view: CompareView, qtbot: QtBot
) -> None:
    view.arena.add_current()
    document = window.session.document
    view.arena.add_variation("Sigmoid", document.set_fields("dense_1", activation="sigmoid"))
    page = page_of(view, PicturesPage)
    view.arena.toggle()
    ended(qtbot, view)
    qtbot.waitUntil(lambda: len(page.maps) == 1 and page.maps["difference"].map is not None)
    steps = [each.step for each in view.arena.standings]
    qtbot.waitUntil(lambda: [tile.step for tile in page.tiles.values()] == steps)
    first, second = (tile.picture for tile in page.tiles.values())
    assert isinstance(first, BoundaryPicture)
    assert isinstance(second, BoundaryPicture)
    assert first.span == second.span
    shown = page.maps["difference"].map
    assert shown is not None
    np.testing.assert_allclose(shown.values, (first.values - second.values) / 2)
    assert all(tile.isVisible() for tile in (*page.tiles.values(), *page.maps.values()))
    assert len(page.columns()) == 3


def test_that_pictures_out_of_sight_outlive_their_runs(window: MainWindow, view: CompareView, qtbot: QtBot) -> None:
    sigmoid = window.session.document.set_fields("dense_1", activation="sigmoid")
    view.arena.add_current()
    for name in ("One", "Two"):
        view.arena.add_variation(name, sigmoid)
    view.arena.choose(1)
    view.arena.remove_chosen()
    page = page_of(view, PicturesPage)
    qtbot.waitUntil(lambda: page.tiles.keys() == {2, 3} and len(page.maps) == 1)
    view.choice.setCurrentIndex(0)
    view.arena.clear()
    view.arena.add_current()
    view.arena.add_variation("One", sigmoid)
    theme.announcer.changed.emit(theme.current())
    page_of(view, PicturesPage)
    qtbot.waitUntil(lambda: page.tiles.keys() == {1, 2})


def test_that_seeds_show_where_they_disagree(view: CompareView, qtbot: QtBot) -> None:
    page = page_of(view, PicturesPage)
    view.arena.fan(3)
    ended(qtbot, view)
    qtbot.waitUntil(lambda: bool(page.maps) and all(each.map is not None for each in page.maps.values()))
    (tile,) = page.maps.values()
    assert tile.map is not None
    assert set(np.round(np.unique(tile.map.values) * 3)) <= {0, 1}  # of three seeds one at most votes otherwise
    assert "Disagreement" in tile.name.text()


def test_that_the_race_leads_over_a_surface(view: CompareView, qtbot: QtBot) -> None:
    click(qtbot, view.racing)
    page = page_of(view, SurfacePage)
    ended(qtbot, view)
    qtbot.waitUntil(lambda: page._drawn is not None and page._drawn.done == 1)
    drawn = page._drawn
    assert drawn is not None
    assert len(drawn.paths) == 6
    assert "in the middle" in view._header.reading.text()
    best = min(view.arena.standings, key=lambda each: each.finals.losses["train"] if each.finals else 9.0)
    assert best.finals is not None
    assert drawn.centre == pytest.approx(best.finals.losses["train"])
    starts = [path[0] for path in drawn.paths.values()]
    np.testing.assert_allclose(starts, [starts[0]] * 6, atol=1e-4)  # same seed: all began at the same weights
    click(qtbot, page.dice)
    qtbot.waitUntil(lambda: page._drawn is not None and page._drawn.kind == "random" and page._drawn.done == 1)
    assert page.landscape.plot.is_empty is False


def test_that_a_click_on_the_curve_sets_the_learning_rate(window: MainWindow, view: CompareView, qtbot: QtBot) -> None:
    before = window.session.document
    click(qtbot, view.find)
    page = view.rate
    qtbot.waitUntil(lambda: page.isVisible() and page.found is not None and page.found.ended != "")
    page.plot.grab()  # lays out what was empty a moment ago
    (left, right), (bottom, top) = page.plot.box.viewRange()
    assert left < -3 < right
    place = page.plot.mapFromScene(page.plot.box.mapViewToScene(QPointF(-3.0, (bottom + top) / 2)))
    click(qtbot, page.plot.viewport(), place)
    assert window.session.document.training.learning_rate == pytest.approx(0.001, rel=0.2)
    assert window.session.undo.undoText().startswith("Learning rate")
    click(qtbot, page.tenth)
    assert page.found is not None
    assert window.session.document.training.learning_rate == pytest.approx(page.found.tenth, rel=0.06)
    window.session.undo.undo()
    window.session.undo.undo()
    assert window.session.document == before
    # nothing was trained for it in the window
    assert window.session.trainer is not None
    assert window.session.trainer.status.step == 0


def test_that_a_design_that_cannot_be_trained_has_no_rate(window: MainWindow, view: CompareView, qtbot: QtBot) -> None:
    window.session.edit("Empty", Document())
    said: list[str] = []
    view.arena.told.connect(said.append)
    click(qtbot, view.find)
    assert "cannot be tested" in said[0]


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


def ground(view: CompareView) -> QColor:
    """The colour at the left edge of the page."""
    return view.grab().toImage().pixelColor(2, view.height() // 2)


@pytest.mark.parametrize("dark", [True, False])
def test_that_every_page_wears_the_theme(dark: bool, view: CompareView, qtbot: QtBot) -> None:
    view.arena.fan(3)
    ended(qtbot, view)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    worn = theme.current().dark
    try:
        for number in range(view.choice.count()):
            view.choice.setCurrentIndex(number)
            theme.apply(app, dark)
            qtbot.waitUntil(lambda: (ground(view).lightness() < 128) == dark)
    finally:
        theme.apply(app, worn)
