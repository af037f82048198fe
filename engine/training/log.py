"""The metric log: a row per epoch, written by one thread, read by any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

COLUMNS = ("epoch", "step", "loss", "metric", "validation_loss", "validation_metric", "learning_rate", "seconds")
MOST = 1 << 20  # rows kept in full: 64 MB
MOST_PIECES = 8  # that a log lies in, before they are put into one
STEP = COLUMNS.index("step")
JUDGES = COLUMNS.index("validation_loss"), COLUMNS.index("loss")  # the first that was measured tells how good it is
BLOCK = 1 << 16  # rows that are looked at in one go, while which others wait for the interpreter


class MetricLog:
    """Rows of `COLUMNS`, append-only. ``seconds`` is the training time when the row arrived; NaN: not measured.

    One writer, any readers, no lock: rows are written before ``length`` grows, and what was written never changes.
    """

    def __init__(self, room: int = 1024, before: tuple[Array, ...] = ()) -> None:
        """``before``: rows that it begins with; they are shared with the log that has them, and never written to."""
        self._before = before if len(before) <= MOST_PIECES else (np.concatenate(before),)
        self._shared = sum(len(rows) for rows in self._before)
        self._rows: Array = np.empty((room, len(COLUMNS)))
        self.length = self._shared
        self._lowest: tuple[Array | None, ...] = (None,) * len(JUDGES)  # by judge, the first row of the lowest loss

    def append(self, rows: Array) -> None:
        """Add rows (n, len(COLUMNS))."""
        used = self.length - self._shared
        end = used + len(rows)
        if end > len(self._rows):
            larger = np.empty((max(end, 2 * len(self._rows), 1024), len(COLUMNS)))
            larger[:used] = self._rows[:used]
            self._rows = larger
        self._rows[used:end] = rows
        self.length = self._shared + end
        self._lowest = tuple(_lowest((rows,), at, known) for at, known in zip(JUDGES, self._lowest, strict=True))

    def read(self, since: int = 0, most: int | None = None, every: int = 1) -> dict[str, Array]:
        """The rows from number ``since`` on, at most ``most`` of them, by column, copied; of them each ``every``-th."""
        end = self.length if most is None else min(self.length, since + most)
        rows = self._between(since, end)[::every]
        return {name: rows[:, i].copy() for i, name in enumerate(COLUMNS)}

    def columns(self) -> dict[str, Column]:
        """All that it holds now, by column; read when it is asked for, part by part."""
        return {name: Column(self, place) for place, name in enumerate(COLUMNS)}

    def sampled(self, most: int, after_epoch: int = 0) -> dict[str, Array]:
        """At most ``most`` rows, evenly over those of later epochs than ``after_epoch``, the last one among them."""
        pieces = [rows[int(np.searchsorted(rows[:, 0], after_epoch, side="right")) :] for rows in self._pieces()]
        ends = np.cumsum([0, *map(len, pieces)])
        chosen = np.linspace(0, ends[-1] - 1, min(most, ends[-1])).round().astype(np.int64)
        rows = np.empty((len(chosen), len(COLUMNS)))
        for piece, start, end in zip(pieces, ends, ends[1:], strict=False):
            of_piece = (chosen >= start) & (chosen < end)
            rows[of_piece] = piece[chosen[of_piece] - start]
        return {name: rows[:, i] for i, name in enumerate(COLUMNS)}

    def last(self) -> dict[str, float] | None:
        """The newest row, or None."""
        row = self._between(self.length - 1, self.length)
        return dict(zip(COLUMNS, row[0].tolist(), strict=True)) if len(row) else None

    def best(self) -> tuple[float, float] | None:
        """(epoch, loss) where the validation loss was lowest; the training loss where none was measured.

        None where neither is a number. It is known already: no row is read.
        """
        for at, row in zip(JUDGES, self._lowest, strict=True):
            if row is not None:
                return float(row[0]), float(row[at])
        return None

    def until(self, step: int) -> MetricLog:
        """The log as it was at a step; it shares its rows with this one, and each may go on in its own way."""
        cut = tuple(rows[: int(np.searchsorted(rows[:, STEP], step, "right"))] for rows in self._pieces())
        log = MetricLog(0, tuple(rows for rows in cut if len(rows)))
        log._lowest = tuple(
            row if row is None or row[STEP] <= step else _lowest(cut, at)
            for at, row in zip(JUDGES, self._lowest, strict=True)
        )
        return log

    def in_common(self, other: MetricLog) -> int:
        """How many of the first rows both logs have from the same memory: one has grown from the other, or both have
        from a third."""
        count = 0
        for mine, its in zip(self._pieces(), other._pieces(), strict=False):
            if mine.ctypes.data != its.ctypes.data:
                break
            count += min(len(mine), len(its))
            if len(mine) != len(its):
                break
        return count

    def _pieces(self) -> tuple[Array, ...]:
        used = self.length - self._shared
        return (*self._before, self._rows[:used]) if used else self._before

    def since(self, step: int) -> Array:
        """The rows after a step: (n, len(COLUMNS)), copied."""
        rows = self._between(0, self.length)
        return rows[int(np.searchsorted(rows[:, STEP], step, "right")) :].copy()

    def _between(self, start: int, end: int) -> Array:
        """Rows from one number up to, not including, another; not copied where they lie in one piece."""
        found: list[Array] = []
        at = 0
        for rows in (*self._before, self._rows[: end - self._shared if end > self._shared else 0]):
            part = rows[max(start - at, 0) : max(end - at, 0)]
            if len(part):
                found.append(part)
            at += len(rows)
        if len(found) == 1:
            return found[0]
        return np.concatenate(found) if found else np.empty((0, len(COLUMNS)))

    @property
    def full(self) -> bool:
        return self.length >= MOST

    def thinned(self) -> MetricLog:
        """A log of half the rows: of every four, those with the lowest and the highest loss; best and last stay."""
        # marks and `take` instead of sorted numbers and indexing: those hold the interpreter's lock for too long
        rows = self._between(0, self.length)
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
    def of(cls, columns: Mapping[str, Any]) -> MetricLog:
        """The log that `read` gave, such as a project file's history; columns that are missing become NaN."""
        log = cls()
        count = len(next(iter(columns.values()))) if columns else 0
        rows = np.full((count, len(COLUMNS)), np.nan)
        for i, name in enumerate(COLUMNS):
            if name in columns:
                rows[:, i] = columns[name]
        log.append(rows)
        return log


class Column:
    """A column of a log, as long as it was when this was made."""

    def __init__(self, log: MetricLog, place: int) -> None:
        self._log, self._place, self._length = log, place, log.length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> Array:
        start, stop, step = part.indices(self._length)
        return self._log._between(start, stop)[::step, self._place]


def _lowest(pieces: Iterable[Array], column: int, known: Array | None = None) -> Array | None:
    """Of ``known`` and the rows of all pieces the first one with the lowest number in a column."""
    for piece in pieces:
        for start in range(0, len(piece), BLOCK):
            values = piece[start : start + BLOCK, column]
            values = np.where(np.isfinite(values), values, np.inf)
            at = int(values.argmin())
            if values[at] < (np.inf if known is None else known[column]):
                known = piece[start + at].copy()
    return known
