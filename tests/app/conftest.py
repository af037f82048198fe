"""A whole window, training for real, with settings that nobody else sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import recovery
from app.main_window import MainWindow
from app.session import Session
from app.startup import introduce
from engine.design.document import Document
from engine.training.trainer import Trainer
from tests.builders import chain, dense

Open = Callable[..., MainWindow]
PATIENCE = 60_000  # ms: a busy machine is no fault


class PatientBot(QtBot):
    """Waits as long for what happens on other threads and in the window system as a busy machine may need."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitExposed(self, widget: QWidget, *, timeout: int = PATIENCE) -> Any:
        return super().waitExposed(widget, timeout=timeout)

    def waitActive(self, widget: QWidget, *, timeout: int = PATIENCE) -> Any:
        return super().waitActive(widget, timeout=timeout)


def quick(data: str = "spiral", activation: str = "tanh", outputs: int = 1, **training: object) -> Document:
    """A small design that trains at once."""
    document = chain(dense(8, activation), dense(outputs), data=data, title="Small")
    return document.but(
        training=document.training.but(**({"learning_rate": 0.01, "batch_size": 50, "epochs": 10_000_000} | training))
    )


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture
def settings(qapp: QApplication) -> Iterator[QSettings]:
    """Empty settings, and again empty afterwards."""
    introduce(qapp)
    QSettings().clear()
    yield QSettings()
    QSettings().clear()


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Unsaved work of this test alone."""
    place = tmp_path / "recovery"
    monkeypatch.setattr(recovery, "folder", lambda: place)
    return place


@pytest.fixture
def open_window(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> Iterator[Open]:
    """Opens windows with trainer and live views; they are closed at the end, whatever became of them."""
    windows: list[MainWindow] = []

    def open_one(document: Document | None = None, ready: bool = True) -> MainWindow:
        window = MainWindow(Session(document or quick()), lambda path=None: None, tmp_path / "netloom.log")
        windows.append(window)
        window.closed.connect(windows.remove)
        window.show()
        qtbot.waitExposed(window)
        for key in ("loss", "gradients", "fit"):
            window.make_view(key)
        trainer = Trainer(window.session.document)
        window.running.begin(trainer)
        if ready:
            qtbot.waitUntil(lambda: trainer.status.phase == "ready")
            qtbot.waitUntil(lambda: window.session.prepared is not None)
        return window

    yield open_one
    for window in list(windows):
        window._close_now()  # without a question
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    return open_window()


@pytest.fixture
def elapsed() -> Callable[[], float]:
    """Seconds since the test began."""
    began = perf_counter()
    return lambda: perf_counter() - began
