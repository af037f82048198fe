"""The trial of the benchmark of the window: what is done with it, and who watches its thread meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

from app import appearance, bench_insight
from app.live import VIEWS
from app.memory import resident

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.design.document import Document
    from engine.training.trainer import Trainer

SLICE: Final = 1.0  # s
SETTLES: Final = 500.0  # ms after which a window has drawn a design that was opened
HEARTBEAT: Final = 5  # ms between two beats of the GUI thread: what comes later than that was held up
PAUSES: Final = 5
SMALL, LARGE = (2, 8, 8, 1), (784, 512, 512, 10)
ROWS: Final = 4000  # of the large net's data

Wait = float | Callable[[], bool]  # milliseconds, or until it is true


class Watch:
    """Beside the event loop: how late its beats come, and how long its thread works from one pulse to the next.

    Work is counted in the thread's own processor time, so that a busy machine does not look like a slow window;
    lateness is counted by the clock, because that is what a user feels, and again without the time in which the thread
    could have gone on but all processors were taken, where the system tells that.
    """

    def __init__(self, window: MainWindow) -> None:
        self.late: list[float] = []
        self.own: list[float] = []
        self.frames: list[float] = []
        self._looks = True
        self._queue = _Queue()
        self._beat_at, self._worked, self._waited = perf_counter(), thread_time(), self._queue.waited()
        self._beat = QTimer()
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start(HEARTBEAT)
        self._pulse = window.pulse
        self._pulse.began.connect(self._on_frame)

    def clear(self) -> None:
        self.late.clear()
        self.own.clear()
        self.frames.clear()

    def go(self, on: bool) -> None:
        """Look, or look away for a while."""
        self._beat_at, self._worked, self._waited = perf_counter(), thread_time(), self._queue.waited()
        self._looks = on

    def stop(self) -> None:
        self._beat.stop()
        self._pulse.began.disconnect(self._on_frame)
        self._queue.close()

    def _on_beat(self) -> None:
        now, waited = perf_counter(), self._queue.waited()
        if self._looks:
            late = 1000 * (now - self._beat_at) - HEARTBEAT
            self.late.append(late)
            self.own.append(late - 1000 * (waited - self._waited))
        self._beat_at, self._waited = now, waited

    def _on_frame(self) -> None:
        now = thread_time()
        if self._looks:
            self.frames.append(1000 * (now - self._worked))
        self._worked = now


class _Queue:
    """How long the main thread has been ready to run without a processor, in seconds; 0 where nobody tells."""

    def __init__(self) -> None:
        path = Path(f"/proc/self/task/{os.getpid()}/schedstat")
        self._file = path.open("rb", buffering=0) if path.exists() else None

    def waited(self) -> float:
        if self._file is None:
            return 0.0
        self._file.seek(0)
        return int(self._file.read().split()[1]) / 1e9

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class Trial(QObject):
    """Both nets in training, with all docks open."""

    def __init__(self, window: MainWindow, seconds: float, folder: Path) -> None:
        super().__init__(window)
        self.window, self._seconds, self._folder = window, seconds, folder
        self.watch = Watch(window)
        self.figures: dict[str, float] = {}
        self._script = self._both()
        window.run_bar.set_pace(None)

    def begin(self) -> None:
        self._go_on()

    def _go_on(self) -> None:
        """Do what comes next, until there is something to wait for."""
        wait = next(self._script, None)
        if wait is not None:
            self._wait(wait)

    def _wait(self, wait: Wait) -> None:
        if isinstance(wait, float):
            QTimer.singleShot(round(wait), self, self._go_on)
        elif wait():
            self._go_on()
        else:
            QTimer.singleShot(1, self, lambda: self._wait(wait))

    @property
    def _trainer(self) -> Trainer:
        trainer = self.window.session.trainer
        assert trainer is not None
        return trainer

    def _both(self) -> Iterator[Wait]:
        session = self.window.session
        yield lambda: len(self.window.views) == len(VIEWS) and self._is("ready")
        _open_all(self.window)
        yield from self._take(small())
        self.watch.clear()
        self.window.running.toggle_play()
        yield 500.0
        speeds: dict[bool, list[float]] = {True: [], False: []}
        for number in range(max(2, 2 * round(self._seconds / SLICE))):
            yield from self._slice(number % 2 == 0, speeds)
        self.window.setVisible(True)
        self.window.pulse.go(True)
        yield 500.0  # the first moments belong to the change
        self.watch.go(True)
        yield from self._edit(8, 12)
        seen, hidden = (float(np.mean(speeds[shown])) for shown in (True, False))
        self.figures |= {
            "headless_steps_per_second": hidden, "steps_per_second": seen, "kept": 100 * seen / hidden,
            "frame_p50": float(np.percentile(self.watch.frames, 50)),
            "frame_p99": float(np.percentile(self.watch.frames, 99)),
        }  # fmt: skip
        yield from self._pauses("")
        self.watch.go(False)
        self.window.running.toggle_play()
        rounds = max(1, round(self._seconds / 3))
        yield from bench_insight.compare(self.window, self._trainer, rounds, self.figures.__setitem__)
        self._trainer.pause()
        yield lambda: self._is("ready")
        self.watch.go(True)
        yield from self._themes()
        yield from self._take(large(self._folder))
        self.watch.clear()
        self.window.running.toggle_play()
        yield lambda: self._is("running")
        began, step = perf_counter(), self._trainer.status.step
        yield 500 * self._seconds
        self.figures["large_steps_per_second"] = (self._trainer.status.step - step) / (perf_counter() - began)
        yield from self._edit(512, 256)
        yield 500 * self._seconds
        yield from self._pauses("large_")
        self.figures |= {"memory": resident(), "moments": self._trainer.timeline.bytes / 2**20}
        self.watch.stop()
        session.undo.setClean()
        self.window._may_close = True
        self.window.close()

    def _take(self, document: Document) -> Iterator[Wait]:
        """Open a design; what its preparing costs the window is not part of the trial, what its Play costs is."""
        session = self.window.session
        session.open(document)
        yield lambda: session.prepared is not None and not session.report.errors
        yield lambda: self._is("ready")
        yield SETTLES  # what is laid out and painted anew belongs to it

    def _is(self, phase: str) -> bool:
        return self.window.session.trainer is not None and self._trainer.status.phase == phase

    def _slice(self, shown: bool, speeds: dict[bool, list[float]]) -> Iterator[Wait]:
        self.window.setVisible(shown)
        self.window.pulse.go(shown)
        self.watch.go(False)
        yield 200.0  # the first moments belong to the change, not to the slice
        self.watch.go(shown)
        began, step = perf_counter(), self._trainer.status.step
        yield 1000 * SLICE
        speeds[shown].append((self._trainer.status.step - step) / (perf_counter() - began))

    def _edit(self, units: int, others: int) -> Iterator[Wait]:
        """Widen or narrow a layer while it trains, and take that back."""
        session = self.window.session
        for count in (others, units):
            step = self._trainer.status.step
            session.edit("Set Units", session.document.set_fields("dense_2", units=count))
            yield 300.0
            yield lambda step=step: self._is("running") and self._trainer.status.step > step  # type: ignore[misc]

    def _themes(self) -> Iterator[Wait]:
        """Dark to light and back while it trains: how long the window stands still at most."""
        self.watch.clear()
        self.window.running.toggle_play()
        yield lambda: self._is("running")
        for choice in ("light", "dark", "light", "dark"):
            appearance.wear(choice)
            yield 500.0
        self._trainer.pause()
        yield lambda: self._is("ready")
        self.figures["theme"] = float(max(self.watch.own))

    def _pauses(self, prefix: str) -> Iterator[Wait]:
        self.figures |= {
            f"{prefix}frame_p95": float(np.percentile(self.watch.frames, 95)),
            f"{prefix}stall": float(max(self.watch.late)),
            f"{prefix}own_stall": float(max(self.watch.own)),
        }
        times = []
        for _ in range(PAUSES):
            began = perf_counter()
            self.window.running.toggle_play()
            yield lambda: self._is("ready")
            times.append(1000 * (perf_counter() - began))
            self.window.running.toggle_play()
            yield lambda: self._is("running")
            yield 200.0
        self._trainer.pause()
        yield lambda: self._is("ready")
        self.figures[f"{prefix}pause"] = max(times)


def small() -> Document:
    """The 2-8-8-1 net on the spiral, for longer than anybody waits."""
    from engine.bench.nets import Net
    from engine.bench.ours import document
    from engine.data.synthetic import Spiral

    return document(Net(SMALL, 10, 1)).but(data=Spiral())


def large(folder: Path) -> Document:
    """The 784-512-512-10 net on random numbers of ten classes, from a file in ``folder``."""
    from engine.bench.nets import Net
    from engine.bench.ours import document
    from engine.data.arrays import Arrays

    path, rng = folder / "numbers.npz", np.random.default_rng(0)
    np.savez(path, x=rng.standard_normal((ROWS, LARGE[0]), np.float32), y=rng.integers(0, LARGE[-1], ROWS))
    return document(Net(LARGE, 128, 1)).but(data=Arrays(path=str(path)))


def _open_all(window: MainWindow) -> None:
    """Every dock beside the others, none behind another."""
    docks = window.docks
    for dock in docks.values():
        dock.show()
    beside = ((view.beside, view.key) for view in VIEWS if view.beside)
    for upper, lower in (("inspector", "data"), ("data", "problems"), *beside):
        window.splitDockWidget(docks[upper], docks[lower], Qt.Orientation.Vertical)
