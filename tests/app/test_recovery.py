"""Unsaved work: written by itself, gone after a normal close, and back after the program was killed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app import preferences, recovery
from app.main_window import MainWindow
from app.recovery import Slot, Work, abandoned, spoken
from app.salvage import offer_abandoned
from engine.design.document import Document
from engine.exchange.project import Project, load_project
from tests.app.acts import click, phase
from tests.app.conftest import Open, quick

pytestmark = pytest.mark.usefixtures("folder")


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.netloom"))


def work(document: Document | None = None, path: Path | None = None) -> Work:
    return Work(Project(document or quick()), path, datetime.now())


def leave(document: Document | None = None, path: Path | None = None) -> Slot:
    """As if a program had been killed: what it wrote is there, and nobody holds it."""
    slot = Slot()
    slot.write(work(document, path))
    slot.release()
    return slot


def damaged_none(sentence: str) -> None:
    pytest.fail(sentence)


@pytest.fixture
def claimed() -> Iterator[Callable[[], list[recovery.Found]]]:
    """What is found; let go of at the end."""
    everything: list[recovery.Found] = []

    def look() -> list[recovery.Found]:
        found = abandoned(damaged_none)
        everything.extend(found)
        return found

    yield look
    for each in everything:
        each.slot.release()


def test_that_what_is_written_is_found_with_its_name_and_file(
    tmp_path: Path, claimed: Callable[[], list[recovery.Found]]
) -> None:
    leave(quick().but(title="First"), tmp_path / "first.netloom")
    (found,) = claimed()
    assert found.work.name == "first.netloom"
    assert found.work.path == tmp_path / "first.netloom"
    assert found.work.project.document.title == "First"
    assert not found.work.project.extras


def test_that_what_a_living_window_holds_is_not_found(claimed: Callable[[], list[recovery.Found]]) -> None:
    slot = Slot()
    slot.write(work())
    assert not claimed()
    slot.release()
    assert len(claimed()) == 1
    assert not claimed(), "it is offered by one only"


def test_that_what_was_cut_off_within_the_first_write_is_swept(folder: Path) -> None:
    slot = Slot()
    slot.write(work())
    lock = slot.path.with_suffix(".lock")
    left = lock.read_bytes()
    slot.clear()
    half = folder / f".{slot.path.name}.abc.part"
    half.write_bytes(b"half")
    slot.release()
    lock.write_bytes(left)  # a killed process leaves it
    os.utime(lock, (1, 1))
    assert not abandoned(damaged_none)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("said", "moment"), [
    ("at 14:05", datetime(2026, 5, 4, 14, 5)),
    ("yesterday at 14:05", datetime(2026, 5, 3, 14, 5)),
    ("on 2 May at 14:05", datetime(2026, 5, 2, 14, 5)),
])  # fmt: skip
def test_that_a_moment_is_told_as_one_says_it(said: str, moment: datetime) -> None:
    assert spoken(moment, now=datetime(2026, 5, 4, 20, 0)) == said


def test_that_an_edit_is_written_after_a_moment_and_gone_after_a_close(
    window: MainWindow, qtbot: QtBot, folder: Path
) -> None:
    window.autosave._soon.setInterval(10)
    edited = window.session.document.move({"dense_1": (5.0, 5.0)})
    window.session.edit("Move", edited)
    qtbot.waitUntil(lambda: len(kept(folder)) == 1)
    assert load_project(kept(folder)[0]).document == edited
    window.session.undo.undo()
    qtbot.waitUntil(lambda: kept(folder) == [])
    window.session.undo.redo()
    qtbot.waitUntil(lambda: len(kept(folder)) == 1)
    window._close_now()
    assert not folder.exists() or list(folder.iterdir()) == []


def test_that_training_alone_is_written_and_goes_on(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    window.run_bar.set_pace(None)
    click(qtbot, window, "run.play")
    qtbot.waitUntil(lambda: window.unsaved.trained)
    window.autosave.save()
    qtbot.waitUntil(lambda: len(kept(folder)) == 1)
    first = load_project(kept(folder)[0]).state
    assert first is not None
    assert phase(window) == "running"
    qtbot.waitUntil(lambda: window.session.trainer.status.step > first.counters["step"])
    qtbot.waitUntil(lambda: not window.autosave._busy)
    window.autosave.save()
    qtbot.waitUntil(lambda: not window.autosave._busy)
    second = load_project(kept(folder)[0]).state
    assert second is not None
    assert second.counters["step"] > first.counters["step"]


def test_that_nothing_is_written_where_there_is_nothing_to_lose(
    window: MainWindow, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    window.autosave.save()
    assert not window.autosave._busy
    click(qtbot, window, "run.epoch")
    qtbot.waitUntil(lambda: window.unsaved.trained and phase(window) == "ready")
    window.autosave.save()
    qtbot.waitUntil(lambda: len(kept(folder)) == 1)
    window.files.write(tmp_path / "small.netloom")
    qtbot.waitUntil(lambda: kept(folder) == [])


def test_that_it_can_be_switched_off_and_on_again(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    window.autosave._soon.setInterval(10)
    preferences.AUTOSAVE.set(False)
    window.session.edit("Move", window.session.document.move({"dense_1": (5.0, 5.0)}))
    assert not window.autosave._soon.isActive()
    assert not window.autosave._always.isActive()
    preferences.AUTOSAVE.set(True)
    preferences.AUTOSAVE_EVERY.set(7)
    assert window.autosave._always.interval() == 7000
    window.session.edit("Move", window.session.document.move({"dense_1": (9.0, 5.0)}))
    qtbot.waitUntil(lambda: len(kept(folder)) == 1)


def test_that_a_folder_that_cannot_be_written_is_told_once(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    folder.write_text("not a folder")
    window.session.edit("Move", window.session.document.move({"dense_1": (5.0, 5.0)}))
    window.autosave.save()
    qtbot.waitUntil(window.banner.isVisible)
    assert "cannot be kept" in window.banner.text
    window.banner.hide()
    window.autosave.save()
    qtbot.waitUntil(lambda: not window.autosave._busy)
    assert not window.banner.isVisible()


def test_that_left_work_is_offered_and_brought_back_in_place(
    window: MainWindow, open_window: Open, qtbot: QtBot, folder: Path
) -> None:
    newest = quick().but(title="Newest")
    first, second = leave(quick().but(title="Older")), leave(newest)
    os.utime(first.path, (1, 1))
    offer_abandoned(window, open_window)
    qtbot.waitUntil(window.offers.isVisible)
    assert "2 pieces of work" in window.offers.text
    qtbot.mouseClick(window.offers._offer, Qt.MouseButton.LeftButton)
    assert window.session.document == newest
    assert window.isWindowModified()
    assert window.autosave.slot.path == second.path
    qtbot.waitUntil(lambda: phase(window) == "ready")
    assert len(kept(folder)) == 2, "until it is saved it stays on the disk"


def test_that_discarded_work_is_gone(window: MainWindow, open_window: Open, qtbot: QtBot, folder: Path) -> None:
    leave()
    offer_abandoned(window, open_window)
    qtbot.waitUntil(window.offers.isVisible)
    assert "“Small”" in window.offers.text
    qtbot.mouseClick(window.offers._other, Qt.MouseButton.LeftButton)
    assert not window.offers.isVisible()
    assert list(folder.iterdir()) == []


def test_that_damaged_work_is_told_put_aside_and_does_not_hide_the_rest(
    window: MainWindow, open_window: Open, qtbot: QtBot, folder: Path
) -> None:
    leave(quick().but(title="Whole"))
    broken = leave()
    whole = broken.path.read_bytes()
    broken.path.write_bytes(whole[: len(whole) // 2])
    offer_abandoned(window, open_window)
    qtbot.waitUntil(window.offers.isVisible)
    assert "“Whole”" in window.offers.text
    assert "cannot be brought back" in window.banner.text
    assert not broken.path.exists()
    assert broken.path.with_suffix(recovery.KEPT).exists()
