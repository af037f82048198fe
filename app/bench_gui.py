"""What the window costs: training speed with and without it, frame times, stalls, start and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep, thread_time
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from app.main_window import MainWindow

SECONDS: Final = 10.0
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


def measure(seconds: float = SECONDS) -> dict[str, float]:
    """Train the opening example without and with the window, as fast as it goes.

    Returns:
        the figures by name: steps per second, share kept, work per frame and stalls in ms, start in ms, memory in MB.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with TemporaryDirectory(prefix="netloom-bench-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA"):
            os.environ[name] = folder  # nobody's own layout or pace
        start = min(_start_time() for _ in range(3))
        figures = _with_window(seconds)
        figures["headless_steps_per_second"] = _headless(seconds)
    figures["kept"] = 100 * figures["steps_per_second"] / figures["headless_steps_per_second"]
    figures["visible"] = start
    return figures


def rows(figures: dict[str, float]) -> list[Row]:
    return [
        Row("steps per second, headless", figures["headless_steps_per_second"], "/s", 0, False),
        Row("steps per second, with the window", figures["steps_per_second"], "/s", 0, False),
        Row("kept with the window", figures["kept"], "%", 90, False),
        Row("work per frame, median", figures["frame_p50"], "ms", 17, True),
        Row("work per frame, 95 %", figures["frame_p95"], "ms", 17, True),
        Row("work per frame, 99 %", figures["frame_p99"], "ms", 50, True),
        Row("frames per second", figures["frames_per_second"], "/s", 28, False),
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

    def stop(self) -> None:
        self._beat.stop()
        self._pulse.began.disconnect(self._on_frame)

    def _on_beat(self) -> None:
        now = perf_counter()
        self.late.append(1000 * (now - self._beat_at) - HEARTBEAT)
        self._beat_at = now

    def _on_frame(self) -> None:
        now = thread_time()
        self.frames.append(1000 * (now - self._worked))
        self._worked = now


def _with_window(seconds: float) -> dict[str, float]:
    from PySide6.QtCore import QTimer

    from app.startup import Program, make_application

    app = make_application(["netloom"])
    program = Program(app)
    window = program.open_window()
    window.run_bar.set_pace(None)
    watch = Watch(window)
    figures: dict[str, float] = {}
    marks: list[tuple[float, int]] = []

    def begin() -> None:
        trainer = window.session.trainer
        if trainer is None or trainer.status.phase == "preparing":
            QTimer.singleShot(50, begin)
            return
        window.session.edit("Long", _long(window.session.document))
        window.running.toggle_play()
        watch.clear()
        QTimer.singleShot(500, mark)
        QTimer.singleShot(500 + round(1000 * seconds), end)

    def mark() -> None:
        marks.append((perf_counter(), window.session.trainer.status.step))

    def end() -> None:
        mark()
        (began, first), (ended, last) = marks
        frames, late = np.array(watch.frames), np.array(watch.late)
        figures.update(
            steps_per_second=(last - first) / (ended - began),
            frame_p50=float(np.percentile(frames, 50)),
            frame_p95=float(np.percentile(frames, 95)),
            frame_p99=float(np.percentile(frames, 99)),
            frames_per_second=len(frames) / (ended - began + 0.5),
            stall=float(late.max()),
            memory=_resident(),
        )
        watch.stop()
        window.session.undo.setClean()
        window.close()

    begin()
    app.exec()
    program.stop()
    return figures


def _headless(seconds: float) -> float:
    """Steps per second of the same design in the same trainer, with nobody looking."""
    from app.startup import opening
    from engine.training.trainer import Trainer

    trainer = Trainer(_long(opening()))
    trainer.start()
    while trainer.status.phase == "preparing":
        sleep(0.05)
    trainer.play()
    sleep(0.5)
    began, first = perf_counter(), trainer.status.step
    sleep(seconds)
    speed = (trainer.status.step - first) / (perf_counter() - began)
    trainer.close()
    return speed


def _long(document: Any) -> Any:
    return document.but(training=document.training.but(epochs=100_000_000))


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
