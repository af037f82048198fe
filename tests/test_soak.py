"""The soak in small: a hundred actions of every kind without a fault."""

from __future__ import annotations

from itertools import accumulate, repeat
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.soak.play import soak
from tests.soak.watch import WARM, Pace


def test_that_a_hundred_random_actions_do_no_harm(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.recovery.folder", lambda: tmp_path / "recovery")
    said: list[str] = []
    outcome = soak(100, 1, 1.0, said.append, tmp_path, rounds=1)
    QSettings().clear()
    assert not outcome.faults, "\n".join(outcome.faults)
    assert sum(outcome.done.values()) == 100
    assert outcome.trained > 30


def test_that_a_machine_that_takes_three_times_as_long_is_three_times_as_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    lasts = iter([*repeat(2.0, WARM - 1), 1.5, 4.5, 0.5, 1.0])  # of each piece of work, by the clock that is read twice
    times = accumulate(step for last in lasts for step in (100.0, last))
    monkeypatch.setattr("tests.soak.watch.thread_time", lambda: next(times))
    pace = Pace()
    assert [pace.slowness() for _ in range(3)] == pytest.approx([3.0, 1.0, 2.0])
