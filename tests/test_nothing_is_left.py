"""The fixtures of conftest.py: a test that leaves a thread, a timer or a window behind fails, and the next is clean."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

LEAKING = """
import threading
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget

kept = []

def test_thread():
    stop = threading.Event()
    kept.append(stop)
    threading.Thread(target=stop.wait, name="leaky", daemon=True).start()

def test_timer(qapp):
    timer = QTimer(interval=100_000)
    timer.start()
    kept.append(timer)

def test_window(qapp):
    kept.append(QLabel("left"))

def test_ring_of_widgets_is_collected(qtbot):
    widget = QWidget()
    widget.itself = widget
    timer = QTimer(widget, interval=100_000)
    timer.start()

def test_clean(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    thread = threading.Thread(target=int)
    thread.start()
"""


def test_that_whatever_is_left_behind_fails_its_test_and_no_other(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parent / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nqt_api = pyside6\n")
    (tmp_path / "test_leaks.py").write_text(LEAKING)
    child = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "test_leaks.py"],
        capture_output=True, text=True, timeout=100, check=False, cwd=tmp_path,
    )  # fmt: skip
    failed = {line.split()[1].partition("::")[2] for line in child.stdout.splitlines() if line.startswith("ERROR ")}
    assert failed == {"test_thread", "test_timer", "test_window"}, child.stdout
    assert "5 passed, 3 errors" in child.stdout
    assert "leaky" in child.stdout
    assert "window QLabel" in child.stdout
    assert "timer of 100000 ms" in child.stdout
