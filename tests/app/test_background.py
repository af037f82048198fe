"""Work beside the window, and collection on the window's thread only."""

from __future__ import annotations

import gc
import sys
import threading
import types
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from app import collector as collecting
from app.background import Background
from app.collector import Collector
from engine.errors import DataError, NetloomError


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    made = Background()
    yield made
    made.stop()


def test_that_work_is_done_elsewhere_and_answered_here_in_order(background: Background, qtbot: QtBot) -> None:
    answers: list[tuple[int, str, str]] = []
    for number in range(5):
        background.run(
            lambda number=number: (number, threading.current_thread().name),
            lambda found: answers.append((*found, threading.current_thread().name)),
            pytest.fail,
        )
    qtbot.waitUntil(lambda: len(answers) == 5)
    assert [number for number, _, _ in answers] == list(range(5))
    here = threading.current_thread().name
    assert all(there != here and back == here for _, there, back in answers)


def test_that_what_a_user_can_mend_is_told_and_a_fault_goes_to_the_hook(background: Background, qtbot: QtBot) -> None:
    told: list[NetloomError] = []

    def refuse() -> None:
        raise DataError("a.csv", "it is empty")

    background.run(refuse, lambda _: pytest.fail("it was refused"), told.append)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert "a.csv" in str(told[0])
    with capture_exceptions() as raised:
        background.run(lambda: 1 / 0, lambda _: pytest.fail("it failed"), told.append)
        qtbot.waitUntil(lambda: len(raised) == 1)
    assert raised[0][0] is ZeroDivisionError


def test_that_nothing_is_delivered_after_the_end(qapp: QApplication) -> None:
    made = Background()
    answers: list[int] = []
    made.run(lambda: 1, answers.append, pytest.fail)
    made.stop()
    made.run(lambda: 2, answers.append, pytest.fail)
    qapp.processEvents()
    assert not answers


class Ring:
    def __init__(self) -> None:
        self.itself = self


def test_that_rings_are_collected_by_the_collector_and_by_nothing_else(qapp: QApplication) -> None:
    gc.collect()
    collector = Collector()
    try:
        assert not gc.isenabled()
        lost = weakref.ref(Ring())
        kept = [[] for _ in range(2000)]  # as many new things as Python waits for
        assert lost() is not None
        collector.collect()
        assert lost() is None
        assert len(kept) == 2000
    finally:
        collector.stop()
        gc.disable()  # as the fixture of all window tests has it


@pytest.mark.parametrize(("modules", "exempt"), [(1, False), (40, True)])
def test_that_what_a_library_made_is_exempt_before_it_is_ever_looked_at_and_nothing_else(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, modules: int, exempt: bool
) -> None:
    collector = Collector()
    try:
        ring = Ring()
        for number in range(modules):
            monkeypatch.setitem(sys.modules, f"imported_late_{number}", types.ModuleType("imported_late"))
        collector.collect()
        lost = weakref.ref(ring)
        del ring
        gc.collect()
        assert (lost() is None) == (not exempt)
    finally:
        collector.stop()
        gc.disable()
        gc.collect()


def test_that_a_dear_look_at_all_that_lives_does_not_come_again_at_once(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: looks.append(generation))
    monkeypatch.setattr(gc, "get_count", lambda: (10_000, 100, 100))
    monkeypatch.setattr(collecting, "SHARE", 1e-12)
    collector = Collector()
    try:
        collector.collect()
        collector.collect()
        assert looks == [0, 1, 2, 0, 1]
    finally:
        collector.stop()
        gc.disable()
