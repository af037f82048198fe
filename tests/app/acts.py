"""What a person does with a window, and what of it a test looks at."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from engine.program.program import Program

Button = QMessageBox.StandardButton
NUMBERS = itertools.count()  # an answer that was given under a key stays there


def phase(window: MainWindow) -> str:
    assert window.session.trainer is not None
    return window.session.trainer.status.phase


def run_button(window: MainWindow, key: str) -> QToolButton:
    action = window.actions_by_key[key]
    return next(b for b in window.run_bar.findChildren(QToolButton) if b.defaultAction() is action)


def click(qtbot: QtBot, window: MainWindow, key: str) -> None:
    qtbot.mouseClick(run_button(window, key), Qt.MouseButton.LeftButton)


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    at, action, none = QPoint(20, 20), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, action, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(at), action, data, Qt.MouseButton.LeftButton, none))


def answer(qtbot: QtBot, window: MainWindow, button: Button) -> None:
    """Click a button of the question that is open."""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert box.parent() is window
    qtbot.mouseClick(box.button(button), Qt.MouseButton.LeftButton)


def weights(window: MainWindow, qtbot: QtBot) -> dict[str, np.ndarray]:
    """All parameters as the trainer has them."""

    class Parameters:
        def answer(self, program: Program) -> dict[str, np.ndarray]:
            return program.parameters()

    trainer = window.session.trainer
    assert trainer is not None
    key = f"parameters {next(NUMBERS)}"
    trainer.ask(key, Parameters())
    qtbot.waitUntil(lambda: trainer.answer(key) is not None)
    found: dict[str, np.ndarray] = trainer.answer(key)
    return found


def same(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> bool:
    return first.keys() == second.keys() and all(np.array_equal(first[key], second[key]) for key in first)


def bring_up(qtbot: QtBot, widget: QWidget, width: int, height: int) -> None:
    """Show a widget by itself, at the front; it is closed at the end of the test."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
