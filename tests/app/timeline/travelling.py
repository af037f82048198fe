"""What a hand does on the timeline, and where the training then stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.timeline.bar import TimelineBar
from engine.training.timeline.moment import Moment
from engine.training.trainer import Trainer

Train = Callable[[int], None]


def trainer_of(window: MainWindow) -> Trainer:
    assert window.session.trainer is not None
    return window.session.trainer


def bar_of(window: MainWindow) -> TimelineBar:
    assert window.timeline.bar is not None
    return window.timeline.bar


def moment(window: MainWindow, epoch: int, branch: int = 0) -> Moment:
    return next(m for m in trainer_of(window).timeline.of_branch(branch) if m.at == epoch)


def drag(window: MainWindow, *epochs: int, branch: int = 0) -> None:
    """The handle, with the mouse held, over these epochs."""
    track = bar_of(window).track
    places = [track.place_of(moment(window, epoch, branch)).toPoint() for epoch in epochs]
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places:
        QTest.mouseMove(track, place)
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=places[-1])


def stands(window: MainWindow, qtbot: QtBot, epoch: int) -> None:
    qtbot.waitUntil(
        lambda: trainer_of(window).status.epoch == epoch and bar_of(window)._here == trainer_of(window).here
    )


def rate(window: MainWindow, value: float) -> None:
    document = window.session.document
    window.session.edit("Learning rate", document.but(training=document.training.but(learning_rate=value)))
