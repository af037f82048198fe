"""A window that is killed while it trains or writes: what is left, and what comes back."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app import recovery
from app.main_window import MainWindow
from app.salvage import offer_abandoned
from engine.training.run import Run
from tests.app.acts import click, phase, weights
from tests.app.conftest import Open

ROOT = Path(__file__).parents[2]
CHILD = """
import os, sys, time
from pathlib import Path
os.environ.update(XDG_CONFIG_HOME=sys.argv[1], XDG_STATE_HOME=sys.argv[1], XDG_DATA_HOME=sys.argv[1])
from PySide6.QtCore import QTimer
from app import autosave, startup

Original = startup.Program
class Driven(Original):
    def open_window(self, path=None):
        window = super().open_window(path)
        told = []
        def look():
            trainer = window.session.trainer
            if trainer is None or len(window.views) < 3 or trainer.status.phase == "preparing":
                return
            if trainer.status.step == 0:
                document = window.session.document.move({"dense_1": (8.0, 8.0)})
                endless = document.training.but(epochs=10_000_000, stop_loss=0.0, patience=0)
                window.session.edit("Train on", document.but(training=endless))
                window.run_bar.set_pace(None)
                trainer.play()
                return
            window.autosave.save()
            if window.autosave._written and not told:
                told.append(1)
                os.write(1, b"written\\n")
        timer = QTimer(window)
        timer.timeout.connect(look)
        timer.start(1)
        return window

if sys.argv[2] == "saving":
    from engine.exchange import project
    whole, calls = project.write_archive, []
    def halfway(file, *parts):
        whole(file, *parts)
        calls.append(1)
        if len(calls) > 1:
            file.truncate(file.tell() // 2)
            os.write(1, b"halfway\\n")
            time.sleep(60)
    project.write_archive = halfway

startup.Program = Driven
sys.exit(startup.main(["netloom"]))
"""


def killed_while(doing: str, home: Path) -> None:
    """A program that trains and writes its work again and again, killed in the middle of that."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home), doing],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert child.stdout is not None
    awaited = ["written\n"] + ["halfway\n"] * (doing == "saving")
    lines = [child.stdout.readline() for _ in awaited]
    child.send_signal(signal.SIGKILL)
    _, errors = child.communicate(timeout=30)
    assert lines == awaited, errors
    assert child.returncode == -signal.SIGKILL
    assert "Traceback" not in errors


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("doing", ["training", "saving"])
def test_that_a_killed_training_comes_back_and_goes_on_bit_for_bit(
    window: MainWindow, open_window: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doing: str
) -> None:
    home = tmp_path / "home"
    killed_while(doing, home)
    place = home / "netloom" / "recovery"
    monkeypatch.setattr(recovery, "folder", lambda: place)
    assert bool(list(place.glob(".*.part"))) or doing == "training"
    offer_abandoned(window, open_window)
    qtbot.waitUntil(window.offers.isVisible)
    assert "Spiral" in window.offers.text
    qtbot.mouseClick(window.offers._offer, Qt.MouseButton.LeftButton)
    document = window.session.document
    trainer = window.session.trainer
    assert document.node("dense_1").x == 8.0
    qtbot.waitUntil(lambda: trainer.status.step > 0)
    before = trainer.status.step
    click(qtbot, window, "run.epoch")
    qtbot.waitUntil(lambda: trainer.status.step > before and phase(window) == "ready")
    step = trainer.status.step
    uninterrupted = Run(document)
    assert uninterrupted.advance(step) == step
    ours, theirs = weights(window, qtbot), uninterrupted.program.parameters()
    assert ours.keys() == theirs.keys()
    assert all(np.array_equal(ours[key], theirs[key]) for key in ours)
    assert window.unsaved.any
    window._close_now()
    assert list(place.iterdir()) == []
