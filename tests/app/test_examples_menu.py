"""Examples are offered in groups, by the titles that people read, and say what they show when they are opened."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.examples import examples
from app.main_window import MainWindow


def opened(window: MainWindow) -> QMenu:
    """The Examples menu, filled as when it is opened."""
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.title() == "E&xamples"]
    menu.aboutToShow.emit()
    return menu


def entries(menu: QMenu) -> list[QAction]:
    return [entry for part in menu.actions() for entry in part.menu().actions()]


def test_that_every_example_is_offered_in_its_group_by_its_title(window: MainWindow) -> None:
    menu = opened(window)
    assert [part.text() for part in menu.actions()] == list(dict.fromkeys(example.group for example in examples()))
    assert [entry.text() for entry in entries(menu)] == [example.title for example in examples()]
    assert all(entry.toolTip() == example.notes for entry, example in zip(entries(menu), examples(), strict=True))


def test_that_the_menu_holds_no_more_however_often_it_is_opened(window: MainWindow) -> None:
    menu = opened(window)
    held = len(menu.findChildren(QObject))
    for _ in range(3):
        opened(window)
    assert len(menu.findChildren(QObject)) == held


def test_that_an_opened_example_says_what_it_shows_and_nothing_of_the_one_before(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.running.step("epoch")
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch == 1)
    chosen = next(example for example in examples() if example.name == "circle")
    next(entry for entry in entries(opened(window)) if entry.text() == chosen.title).trigger()
    qtbot.waitUntil(lambda: window.session.document.title == chosen.title)
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch == 0)
    assert window.banner.text == chosen.notes
