"""The metric log: a row per epoch, written by one thread, read by any."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

COLUMNS = ("epoch", "step", "loss", "metric", "validation_loss", "validation_metric", "learning_rate", "seconds")
MOST = 1 << 20  # rows kept in full: 64 MB


class MetricLog:
    """Rows of `COLUMNS`, append-only. ``seconds`` is the training time when the row arrived; NaN: not measured.

    One writer, any readers, no lock: rows are written before ``length`` grows, and what was written never changes.
    """

    def __init__(self, room: int = 1024) -> None:
        self._rows: Array = np.empty((room, len(COLUMNS)))
        self.length = 0

    def append(self, rows: Array) -> None:
        """Add rows (n, len(COLUMNS))."""
        end = self.length + len(rows)
        if end > len(self._rows):
            larger = np.empty((max(end, 2 * len(self._rows)), len(COLUMNS)))
            larger[: self.length] = self._rows[: self.length]
            self._rows = larger
        self._rows[self.length : end] = rows
        self.length = end

    def read(self, since: int = 0, most: int | None = None) -> dict[str, Array]:
        """The rows from number ``since`` on, at most ``most`` of them, by column, copied."""
        end = self.length if most is None else min(self.length, since + most)
        rows = self._rows[since:end]
        return {name: rows[:, i].copy() for i, name in enumerate(COLUMNS)}

    def sampled(self, most: int, after_epoch: int = 0) -> dict[str, Array]:
        """At most ``most`` rows, evenly over those of later epochs than ``after_epoch``, the last one among them."""
        rows = self._rows[: self.length]
        rows = rows[int(np.searchsorted(rows[:, 0], after_epoch, side="right")) :]
        chosen = np.linspace(0, len(rows) - 1, min(most, len(rows))).round().astype(np.int64)
        return {name: rows[chosen, i] for i, name in enumerate(COLUMNS)}

    def last(self) -> dict[str, float] | None:
        """The newest row, or None."""
        return dict(zip(COLUMNS, self._rows[self.length - 1].tolist(), strict=True)) if self.length else None

    @property
    def full(self) -> bool:
        return self.length >= MOST

    def thinned(self) -> MetricLog:
        """A log of half the rows: of every four, those with the lowest and the highest loss; best and last stay."""
        # marks and `take` instead of sorted numbers and indexing: those hold the interpreter's lock for too long
        rows = self._rows[: self.length]
        groups = rows[: len(rows) // 4 * 4, 2].reshape(-1, 4)
        start = np.arange(len(groups)) * 4
        judged = rows[:, 4] if np.isfinite(rows[:, 4]).any() else rows[:, 2]
        kept = np.zeros(len(rows), np.bool_)
        kept[start + groups.argmin(1)] = kept[start + groups.argmax(1)] = True
        kept[len(groups) * 4 :] = kept[-1:] = True
        if np.isfinite(judged).any():
            kept[int(np.nanargmin(judged))] = True
        chosen = rows.take(np.flatnonzero(kept), axis=0)
        log = MetricLog(len(chosen) + 1024)
        log.append(chosen)
        return log

    @classmethod
    def of(cls, columns: dict[str, Any]) -> MetricLog:
        """The log that `read` gave, such as a project file's history; columns that are missing become NaN."""
        log = cls()
        count = len(next(iter(columns.values()))) if columns else 0
        rows = np.full((count, len(COLUMNS)), np.nan)
        for i, name in enumerate(COLUMNS):
            if name in columns:
                rows[:, i] = columns[name]
        log.append(rows)
        return log
