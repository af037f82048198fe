"""Seconds of training by steps: a log has a time for some of its rows only, a contest measures between its chunks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MOST = 4096  # marks that are kept


class Clock:
    """Marks (step, seconds), both growing. One writer, any readers: a mark is complete before it is counted."""

    def __init__(self) -> None:
        self._marks: Array = np.zeros((MOST, 2))
        self._length = 1  # it begins with (0, 0)

    def mark(self, step: int, seconds: float) -> None:
        """Take note of a moment; of too many marks every second is kept."""
        if self._length == MOST:
            kept = self._marks[::2].copy()
            marks = np.zeros((MOST, 2))
            marks[: len(kept)] = kept
            self._marks, self._length = marks, len(kept)
        self._marks[self._length] = step, seconds
        self._length += 1

    @property
    def seconds(self) -> float:
        """Of all training so far."""
        return float(self._marks[self._length - 1, 1])

    def at(self, steps: Array) -> Array:
        """Seconds when these steps (n,) were done, between the marks on straight lines."""
        marks = self._marks[: self._length]
        return np.interp(steps, marks[:, 0], marks[:, 1])
