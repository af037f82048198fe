"""What is in sight wears the theme whole and is kept fresh; what lies behind a tab is not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import theme
from app.main_window import MainWindow
from engine.training.trainer import Trainer
from tests.app.conftest import Open


def test_that_a_window_in_a_new_theme_looks_as_one_opened_in_it(
    open_window: Open, qapp: QApplication, qtbot: QtBot
) -> None:
    worn = theme.current()
    theme.apply(qapp, worn.dark)
    window = open_window()
    theme.apply(qapp, dark=not worn.dark)
    pictures = [picture(window, qtbot), picture(open_window(), qtbot)]
    theme.apply(qapp, dark=worn.dark)
    assert picture(window, qtbot) != pictures[0]
    assert pictures[0] == pictures[1]


def picture(window: MainWindow, qtbot: QtBot) -> QImage:
    window.docks["fit"].hide()  # its picture grows finer with time
    with qtbot.waitActive(window):
        window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(lambda: window.run_bar.sentence.startswith("Ready"))
    window.pulse.beat()
    window.pulse.go(False)
    QApplication.processEvents()
    return window.grab().toImage()


def test_that_what_lies_behind_another_tab_is_not_kept_fresh(window: MainWindow, qapp: QApplication) -> None:
    followers = {name: Follower() for name in ("behind", "front")}
    for name, follower in followers.items():
        window._dock(name, name, follower, Qt.DockWidgetArea.BottomDockWidgetArea)
        window.pulse.keep_fresh(follower)
    window.tabifyDockWidget(window.docks["behind"], window.docks["front"])
    qapp.processEvents()
    for raised in ("behind", "front"):
        window.docks[raised].raise_()
        qapp.processEvents()
        before = {name: follower.beats for name, follower in followers.items()}
        window.pulse.beat()
        beaten = {name for name, follower in followers.items() if follower.beats > before[name]}
        assert beaten == {raised}


class Follower(QWidget):
    """Counts the beats."""

    beats = 0

    def refresh(self, _trainer: Trainer) -> None:
        self.beats += 1
