"""Pictures side by side, the loss surface, the learning-rate test: every page of the comparison."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import theme
from app.live.compare.pictures import PicturesPage
from app.live.compare.surface import SurfacePage
from app.live.compare.view import CompareView
from app.live.numbers import short
from app.main_window import MainWindow
from engine.design.document import Document
from engine.insight.pictures import BoundaryPicture
from tests.app.live.compare.reading import click, ended, page_of


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


def test_that_a_plane_keeps_to_one_scale_in_tiles_of_any_shape(
    window: MainWindow, view: CompareView, qtbot: QtBot
) -> None:
    window.resize(1000, 1100)
    window.solo.toggle("compare")
    view.arena.fan(3)
    ended(qtbot, view)
    page = page_of(view, PicturesPage)  # nobody moves on any more: what is asked for now stays

    def to_scale() -> bool:
        tile = next(iter(page.tiles.values()))
        if not isinstance(tile.picture, BoundaryPicture):
            return False
        left, right, bottom, top = tile.picture.span
        return abs(tile.aspect - 1) > 0.2 and abs((right - left) / (top - bottom) - tile.aspect) < 0.1

    qtbot.waitUntil(to_scale)


def test_that_the_race_leads_over_a_surface(view: CompareView, qtbot: QtBot) -> None:
    click(qtbot, view.racing)
    page = page_of(view, SurfacePage)
    ended(qtbot, view)
    qtbot.waitUntil(lambda: page._drawn is not None and page._drawn.done == 1)
    drawn = page._drawn
    assert drawn is not None
    assert len(drawn.paths) == 6
    reading = view._header.reading.text()
    assert (
        reading.split()[1] == f"{short(drawn.centre)},"
    )  # the number comes first: the end is cut where room is scarce
    names = [page.landscape.plot.axes[side].name for side in ("bottom", "left")]
    assert [name.split(" (")[0] for name in names] == ["PC 1", "PC 2"]
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


def test_that_the_rate_is_that_of_the_design_as_it_was_asked_for(
    window: MainWindow, view: CompareView, qtbot: QtBot
) -> None:
    click(qtbot, view.find)
    window.session.edit("Empty", Document())  # before the weights have arrived
    rate = view.rate
    qtbot.waitUntil(lambda: rate._tasks.task is not None and rate._tasks.task.done)
    assert rate._tasks.task is not None
    assert not rate._tasks.task.failure
    assert rate._tasks.task.latest is not None


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
