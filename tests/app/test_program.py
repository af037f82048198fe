"""Several windows of one program: quitting, closing, starting, and a fault in one of them."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import startup
from app.live import VIEWS
from app.main_window import MainWindow
from engine.exchange.design_json import save_design
from tests.app.acts import Button, answer, click, phase
from tests.app.conftest import quick


@pytest.fixture
def program(qapp: QApplication, settings: QSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[startup.Program]:
    made = startup.Program(qapp)
    made.collector.stop()
    yield made
    for window in list(made.windows):
        window._close_now()
    made.stop()


def edit(window: MainWindow) -> None:
    first = window.session.document.nodes[0].id
    window.session.edit("Move", window.session.document.move({first: (5.0, 5.0)}))


def test_that_quit_asks_window_after_window_until_somebody_says_no(program: startup.Program, qtbot: QtBot) -> None:
    first, second = program.open_window(), program.open_window()
    for window in (first, second):
        edit(window)
    first.actions_by_key["file.quit"].trigger()
    with qtbot.waitSignal(second.closed):
        answer(qtbot, second, Button.Discard)
    answer(qtbot, first, Button.Cancel)
    assert program.windows == [first]
    third = program.open_window()
    third.actions_by_key["file.close"].trigger()
    qtbot.waitUntil(lambda: program.windows == [first])
    assert QApplication.activeModalWidget() is None, "the quit was given up"
    first.actions_by_key["file.quit"].trigger()
    answer(qtbot, first, Button.Discard)
    qtbot.waitUntil(lambda: not program.windows)


def furnished(program: startup.Program, qtbot: QtBot, views: int = len(VIEWS)) -> MainWindow:
    window = program.open_window()
    qtbot.waitUntil(lambda: len(window.views) >= views)
    return window


@pytest.mark.parametrize("views", [1, len(VIEWS)])
def test_that_a_window_that_was_closed_is_let_go(program: startup.Program, qtbot: QtBot, views: int) -> None:
    """Also one that is closed while its views are made."""
    first = furnished(program, qtbot)
    second = furnished(program, qtbot, views)
    kept = weakref.ref(second), weakref.ref(second.session), weakref.ref(second.canvas.canvas_scene)
    edit(second)
    second._close_now()
    assert program.windows == [first]
    del second
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert [each() for each in kept] == [None, None, None]


def test_that_a_view_that_cannot_be_made_does_not_cost_the_others(
    program: startup.Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = MainWindow.make_view

    def make(window: MainWindow, key: str) -> None:
        if key == VIEWS[1].key:
            raise RuntimeError("a view was at fault")
        whole(window, key)

    monkeypatch.setattr(MainWindow, "make_view", make)
    with qtbot.captureExceptions() as caught:
        window = furnished(program, qtbot, len(VIEWS) - 1)
    assert [str(error) for _, error, _ in caught] == ["a view was at fault"]
    assert VIEWS[1].key not in window.views


def test_that_a_start_can_begin_with_the_last_file(
    program: startup.Program, qtbot: QtBot, tmp_path: Path, settings: QSettings
) -> None:
    path = tmp_path / "last.json"
    save_design(path, quick().but(title="Last"))
    settings.setValue("last", str(path))
    settings.setValue("start/with", "last")
    program.begin([])
    (window,) = program.windows
    qtbot.waitUntil(lambda: window.session.path == path)


def test_that_a_fault_in_a_slot_ends_neither_the_window_nor_the_run(
    program: startup.Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = program.open_window()
    window.session.open(quick())
    qtbot.waitUntil(lambda: len(window.views) == len(VIEWS))
    qtbot.waitUntil(lambda: phase(window) == "ready")
    window.run_bar.set_pace(None)
    click(qtbot, window, "run.play")
    qtbot.waitUntil(lambda: phase(window) == "running")

    def at_fault(*_: Any) -> None:
        raise RuntimeError("a slot was at fault")

    window.pulse.happened.connect(at_fault)
    monkeypatch.setattr(window.views["fit"], "refresh", at_fault)
    with qtbot.captureExceptions() as caught:
        qtbot.waitUntil(lambda: len(caught) > 3)
        step = window.session.trainer.status.step
        qtbot.waitUntil(lambda: window.session.trainer.status.step > step)
    monkeypatch.undo()
    epoch = window.run_bar.figure("epoch")
    qtbot.waitUntil(lambda: window.run_bar.figure("epoch") != epoch)
    assert window.isVisible()
