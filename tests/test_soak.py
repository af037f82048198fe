"""The soak in small: a hundred actions of every kind without a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.soak.play import soak


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
