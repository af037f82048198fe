"""A window whose training is a timeline."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from tests.app.timeline.travelling import Train, bar_of, trainer_of


@pytest.fixture
def train(window: MainWindow, qtbot: QtBot) -> Train:
    """So many epochs, each a moment, as Step makes them."""

    def some(epochs: int) -> None:
        trainer = trainer_of(window)
        for _ in range(epochs):
            epoch = trainer.status.epoch
            trainer.step("epoch")
            qtbot.waitUntil(lambda epoch=epoch: trainer.status.epoch == epoch + 1 and trainer.status.phase == "ready")
        qtbot.waitUntil(lambda: bool(window.timeline.bar) and bar_of(window)._overview is trainer.timeline)

    return some


@pytest.fixture
def trained(window: MainWindow, train: Train) -> MainWindow:
    train(8)
    return window
