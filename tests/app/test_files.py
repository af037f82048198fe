"""Files of a window: what is asked before work is lost, and what happens when a file cannot be had or written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.session import Session
from engine import cli
from engine.design.document import Document
from engine.exchange import project as project_file
from engine.exchange.design_json import save_design
from engine.exchange.project import load_project, save_project
from engine.training.trainer import Trainer
from tests.app.acts import Button, answer, click, phase, same, weights
from tests.app.conftest import Open, quick


@pytest.fixture
def saved(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> Path:
    """A project that has learnt for an epoch, and is saved."""
    click(qtbot, window, "run.epoch")
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch == 1)
    path = tmp_path / "small.netloom"
    window.files.write(path)
    qtbot.waitUntil(lambda: window.session.path == path)
    return path


def train_on(window: MainWindow, qtbot: QtBot) -> None:
    click(qtbot, window, "run.epoch")
    qtbot.waitUntil(lambda: window.unsaved.trained)


def question() -> str:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    return box.text()


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_that_training_is_something_to_lose_where_a_project_keeps_it(
    window: MainWindow, qtbot: QtBot, saved: Path
) -> None:
    assert not window.isWindowModified()
    train_on(window, qtbot)
    assert window.isWindowModified()
    window.close()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    assert "has learnt since it was saved" in question()
    learnt = weights(window, qtbot)
    with qtbot.waitSignal(window.closed):
        answer(qtbot, window, Button.Save)
    state = load_project(saved).state
    assert state is not None
    assert same(learnt, {key: state.arrays[f"parameters/{key}"] for key in learnt})


def test_that_training_an_example_is_nothing_to_ask_about(window: MainWindow, qtbot: QtBot) -> None:
    train_on(window, qtbot)
    assert not window.isWindowModified()
    with qtbot.waitSignal(window.closed):
        window.close()


def test_that_a_save_while_it_trains_keeps_the_file_and_marks_what_follows(
    window: MainWindow, qtbot: QtBot, saved: Path
) -> None:
    window.run_bar.set_pace(None)
    click(qtbot, window, "run.play")
    qtbot.waitUntil(window.isWindowModified)
    window.actions_by_key["file.save"].trigger()
    qtbot.waitUntil(lambda: load_project(saved).state.counters["epoch"] > 1)
    assert phase(window) == "running"
    qtbot.waitUntil(window.isWindowModified)


def test_that_both_edits_and_training_are_named(window: MainWindow, qtbot: QtBot, saved: Path) -> None:
    train_on(window, qtbot)
    window.session.edit("Move", window.session.document.move({"dense_1": (5.0, 5.0)}))
    window.files.new()
    assert "has changes that are not saved, and what was learnt" in question()
    answer(qtbot, window, Button.Cancel)
    assert window.session.path == saved


def test_that_an_opened_project_goes_on_where_it_was(
    window: MainWindow, open_window: Open, qtbot: QtBot, saved: Path
) -> None:
    train_on(window, qtbot)
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch == 2)
    other = open_window(Document(), ready=False)
    other.files.open(saved)
    qtbot.waitUntil(lambda: other.session.path == saved)
    qtbot.waitUntil(lambda: other.session.trainer.status.epoch == 1)
    assert not other.isWindowModified()
    click(qtbot, other, "run.epoch")
    qtbot.waitUntil(lambda: other.session.trainer.status.epoch == 2)
    assert same(weights(window, qtbot), weights(other, qtbot)), "with the optimizer's state it is the same epoch"
    assert other.session.trainer.log.length == 2
    qtbot.waitUntil(other.isWindowModified)


@pytest.fixture
def early(qtbot: QtBot, settings: object, tmp_path: Path) -> Iterator[MainWindow]:
    """A window whose trainer is still to come, as it is for a moment at every start."""
    window = MainWindow(Session(Document()), lambda path=None: None, tmp_path / "netloom.log")
    window.show()
    yield window
    window._close_now()


def test_that_a_save_before_there_is_a_trainer_loses_nothing(
    early: MainWindow, qtbot: QtBot, saved: Path, tmp_path: Path
) -> None:
    early.files.open(saved)
    qtbot.waitUntil(lambda: early.session.path == saved)
    again = tmp_path / "again.netloom"
    early.files.write(again)
    qtbot.waitUntil(lambda: early.session.path == again)
    first, second = load_project(saved), load_project(again)
    assert first.state is not None
    assert second.state is not None
    assert same(first.state.arrays, second.state.arrays)
    assert second.history.keys() == first.history.keys()
    assert second.timeline is not None


def test_that_what_was_opened_before_there_is_a_trainer_is_not_taken_for_another_design(
    early: MainWindow, qtbot: QtBot, saved: Path
) -> None:
    early.files.open(saved)
    qtbot.waitUntil(lambda: early.session.path == saved)
    early.session.open(quick())
    trainer = Trainer(early.session.document)
    early.running.begin(trainer)
    qtbot.waitUntil(lambda: trainer.status.phase == "ready")
    trainer.step("batch")
    qtbot.waitUntil(lambda: trainer.status.step == 1)
    assert trainer.log.length == 0


def test_that_a_full_disk_is_told_and_another_place_offered(
    window: MainWindow, qtbot: QtBot, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()
    window.session.edit("Move", window.session.document.move({"dense_1": (5.0, 5.0)}))
    monkeypatch.setattr(project_file, "write_archive", full)
    window.close()
    answer(qtbot, window, Button.Save)
    qtbot.waitUntil(window.banner.isVisible)
    assert "the disk is full" in window.banner.text
    assert window.banner._offer.text() == "Save elsewhere…"
    assert window.isVisible()
    assert window.isWindowModified()
    assert saved.read_bytes() == before
    monkeypatch.undo()
    window.actions_by_key["file.save"].trigger()
    qtbot.waitUntil(lambda: not window.isWindowModified())


def test_that_what_is_edited_while_it_is_written_stays_unsaved(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "small.json"
    window.files.write(path)
    window.session.edit("Move", window.session.document.move({"dense_1": (5.0, 5.0)}))
    qtbot.waitUntil(lambda: window.session.path == path)
    assert window.isWindowModified()


def test_that_a_design_saved_alone_says_what_it_cannot_hold(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    train_on(window, qtbot)
    window.files.write(tmp_path / "small.json")
    qtbot.waitUntil(window.banner.isVisible)
    assert "what it has learnt is not" in window.banner.text
    assert window.banner._offer.text() == "Save as project…"


def test_that_a_recent_file_that_vanished_is_told_and_can_be_taken_off_the_list(
    window: MainWindow, qtbot: QtBot, saved: Path
) -> None:
    assert window.files.recent == [saved]
    saved.unlink()
    assert window.files.recent == [saved], "its disk may be plugged in again"
    before = window.session.document
    window.files.open(saved)
    qtbot.waitUntil(window.banner.isVisible)
    assert "it is not there" in window.banner.text
    assert window.session.document is before
    qtbot.mouseClick(window.banner._offer, Qt.MouseButton.LeftButton)
    assert window.files.recent == []


def test_that_files_dropped_on_the_canvas_open_here_and_beside(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere: list[Path | None] = []
    monkeypatch.setattr(window, "_open_window", elsewhere.append)
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    for path in (here, there):
        save_design(path, quick().but(title=path.stem))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (here, there)])
    at, copy = QPoint(60, 60), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    port = window.canvas.viewport()
    for event in (
        QDragEnterEvent(at, copy, data, left, none), QDragMoveEvent(at, copy, data, left, none),
        QDropEvent(QPointF(at), copy, data, left, none),
    ):  # fmt: skip
        QApplication.sendEvent(port, event)
        assert event.isAccepted()
    qtbot.waitUntil(lambda: window.session.path == here)
    assert window.session.document.title == "here"
    assert elsewhere == [there]


def test_that_a_saved_project_predicts_without_the_table_and_saving_it_again_loses_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    table, project, again = tmp_path / "t.csv", tmp_path / "p.netloom", tmp_path / "again.netloom"
    table.write_text("a,b,y\n" + "".join(f"{n},{n % 3},{100 * n + n % 3}\n" for n in range(40)))
    (tmp_path / "new.csv").write_text("a,b\n3,1\n4,2\n")
    data = {"type": "table", "path": str(table), "target": "y", "task": "regression"}
    window.session.open(quick(data=data))
    qtbot.waitUntil(lambda: window.session.prepared is not None and phase(window) == "ready")
    click(qtbot, window, "run.epoch")
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch == 1)
    window.files.write(project)
    qtbot.waitUntil(lambda: window.session.path == project)
    save_project(project, load_project(project), embed=False)

    def answers(path: Path) -> str:
        assert cli.main(["predict", str(path), "--data", str(tmp_path / "new.csv"), "-o", str(tmp_path / "o")]) == 0
        return (tmp_path / "o").read_text()

    with_table = answers(project)
    table.unlink()
    assert answers(project) == with_table
    window.session.open(quick())
    qtbot.waitUntil(lambda: phase(window) == "ready" and window.session.prepared is not None)
    window.files._load(project)
    qtbot.waitUntil(lambda: window.session.path == project and phase(window) == "failed")
    window.files.write(again)
    qtbot.waitUntil(lambda: window.session.path == again)
    assert answers(again) == with_table
