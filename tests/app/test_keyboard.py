"""A network built, wired, mended, named and trained without touching the mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.design.document import Document, Wire
from tests.app.conftest import Open

Key = Qt.Key
CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


def press(key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    """Into whatever has the keys."""
    focused = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert isinstance(focused, QWidget)
    QTest.keyClick(focused.focusWidget() or focused, key, keys)


def write(text: str) -> None:
    focused = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert isinstance(focused, QWidget)
    QTest.keyClicks(focused.focusWidget() or focused, text)


def add(words: str) -> None:
    press(Key.Key_Tab)
    write(words)
    press(Key.Key_Return)


def awake(window: MainWindow, qtbot: QtBot) -> None:
    """The platform of the tests lets the window sleep while a test waits."""
    with qtbot.waitActive(window):
        window.activateWindow()
    assert window.focusWidget() is window.canvas
    window.canvas.setFocus()


def chosen(window: MainWindow) -> str:
    (id,) = window.session.selection
    return id


def test_that_a_network_is_built_edited_and_trained_by_keys_alone(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(Document(), ready=False)
    with qtbot.waitActive(window):
        window.activateWindow()
    session, canvas = window.session, window.canvas
    canvas.setFocus()

    for words in ("input", "dense", "dense", "dense"):
        add(words)
    assert [node.id for node in session.document.nodes] == ["input_1", "dense_1", "dense_2", "dense_3"]
    assert len(session.document.wires) == 3

    press(Key.Key_Left, CTRL)
    assert chosen(window) == "dense_2"
    press(Key.Key_Delete)
    assert Wire(source="dense_1", target="dense_3") in session.document.wires

    press(Key.Key_Escape)
    session.select([])
    press(Key.Key_Right, CTRL)
    assert chosen(window) == "input_1"
    press(Key.Key_Right, CTRL)
    assert chosen(window) == "dense_1"
    press(Key.Key_Return)
    assert window.inspector.isAncestorOf(QApplication.focusWidget())
    write("2**4")
    press(Key.Key_Return)
    press(Key.Key_Escape)
    assert session.document.node("dense_1").layer.units == 16
    assert canvas.hasFocus()

    press(Key.Key_F2)
    write("Hidden")
    press(Key.Key_Return)
    assert session.document.node("dense_1").name == "Hidden"
    assert canvas.hasFocus()

    press(Key.Key_Right, CTRL)
    assert chosen(window) == "dense_3"
    press(Key.Key_Return)
    write("1")
    press(Key.Key_Return)
    press(Key.Key_Escape)

    session.edit("Cut", session.document.disconnect(Wire(source="dense_1", target="dense_3")))
    press(Key.Key_Left, CTRL)
    press(Key.Key_Right, CTRL | SHIFT)
    assert len(session.selection) == 2
    press(Key.Key_C)
    assert Wire(source="dense_1", target="dense_3") in session.document.wires

    qtbot.waitUntil(lambda: session.trainer.status.phase == "ready")
    assert not session.report.errors
    awake(window, qtbot)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: session.trainer.status.epoch > 2)
    awake(window, qtbot)
    press(Key.Key_Space)
    qtbot.waitUntil(lambda: session.trainer.status.phase != "running")

    awake(window, qtbot)
    while session.undo.canUndo():
        press(Key.Key_Z, CTRL)
    assert session.document == Document()


def test_that_two_boxes_that_do_not_fit_are_not_joined_and_the_reason_is_said(open_window: Open, qtbot: QtBot) -> None:
    window = open_window()
    with qtbot.waitActive(window):
        window.activateWindow()
    window.canvas.setFocus()
    before = window.session.document
    press(Key.Key_A, CTRL)
    press(Key.Key_C)
    assert "two boxes" in window.canvas.hint.words
    ids = [node.id for node in before.nodes]
    window.session.select([ids[0], ids[2]])
    press(Key.Key_C)
    assert window.session.document == before
    assert window.canvas.hint.isVisible()
    assert "feeds it already" in window.canvas.hint.words


def test_that_no_key_of_the_canvas_means_two_things(open_window: Open) -> None:
    window = open_window()
    keys = [
        (keys.toString(QKeySequence.SequenceFormat.PortableText), name)
        for name, action in window.canvas.commands.actions.items()
        for keys in action.shortcuts()
    ]
    window_keys = {action.shortcut().toString(): key for key, action in window.actions_by_key.items()}
    assert len({text for text, _ in keys}) == len(keys)
    assert not [(text, name) for text, name in keys if text and text in window_keys]
