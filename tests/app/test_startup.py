"""The start: what is imported before the window shows, and a whole start in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.startup import OPENING, opening
from engine.design.checks import check

ROOT = Path(__file__).parents[2]


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )


def test_that_the_opening_example_is_ready_to_train() -> None:
    assert OPENING.exists()
    assert opening().title == "Spiral"
    assert not check(opening()).errors


def test_that_the_source_of_what_is_imported_is_not_read_and_kept() -> None:
    child = run("import app.startup, linecache; print(len(linecache.cache))")
    assert not child.stderr
    assert int(child.stdout) < 50, "several hundred modules are imported"


def test_that_what_draws_and_what_trains_is_not_imported_before_the_window_shows() -> None:
    child = run(
        "import sys, app.startup;"
        "print([name for name in ('pyqtgraph', 'engine.training.trainer', 'pandas', 'sklearn') if name in sys.modules])"
    )
    assert child.stdout.strip() == "[]", child.stderr


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not tell the names of threads")
def test_that_pictures_are_drawn_without_threads_of_qts_own() -> None:
    child = run(
        """
from pathlib import Path

import pytest
from app.startup import make_application
app = make_application(["netloom"])
from PySide6.QtGui import QPainter, QPixmap
small, large = QPixmap(300, 300), QPixmap(900, 900)
small.fill("red")
large.fill("white")
painter = QPainter(large)
painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
painter.drawPixmap(large.rect(), small)
painter.end()
print(large.toImage().pixelColor(450, 450).name())
print([path.read_text() for path in Path("/proc/self/task").glob("*/comm") if "pooled" in path.read_text()])
"""
    )
    assert child.stdout.split() == ["#ff0000", "[]"], child.stdout + child.stderr


def test_that_a_start_opens_a_file_trains_and_ends_without_a_trace(tmp_path: Path) -> None:
    child = run(
        f"""
import os, sys
os.environ.update(XDG_CONFIG_HOME={str(tmp_path)!r}, XDG_STATE_HOME={str(tmp_path)!r})
from PySide6.QtCore import QTimer
from app import startup

Original = startup.Program
class Driven(Original):
    def open_window(self, path=None):
        window = super().open_window(path)
        def look():
            trainer = window.session.trainer
            if trainer is None or len(window.views) < 3 or trainer.status.phase != "ready":
                return
            if trainer.status.epoch == 0:
                window.actions_by_key["run.epoch"].trigger()
                return
            timer.stop()
            print(window.session.path.name, trainer.status.epoch, window.session.prepared is not None)
            window.close()
        timer = QTimer(window)
        timer.timeout.connect(look)
        timer.start(50)
        return window

startup.Program = Driven
sys.exit(startup.main(["netloom", {str(ROOT / "resources/examples/xor.json")!r}]))
"""
    )
    assert child.returncode == 0, child.stderr
    assert child.stdout.strip() == "xor.json 1 True", child.stderr
    assert "Traceback" not in child.stderr
