"""The menu bar: the table of actions, with what only a running window knows: docks, recent files, examples."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from app.actions import MENUS, ROWS, show_states
from app.canvas.commands import EDITS
from app.examples import examples

if TYPE_CHECKING:
    from app.main_window import MainWindow


def fill_menus(window: MainWindow) -> None:
    """Make the menu bar."""
    bar = window.menuBar()
    menus: dict[str, QMenu] = {title: bar.addMenu(title) for title in MENUS}
    for row in ROWS:
        menu = menus.get(row.menu)
        if menu is None:
            continue
        if row.gap:
            menu.addSeparator()
        menu.addAction(window.actions_by_key[row.key])
        if row.key == "file.open":
            _add_lists(window, menu)
        elif row.key == "file.save_as":
            window.canvas.commands.fill(menu, ("file",))
        elif row.key == "edit.redo":
            menu.addSeparator()
            window.canvas.commands.fill(menu, EDITS)
    _add_docks(window, menus["&View"])
    for menu in menus.values():
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(partial(show_states, window, window.actions_by_key))
    name_undo(window)


def name_undo(window: MainWindow) -> None:
    """Undo and Redo say what they would do."""
    undo = window.session.undo
    for key, word, can, step in (
        ("edit.undo", "&Undo", undo.canUndo(), undo.undoText()),
        ("edit.redo", "&Redo", undo.canRedo(), undo.redoText()),
    ):
        window.actions_by_key[key].setText(f"{word} {step}".rstrip())
        window.actions_by_key[key].setEnabled(can)


def _add_lists(window: MainWindow, menu: QMenu) -> None:
    recent = menu.addMenu("Open &recent")
    recent.aboutToShow.connect(partial(_fill_recent, window, recent))
    ready = menu.addMenu("E&xamples")
    ready.aboutToShow.connect(partial(_fill_examples, window, ready))


def _fill_recent(window: MainWindow, menu: QMenu) -> None:
    menu.clear()
    for path in window.files.recent:
        menu.addAction(path.name, partial(window.files.open, path)).setToolTip(str(path))
    if menu.isEmpty():
        menu.addAction("Nothing yet").setEnabled(False)
    else:
        menu.addSeparator()
        menu.addAction("Clear the list", window.files.forget_recent)


def _fill_examples(window: MainWindow, menu: QMenu) -> None:
    """When it is first opened; they never change."""
    if not menu.isEmpty():
        return
    for group, members in groupby(examples(), lambda example: example.group):
        part = menu.addMenu(group)
        part.setToolTipsVisible(True)
        for example in members:
            part.addAction(example.title, partial(window.files.open_example, example)).setToolTip(example.notes)


def _add_docks(window: MainWindow, menu: QMenu) -> None:
    first = menu.actions()[0]
    for dock in window.docks.values():
        action = dock.toggleViewAction()
        menu.insertAction(first, action)
    menu.insertSeparator(first)
    window.canvas.commands.fill(menu, ("view",), first)
    menu.insertSeparator(first)
