"""The one timer: what is to be kept fresh has its turn, and the window has its own in between."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app import pulse
from app.pulse import Pulse


class Told:
    """A trainer that has nothing to tell."""

    def facts(self) -> list[object]:
        return []


class Slow:
    """Takes a whole turn; notes when it had it, and when the window had the next one."""

    def __init__(self, name: str, notes: list[str], fault: bool = False) -> None:
        self.name, self._notes, self._fault = name, notes, fault

    def refresh(self, trainer: object) -> None:
        self._notes.append(self.name)
        QTimer.singleShot(0, lambda: self._notes.append(f"window after {self.name}"))
        began = perf_counter()
        while perf_counter() - began <= pulse.TURN:
            pass
        if self._fault:
            raise ZeroDivisionError(self.name)


def test_that_the_window_has_its_turn_between_what_takes_long(qtbot: QtBot) -> None:
    notes: list[str] = []
    beating = Pulse(Told)  # type: ignore[arg-type]
    for name in "abc":
        beating.keep_fresh(Slow(name, notes))
    qtbot.waitUntil(lambda: len(notes) >= 6)
    beating.go(False)
    assert notes[:6] == ["a", "window after a", "b", "window after b", "c", "window after c"]


def test_that_a_fault_of_one_takes_nothing_from_the_others(qtbot: QtBot) -> None:
    notes: list[str] = []
    beating = Pulse(Told)  # type: ignore[arg-type]
    beating.keep_fresh(Slow("a", notes, fault=True))
    beating.keep_fresh(Slow("b", notes))
    with qtbot.capture_exceptions() as faults:
        qtbot.waitUntil(lambda: "b" in notes)
        beating.go(False)
    assert {str(error) for _, error, _ in faults} == {"a"}


def test_that_nothing_is_left_of_a_beat_when_it_is_to_rest(qtbot: QtBot) -> None:
    notes: list[str] = []
    beating = Pulse(Told)  # type: ignore[arg-type]
    for name in "abc":
        beating.keep_fresh(Slow(name, notes))
    qtbot.waitUntil(lambda: "a" in notes)
    beating.go(False)
    before = list(notes)
    clock: list[str] = []
    other = Pulse(Told)  # type: ignore[arg-type]
    other.keep_fresh(Slow("tick", clock))
    qtbot.waitUntil(lambda: clock.count("tick") == 3)
    other.go(False)
    assert [note for note in notes[len(before) :] if not note.startswith("window")] == []


class Dear(Slow):
    """Takes a whole beat's share."""

    def refresh(self, trainer: object) -> None:
        began = perf_counter()
        super().refresh(trainer)
        while perf_counter() - began <= pulse.SHARE:
            pass


def test_that_a_beat_serves_no_more_than_it_has_time_for_and_the_next_one_goes_on_there(qtbot: QtBot) -> None:
    notes: list[str] = []
    beating = Pulse(Told)  # type: ignore[arg-type]
    beating.began.connect(lambda: notes.append("beat"))
    for name in "abc":
        beating.keep_fresh(Dear(name, notes))
    qtbot.waitUntil(lambda: notes.count("beat") > 6)
    beating.go(False)
    served = [note for note in notes if len(note) == 1]
    assert served[:6] == ["a", "b", "c", "a", "b", "c"]  # all in turn, none twice before another
    assert [note for note in notes if not note.startswith("window")][:6] == ["beat", "a", "beat", "b", "beat", "c"]
