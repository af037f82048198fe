"""What is shown while it trains: a bar for people, a line of JSON per epoch for programs."""

from __future__ import annotations

import json
import math
import sys
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from engine.commands.terminal import duration, quantity, side_screen

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from engine.training.run import Run

SPEED_OVER = 1.0  # s over which the speed is told


class Display(Protocol):
    """Shows a run that is going on; a context manager."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def compiling(self, number: int, of: int) -> None: ...
    def show(self, run: Run) -> None: ...


def metric_name(run: Run) -> str:
    return "r2" if run.prepared.task == "regression" else "accuracy"


class Epochs:
    """One object per epoch on standard output, from the one after ``epoch`` on."""

    def __init__(self, epoch: int) -> None:
        self._epoch = epoch

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def compiling(self, number: int, of: int) -> None:
        """Nothing: whoever reads wants epochs."""

    def show(self, run: Run) -> None:
        # From the back, as the log is thinned now and then: positions change, epochs do not.
        columns = run.log.read(max(0, run.log.length - (run.epoch - self._epoch)))
        name = metric_name(run)
        for row in zip(*(column.tolist() for column in columns.values()), strict=True):
            values = dict(zip(columns, row, strict=True))
            if values["epoch"] <= self._epoch:
                continue
            self._epoch = int(values["epoch"])
            about = {"epoch": self._epoch, "step": int(values["step"]), "loss": values["loss"], name: values["metric"]}
            about |= {"validation_loss": values["validation_loss"], f"validation_{name}": values["validation_metric"]}
            about |= {"learning_rate": values["learning_rate"]}
            print(json.dumps({k: v if math.isfinite(v) else None for k, v in about.items()}))
        # Whoever reads the pipe follows the training, however few epochs a second there are.
        sys.stdout.flush()


class ProgressBar:
    """A bar on standard error with loss, metric, speed and the time that is left; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._marks: list[tuple[float, int]] = []

    def __enter__(self) -> Self:
        console = side_screen()
        if console.is_terminal:
            from rich.progress import BarColumn, Progress, TextColumn

            # Drawn when training reports, about twenty times a second: no thread of its own takes time from it.
            self._progress = Progress(
                TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"),
                console=console, auto_refresh=False, transient=True,
            )  # fmt: skip
            self._task = self._progress.add_task("preparing", total=None, words="")
            self._progress.start()
            self._progress.refresh()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def compiling(self, number: int, of: int) -> None:
        self._draw("compiling kernels, once", number, of, f"{number} of {of}")

    def show(self, run: Run) -> None:
        if self._progress is None:
            return
        last = run.log.last() or {"loss": run.batch_loss, "metric": math.nan, "validation_loss": math.nan}
        speed = self._speed(run.step)
        left = (run.epochs - run.epoch) * run.steps_per_epoch / speed if speed else math.nan
        words = [f"loss {last['loss']:.4g}"]
        if math.isfinite(last["validation_loss"]):
            words.append(f"validation {last['validation_loss']:.4g}")
        if math.isfinite(last["metric"]):
            words.append(f"{metric_name(run)} {last['metric']:.3f}")
        if speed:
            words.append(f"{quantity(speed)} steps/s")
        if math.isfinite(left):
            words.append(f"{duration(left)} left")
        self._draw(f"epoch {run.epoch:,} of {run.epochs:,}", run.epoch, run.epochs, "  ".join(words))

    def _draw(self, description: str, done: int, of: int, words: str) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=description, completed=done, total=of, words=words)
            self._progress.refresh()

    def _speed(self, step: int) -> float:
        """Steps per second over about the last second; 0 as long as that cannot be told."""
        now = perf_counter()
        self._marks.append((now, step))
        while len(self._marks) > 2 and now - self._marks[1][0] > SPEED_OVER:
            del self._marks[0]
        then, before = self._marks[0]
        return (step - before) / (now - then) if now > then else 0.0
