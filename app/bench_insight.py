"""What seeing through a network costs its training: doctor, traces, comparisons, warped space and the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np

from app import preferences
from app.live import VIEWS

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.training.trainer import Trainer

SLICE: Final = 1000.0  # ms
CHANGE: Final = 250.0  # ms: the first moments after a change belong to it
STATES: Final = ("bare", "aside", "shown")


def compare(window: MainWindow, trainer: Trainer, rounds: int, tell: Callable[[str, float], None]) -> Iterator[float]:
    """While it trains: slices with these docks open, with them closed, and with nothing kept on the timeline either.

    They alternate, and what is told are medians of the ratios within a round: whatever else the machine does meets all
    three alike. Yields milliseconds to wait; in the end all docks are open again.

    Args:
        tell: takes the name of a figure and its value: "insight_shown", "insight_hidden", % of the training speed.
    """
    speeds: dict[str, list[float]] = {state: [] for state in STATES}
    for number in range(rounds):
        # every second round backwards, so that a machine that gets slower or faster meets all alike
        for state in STATES if number % 2 else STATES[::-1]:
            _set(window, trainer, state)
            yield CHANGE
            began, step = perf_counter(), trainer.status.step
            yield SLICE
            speeds[state].append((trainer.status.step - step) / (perf_counter() - began))
    _set(window, trainer, "shown")
    bare, aside, shown = (np.array(speeds[state]) for state in STATES)
    tell("insight_shown", 100 * (1 - float(np.median(shown / aside))))
    tell("insight_hidden", 100 * (1 - float(np.median(aside / bare))))


def _set(window: MainWindow, trainer: Trainer, state: str) -> None:
    for view in VIEWS:
        if view.beside:
            window.docks[view.key].setVisible(state == "shown")
    trainer.remember(0 if state == "bare" else preferences.TIMELINE_MEMORY.get() * 2**20)
