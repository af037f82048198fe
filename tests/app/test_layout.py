"""Docks: moved, tabbed, floated and remembered; and the whole window for one of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QDockWidget, QSlider, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from app.choice import Choice
from app.live import VIEWS as ROWS
from app.main_window import MainWindow
from app.pulse import in_sight
from tests.app.conftest import Open, quick

VIEWS = ("loss", "gradients", "fit")


def places(window: MainWindow) -> dict[str, tuple[object, ...]]:
    """Where every dock is, as a person sees it."""
    return {
        key: (
            dock.isVisible(),
            dock.isFloating(),
            window.dockWidgetArea(dock),
            dock.geometry() if dock.isVisible() else 0,
        )
        for key, dock in window.docks.items()
    }


def test_that_docks_come_back_where_they_were_moved_tabbed_and_floated(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    docks = window.docks
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["gradients"])
    window.tabifyDockWidget(docks["loss"], docks["fit"])
    docks["data"].setFloating(True)
    docks["palette"].hide()
    qtbot.waitUntil(lambda: docks["data"].isFloating() and docks["data"].isVisible())
    before = {key: value[:3] for key, value in places(window).items()}
    window.close()
    again = open_window()
    assert {key: value[:3] for key, value in places(again).items()} == before
    assert again.docks["fit"] in again.tabifiedDockWidgets(again.docks["loss"])
    again.restore_layout()
    assert not again.docks["data"].isFloating()
    assert again.dockWidgetArea(again.docks["gradients"]) == Qt.DockWidgetArea.BottomDockWidgetArea
    assert again.docks["palette"].isVisible()


def test_that_a_new_window_shows_the_inspector_and_every_view_with_a_place_of_its_own(
    window: MainWindow, qtbot: QtBot
) -> None:
    def seen() -> set[str]:
        return {key for key, dock in window.docks.items() if in_sight(dock)}

    own = {view.key for view in ROWS if not view.beside}
    qtbot.waitUntil(lambda: seen() == {"palette", "inspector", *own})


def tabs(window: MainWindow) -> list[list[str]]:
    """What stands on every bar of tabs that can be seen."""
    bars = [bar for bar in window.findChildren(QTabBar) if not bar.visibleRegion().isEmpty()]
    return [[bar.tabText(number) for number in range(bar.count())] for bar in bars]


def tabbed() -> list[int]:
    """How many docks share each place, as the table of live views has it."""
    right = ("inspector", "data", "problems")
    shared = Counter("" if view.beside in right else view.beside for view in ROWS if view.beside)
    return [len(right) + shared.pop("", 0), *(1 + count for count in shared.values())]


def test_that_the_layout_restored_again_and_again_leaves_no_tabs_behind(window: MainWindow, qtbot: QtBot) -> None:
    before = tabs(window)
    assert sorted(map(len, before)) == sorted(tabbed())
    for again in range(3):
        window.restore_layout()
        assert sum(bar.isVisible() for bar in window.findChildren(QTabBar)) == len(tabbed()), again
        qtbot.waitUntil(lambda: tabs(window) == before)
    window.solo.toggle("fit")
    window.solo.leave()
    qtbot.waitUntil(lambda: tabs(window) == before)


@pytest.mark.parametrize("key", VIEWS)
def test_that_one_key_gives_the_whole_window_to_the_view_with_the_focus_and_takes_it_back(
    key: str, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.docks[key].width() > 200)
    before = places(window)
    focus(window.views[key]).setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert [name for name, dock in window.docks.items() if dock.isVisible()] == [key]
    assert not window.canvas.isVisible()
    assert window.run_bar.isVisible()
    qtbot.waitUntil(lambda: window.docks[key].width() >= window.width() - 20)
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert window.canvas.isVisible()
    qtbot.waitUntil(lambda: places(window) == before)


def focus(view: QWidget) -> QWidget:
    """Something in it that a click would give the focus to; the button of its menu at the least."""
    return next(w for w in view.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus and w.isVisible())


def test_that_the_canvas_too_can_have_the_whole_window(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_F12)
    assert not any(dock.isVisible() for dock in window.docks.values())
    assert window.canvas.isVisible()
    window.restore_layout()
    assert not window.solo.on
    assert window.docks["loss"].isVisible()


@pytest.mark.parametrize("name", ["spiral", "digits", "sine"])
def test_that_no_dock_moves_while_the_views_fill(open_window: Open, qtbot: QtBot, name: str) -> None:
    window = open_window(quick(name, outputs=10 if name == "digits" else 1), ready=False)
    for row in ROWS:
        if row.key not in window.views:
            window.make_view(row.key)
    docks = window.docks
    for row in ROWS:
        if row.beside in window.views:
            window.splitDockWidget(docks[row.beside], docks[row.key], Qt.Orientation.Vertical)
    docks["doctor"].raise_()
    qtbot.waitUntil(lambda: window.session.trainer.status.phase == "ready", timeout=60_000)
    qtbot.waitUntil(lambda: all(in_sight(docks[key]) for key in window.views))
    before = places(window)
    window.actions_by_key["run.play"].trigger()
    views = window.views
    qtbot.waitUntil(lambda: not views["loss"].plot.is_empty and views["gradients"].bars.isVisible())
    qtbot.waitUntil(lambda: None not in (views["fit"].picture, views["space"].picture, views["why"].trace))
    assert places(window) == before
    for view in window.views.values():
        assert view.layout().minimumSize().width() <= view.minimumSizeHint().width()
        assert view.layout().minimumSize().height() <= max(view.minimumSizeHint().height(), 160)  # those scroll


def test_that_a_view_alone_is_not_what_the_next_start_shows(open_window: Open) -> None:
    window = open_window()
    window.docks["palette"].hide()
    window.solo.toggle("fit")
    window.close()
    again = open_window()
    assert again.docks["loss"].isVisible()
    assert not again.docks["palette"].isVisible()


def test_that_a_view_is_saved_beside_the_window_and_the_banner_says_so(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    view = window.views["gradients"]
    view.sharing.save_picture(tmp_path / "gradients.svg")
    qtbot.waitUntil(lambda: window.banner.text == "Saved gradients.svg")
    assert "<svg" in (tmp_path / "gradients.svg").read_text()


def test_that_every_control_of_every_live_view_has_a_name(window: MainWindow) -> None:
    kinds = (QAbstractButton, QComboBox, QSlider, QAbstractSpinBox)
    nameless = [
        f"{key}: {type(widget).__name__} {widget.objectName()}"
        for key, view in window.views.items()
        for kind in kinds
        for widget in view.findChildren(kind)
        if not (widget.accessibleName() or getattr(widget, "text", str)() or widget.toolTip())
    ]
    assert not nameless
    assert all(isinstance(dock, QDockWidget) and dock.windowTitle() for dock in window.docks.values())


def test_that_no_optimizer_is_cut_in_a_new_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1280, 800)

    def choices() -> list[Choice]:
        return [each for each in window.docks["inspector"].findChildren(Choice) if each.findText("Adam") >= 0]

    qtbot.waitUntil(lambda: any(choice.isVisible() for choice in choices()))
    (choice,) = choices()
    with QSignalBlocker(choice):
        for row in range(choice.count()):
            choice.setCurrentIndex(row)
            assert choice.words == choice.currentText()
