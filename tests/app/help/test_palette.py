"""The command palette by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.examples import examples
from app.help.commands import chosen, commands_of
from app.help.palette import COMMAND, CommandPalette
from app.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def palette_of(window: MainWindow, qtbot: QtBot) -> CommandPalette:
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_K, CTRL)
    palette = window.findChild(CommandPalette)
    assert isinstance(palette, CommandPalette)
    assert palette.isVisible()
    return palette


def titles(palette: CommandPalette) -> list[str]:
    return [palette.model.index(row).data() for row in range(palette.model.rowCount())]


def do(window: MainWindow, qtbot: QtBot, words: str) -> None:
    palette = palette_of(window, qtbot)
    qtbot.keyClicks(palette.search, words)
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert not palette.isVisible()


def test_that_a_layer_is_added_by_a_few_letters(plain: MainWindow, qtbot: QtBot) -> None:
    plain.canvas.setFocus()
    do(plain, qtbot, "add drop")
    assert "dropout" in [node.layer.kind for node in plain.session.document.nodes]
    plain.session.undo.undo()
    assert "dropout" not in [node.layer.kind for node in plain.session.document.nodes]


def test_that_actions_are_done_with_the_focus_in_a_field_too(plain: MainWindow, qtbot: QtBot) -> None:
    for field in plain.findChildren(QLineEdit):
        if field.isVisible() and field.isEnabled() and not field.isReadOnly():
            field.setFocus()
            palette = palette_of(plain, qtbot)
            qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
            assert not palette.isVisible()
    do(plain, qtbot, "select all")
    assert plain.session.selection == frozenset(plain.session.document.by_id)


def test_that_an_example_data_and_a_page_are_opened(plain: MainWindow, qtbot: QtBot) -> None:
    do(plain, qtbot, "example circle")
    qtbot.waitUntil(lambda: plain.session.document.title == "Circle")
    do(plain, qtbot, "learn moons")
    assert plain.session.document.data.kind == "moons"
    do(plain, qtbot, "help back prop")
    qtbot.waitUntil(lambda: "chain rule" in plain.help.panel.browser.toPlainText())


def test_that_what_cannot_be_done_now_is_shown_as_such_and_not_done(plain: MainWindow, qtbot: QtBot) -> None:
    assert not plain.actions_by_key["edit.undo"].isEnabled()
    palette = palette_of(plain, qtbot)
    qtbot.keyClicks(palette.search, "undo")
    row = next(r for r, title in enumerate(titles(palette)) if title == "Do: Undo (not possible now)")
    index = palette.model.index(row)
    assert not index.flags() & Qt.ItemFlag.ItemIsEnabled
    palette._do(index)
    assert palette.isVisible()
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)


def test_that_arrows_choose_and_keys_are_shown(plain: MainWindow, qtbot: QtBot) -> None:
    palette = palette_of(plain, qtbot)
    first = palette.list.currentIndex().row()
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() > first
    qtbot.keyClicks(palette.search, "full screen")
    command = palette.list.currentIndex().data(COMMAND)
    assert command.keys == "F11"
    palette.search.setText("qqqq")
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)


def test_that_everything_is_in_it(plain: MainWindow) -> None:
    commands = commands_of(plain)
    whats = {command.what for command in commands}
    assert {"Do", "Add", "Example", "Learn from", "Help"} <= whats
    assert len([command for command in commands if command.what == "Example"]) == len(examples())
    assert chosen("dense", commands)[0].what == "Add"
    assert chosen("spiral", commands)[0].what == "Example"
    assert chosen("play", commands)[0].title.startswith("Play")
