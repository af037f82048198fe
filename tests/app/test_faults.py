"""Faults of the program itself: told, written down, and nothing ends."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.faults import Faults


@pytest.fixture
def faults(qapp: QApplication, tmp_path: Path) -> Iterator[Faults]:
    made = Faults(tmp_path)
    yield made
    if made._open is not None:
        made._open.close()
    made.stop()


def fail() -> None:
    raise RuntimeError("a slot was at fault")


def hook() -> None:
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def test_that_a_fault_is_shown_once_and_written_to_the_log(faults: Faults, qtbot: QtBot) -> None:
    hook()
    hook()
    qtbot.waitUntil(lambda: faults._open is not None)
    boxes = [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]
    assert len(boxes) == 1
    assert "a slot was at fault" in boxes[0].detailedText()
    assert str(faults.path) in boxes[0].informativeText()
    assert faults.path.read_text().count("RuntimeError: a slot was at fault") == 2


def test_that_the_details_can_be_copied(faults: Faults, qtbot: QtBot) -> None:
    hook()
    qtbot.waitUntil(lambda: faults._open is not None)
    box = faults._open
    next(button for button in box.buttons() if "Copy" in button.text()).click()
    assert "a slot was at fault" in QApplication.clipboard().text()


def test_that_a_fault_on_another_thread_is_told_too(faults: Faults, qtbot: QtBot) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: faults._open is not None)
    assert "a slot was at fault" in faults._open.detailedText()


def test_that_the_hooks_are_given_back(qapp: QApplication, tmp_path: Path) -> None:
    before = sys.excepthook, threading.excepthook
    made = Faults(tmp_path)
    assert sys.excepthook != before[0]
    made.stop()
    assert (sys.excepthook, threading.excepthook) == before
