"""What the window costs: training speed with and without it, frame times, stalls, start and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Final

import numpy as np

from app.live import VIEWS

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.training.trainer import Trainer

SECONDS: Final = 10.0  # with the window
SLICE: Final = 1.0  # s
HEARTBEAT: Final = 5  # ms between two beats of the GUI thread: what comes later than that was held up
ROOT: Final = Path(__file__).parent.parent
SHOWS: Final = "--show-and-quit"


@dataclass(frozen=True)
class Row:
    """One figure with what it should be."""

    name: str
    value: float
    unit: str
    target: float
    at_most: bool

    @property
    def holds(self) -> bool:
        return self.value <= self.target if self.at_most else self.value >= self.target

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        verdict = "" if self.holds else "  MISSED"
        return f"{self.name:<34}{self.value:>12,.1f} {self.unit:<8} {sign} {self.target:,g}{verdict}"


def measure(seconds: float = SECONDS, starts: int = 3) -> dict[str, float]:
    """Train the opening example as fast as it goes, with and without the window.

    Slices of a second with the window alternate with slices in which it is hidden and nothing is asked or drawn, in
    one process and one run: whatever else the machine does meets both alike.

    Args:
        seconds: how long with the window. starts: how often it is started; the best counts.

    Returns:
        the figures by name: steps per second, share kept, work per frame and stalls in ms, start in ms, memory in MB.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with TemporaryDirectory(prefix="netloom-bench-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA"):
            os.environ[name] = folder  # nobody's own layout or pace
        start = min(_start_time() for _ in range(starts))
        return _train(seconds) | {"visible": start}


def rows(figures: dict[str, float]) -> list[Row]:
    return [
        Row("steps per second, headless", figures["headless_steps_per_second"], "/s", 0, False),
        Row("steps per second, with the window", figures["steps_per_second"], "/s", 0, False),
        Row("kept with the window", figures["kept"], "%", 90, False),
        Row("work per frame, median", figures["frame_p50"], "ms", 17, True),
        Row("work per frame, 95 %", figures["frame_p95"], "ms", 17, True),
        Row("work per frame, 99 %", figures["frame_p99"], "ms", 50, True),
        Row("longest stall", figures["stall"], "ms", 50, True),
        Row("start until the window shows", figures["visible"], "ms", 1500, True),
        Row("resident memory", figures["memory"], "MB", 400, True),
    ]


class Watch:
    """Beside the event loop: how late its beats come, and how long its thread works from one pulse to the next.

    Work is counted in the thread's own processor time, so that a busy machine does not look like a slow window;
    lateness is counted by the clock, because that is what a user feels.
    """

    def __init__(self, window: MainWindow) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.late: list[float] = []
        self.frames: list[float] = []
        self._looks = True
        self._beat_at, self._worked = perf_counter(), thread_time()
        self._beat = QTimer()
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start(HEARTBEAT)
        self._pulse = window.pulse
        self._pulse.began.connect(self._on_frame)

    def clear(self) -> None:
        self.late.clear()
        self.frames.clear()

    def go(self, on: bool) -> None:
        """Look, or look away for a while."""
        self._beat_at, self._worked = perf_counter(), thread_time()
        self._looks = on

    def stop(self) -> None:
        self._beat.stop()
        self._pulse.began.disconnect(self._on_frame)

    def _on_beat(self) -> None:
        now = perf_counter()
        if self._looks:
            self.late.append(1000 * (now - self._beat_at) - HEARTBEAT)
        self._beat_at = now

    def _on_frame(self) -> None:
        now = thread_time()
        self.frames.append(1000 * (now - self._worked))
        self._worked = now


class Trial:
    """The opening example in training, the window shown and hidden by turns."""

    def __init__(self, window: MainWindow, seconds: float) -> None:
        self.window, self.slices = window, max(2, 2 * round(seconds / SLICE))
        self.watch = Watch(window)
        self.speeds: dict[bool, list[float]] = {True: [], False: []}
        self.figures: dict[str, float] = {}
        self._trainer: Trainer | None = None
        self._began, self._step = 0.0, 0
        window.run_bar.set_pace(None)

    def begin(self) -> None:
        """Play, as soon as the trainer is ready."""
        from PySide6.QtCore import QTimer

        session = self.window.session
        if session.trainer is None or session.trainer.status.phase != "ready" or len(self.window.views) < len(VIEWS):
            QTimer.singleShot(50, self.begin)
            return
        self._trainer = session.trainer
        training = session.document.training.but(epochs=100_000_000)
        session.edit("Train for long", session.document.but(training=training))
        self.watch.clear()
        self.window.running.toggle_play()
        QTimer.singleShot(500, self._next)

    def _next(self) -> None:
        from PySide6.QtCore import QTimer

        done = sum(map(len, self.speeds.values()))
        if done == self.slices:
            self._end()
            return
        shown = done % 2 == 0
        self.window.setVisible(shown)
        self.window.pulse.go(shown)
        self.watch.go(False)
        # The first moments belong to the change, not to the slice.
        QTimer.singleShot(200, lambda: self._mark(shown))
        QTimer.singleShot(200 + round(1000 * SLICE), lambda: self._count(shown))

    def _mark(self, shown: bool) -> None:
        assert self._trainer is not None
        self.watch.go(shown)
        self._began, self._step = perf_counter(), self._trainer.status.step

    def _count(self, shown: bool) -> None:
        assert self._trainer is not None
        self.speeds[shown].append((self._trainer.status.step - self._step) / (perf_counter() - self._began))
        self._next()

    def _end(self) -> None:
        frames, late = np.array(self.watch.frames), np.array(self.watch.late)
        seen, hidden = (float(np.mean(self.speeds[shown])) for shown in (True, False))
        self.figures = {
            "headless_steps_per_second": hidden,
            "steps_per_second": seen,
            "kept": 100 * seen / hidden,
            "frame_p50": float(np.percentile(frames, 50)),
            "frame_p95": float(np.percentile(frames, 95)),
            "frame_p99": float(np.percentile(frames, 99)),
            "stall": float(late.max()),
            "memory": _resident(),
        }
        self.watch.stop()
        self.window.session.undo.setClean()
        self.window.close()


def _train(seconds: float) -> dict[str, float]:
    from app.startup import Program, make_application

    app = make_application(["netloom"])
    program = Program(app)
    app.setQuitOnLastWindowClosed(False)  # hidden is not closed
    trial = Trial(program.open_window(), seconds)
    trial.window.closed.connect(app.quit)
    trial.begin()
    app.exec()
    program.stop()
    return trial.figures


def _start_time() -> float:
    """Milliseconds from the start of a process until its window is on the screen."""
    began = perf_counter()
    subprocess.run([sys.executable, "-m", "app.bench_gui", SHOWS], cwd=ROOT, check=True, timeout=60)
    return 1000 * (perf_counter() - began)


def _show_and_quit() -> None:
    """A start as the user knows it, that ends with the window's first paint."""
    from PySide6.QtCore import QEvent, QObject

    from app.startup import Program, make_application

    app = make_application(["netloom"])
    window = Program(app).open_window()

    class FirstPaint(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                os._exit(0)  # what follows is not part of the start
            return False

    filter = FirstPaint()
    window.canvas.viewport().installEventFilter(filter)
    app.exec()


def _resident() -> float:
    """MB of memory that the process holds."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)


def main(as_json: bool = False) -> int:
    """Print the figures; 0 when all hold, else 1."""
    figures = measure()
    table = rows(figures)
    sys.stdout.write(json.dumps(figures) if as_json else "\n".join(map(str, table)))
    sys.stdout.write("\n")
    return 0 if all(row.holds for row in table) else 1


if __name__ == "__main__":
    if SHOWS in sys.argv:
        _show_and_quit()
    else:
        sys.exit(main("--json" in sys.argv))
