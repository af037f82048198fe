"""What the window costs: training speed with and without it, frame times, stalls, start and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

SECONDS: Final = 30.0  # with the window
ROOT: Final = Path(__file__).parent.parent
WORK: Final = 100_000  # rounds of a loop in Python
LOOKS: Final = 20  # at how long they take
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
    """Train a small and a large net as fast as it goes, with all docks open.

    With the small one, slices of a second with the window alternate with slices in which it is hidden and nothing is
    asked or drawn, in one process and one run: whatever else the machine does meets both alike. The large one trains
    with the window alone. With both, the first Play, an edit while they train and several pauses are part of it.

    Args:
        seconds: how long each net trains with the window. starts: how often it is started; the best counts.

    Returns:
        the figures by name: steps per second, share kept and shares of it that the insight costs in %, work per frame,
        stalls, answers to Pause and start in ms, memory in MB and what of it are moments of the timeline, for which the
        user sets a budget. ``machine``: ms for a loop in Python, before and after. Two runs in which that differs were
        made on machines that differ, be it the same one in another hour.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with TemporaryDirectory(prefix="netloom-bench-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
            os.environ[name] = folder  # nobody's own layout, pace or unsaved work
        loops = _loops()
        start = min(_start_time() for _ in range(starts))
        figures = _train(seconds, Path(folder)) | {"visible": start, "canvas": _canvas()}
        return figures | {"machine": median(loops + _loops())}


def _loops() -> list[float]:
    """Milliseconds for the same work, several times over."""
    times = []
    for _ in range(LOOKS):
        began = perf_counter()
        sum(number * number for number in range(WORK))
        times.append(1000 * (perf_counter() - began))
    return times


def rows(figures: dict[str, float]) -> list[Row]:
    return [
        Row("a loop in Python, for comparison", figures["machine"], "ms", 0, False),
        Row("steps per second, headless", figures["headless_steps_per_second"], "/s", 0, False),
        Row("steps per second, with the window", figures["steps_per_second"], "/s", 0, False),
        Row("kept with the window", figures["kept"], "%", 90, False),
        Row("cost of seeing through it, open", figures["insight_shown"], "%", 10, True),
        Row("cost of seeing through it, closed", figures["insight_hidden"], "%", 1, True),
        Row("work per frame, median", figures["frame_p50"], "ms", 17, True),
        Row("work per frame, 95 %", figures["frame_p95"], "ms", 17, True),
        Row("work per frame, 99 %", figures["frame_p99"], "ms", 50, True),
        Row("longest stall", figures["stall"], "ms", 50, True),
        Row("… less waiting for a processor", figures["own_stall"], "ms", 50, True),
        Row("slowest answer to Pause", figures["pause"], "ms", 100, True),
        Row("steps per second, large net", figures["large_steps_per_second"], "/s", 0, False),
        Row("work per frame, 95 %, large net", figures["large_frame_p95"], "ms", 17, True),
        Row("longest stall, large net", figures["large_stall"], "ms", 50, True),
        Row("… less waiting for a processor", figures["large_own_stall"], "ms", 50, True),
        Row("slowest answer to Pause, large net", figures["large_pause"], "ms", 100, True),
        Row("theme switch, longest stall", figures["theme"], "ms", 50, True),
        Row("work per frame, 95 %, 500 boxes", figures["canvas"], "ms", 16, True),
        Row("start until the window shows", figures["visible"], "ms", 1500, True),
        Row("resident memory", figures["memory"], "MB", 0, False),
        Row("… less the timeline's moments", figures["memory"] - figures["moments"], "MB", 400, True),
    ]


def _train(seconds: float, folder: Path) -> dict[str, float]:
    from app.bench_trial import Trial
    from app.startup import Program, make_application

    app = make_application(["netloom"])
    program = Program(app)
    app.setQuitOnLastWindowClosed(False)  # hidden is not closed
    trial = Trial(program.open_window(), seconds, folder)
    trial.window.closed.connect(app.quit)
    trial.begin()
    app.exec()
    program.stop()
    return trial.figures


def _canvas() -> float:
    """The slowest gesture on 500 boxes: milliseconds of work that 95 of 100 of its frames keep to."""
    from app.bench_canvas import measure as measure_canvas

    return max(measure_canvas().values())


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
