"""The curves of the metric log as they have arrived so far, short enough to be drawn thirty times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from engine.insight.smoothing import Smoother

if TYPE_CHECKING:
    from engine.training.log import MetricLog

MOST: Final = 32_768  # points of a curve that are kept for drawing; a screen shows a tenth of them
AT_ONCE: Final = 32_768  # rows that a plot reads in one frame, of all its curves: long ones arrive in several


class Series:
    """One curve: (n,) places and values, all finite. Too long a curve is halved so that its peaks stay.

    With a ``window`` above 1 it is the running mean of what it is given, taken before anything is thinned away;
    ``geometric`` for a logarithmic axis.
    """

    def __init__(self, window: float = 1, geometric: bool = False) -> None:
        self._x, self._y = np.empty(MOST), np.empty(MOST)
        self._length = 0
        self._low, self._high, self._least = np.inf, -np.inf, np.inf
        self._smoother = Smoother(window, geometric) if window > 1 else None
        self._above_zero = window > 1 and geometric

    @property
    def x(self) -> np.ndarray:
        return self._x[: self._length]

    @property
    def y(self) -> np.ndarray:
        return self._y[: self._length]

    @property
    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The few places and values that tell how far it reaches, on any scale; both are empty for an empty curve."""
        if not self._length:
            return np.empty(0), np.empty(0)
        first = min(int(np.searchsorted(self.x, 0.0, "right")), self._length - 1)  # that has a logarithm
        values = np.array([self._low, self._least, self._high])
        return self.x[[0, first, -1]], values[np.isfinite(values)]

    def extend(self, x: np.ndarray, y: np.ndarray) -> None:
        known = np.isfinite(y) & (y > 0) if self._above_zero else np.isfinite(y)
        x, y = x[known], y[known]
        if self._smoother is not None:
            y = self._smoother.take(y)
        for start in range(0, len(x), MOST // 4):
            self._take(x[start : start + MOST // 4], y[start : start + MOST // 4])

    def cut(self, x: float) -> None:
        """Give up all beyond a place."""
        self._length = int(np.searchsorted(self.x, x, "right"))
        self._low, self._high, self._least = np.inf, -np.inf, np.inf
        self._note(self.y)

    def between(self, left: float, right: float, columns: int) -> tuple[np.ndarray, np.ndarray]:
        """The part over [left, right] and one point beyond each end, of every column the lowest and the highest."""
        first = max(int(np.searchsorted(self.x, left)) - 1, 0)
        last = min(int(np.searchsorted(self.x, right, "right")) + 1, self._length)
        x, y = self._x[first:last], self._y[first:last]
        group = len(x) // max(2 * columns, 2)
        if group < 2:
            return x, y
        count = len(x) // group
        kept = _peaks(y[: count * group].reshape(count, group))
        rest = np.arange(min(count * group, len(x) - 1), len(x))  # the last point always, as it is where it stands
        rows = np.concatenate([kept[kept < rest[0]], rest])
        return x[rows], y[rows]

    def near(self, x: float) -> tuple[float, float] | None:
        """The point nearest to a place; None for an empty curve."""
        if not self._length:
            return None
        row = int(np.searchsorted(self.x, x).clip(0, self._length - 1))
        if row and x - self._x[row - 1] < self._x[row] - x:
            row -= 1
        return float(self._x[row]), float(self._y[row])

    def lowest(self) -> tuple[float, float] | None:
        """The first of the lowest points; None for an empty curve."""
        if not self._length:
            return None
        row = int(self.y.argmin())
        return float(self._x[row]), float(self._y[row])

    def _take(self, x: np.ndarray, y: np.ndarray) -> None:
        if self._length + len(x) > MOST:
            self._halve()
        end = self._length + len(x)
        self._x[self._length : end], self._y[self._length : end] = x, y
        self._length = end
        self._note(y)

    def _note(self, y: np.ndarray) -> None:
        """Keep how far it reaches: the lowest, the highest, and the least above zero."""
        self._low, self._high = min(self._low, y.min(initial=np.inf)), max(self._high, y.max(initial=-np.inf))
        self._least = min(self._least, y[y > 0].min(initial=np.inf))

    def _halve(self) -> None:
        """Of every four points the lowest and the highest, in their order."""
        groups = self._length // 4
        kept = _peaks(self._y[: groups * 4].reshape(groups, 4))
        rows = np.concatenate([kept, np.arange(groups * 4, self._length)])
        self._length = len(rows)
        self._x[: self._length], self._y[: self._length] = self._x[rows], self._y[rows]


def _peaks(groups: np.ndarray) -> np.ndarray:
    """Of each row of (n, size) the places of the lowest and the highest value, in order, counted through: (2n,)."""
    count, size = groups.shape
    places = np.sort(np.stack([groups.argmin(axis=1), groups.argmax(axis=1)], axis=1), axis=1)
    places[places[:, 0] == places[:, 1], 1] = size - 1  # all equal: the first and the last
    return (places + np.arange(count)[:, None] * size).ravel()


class History:
    """Takes what is new from a log; begins again when the log is another or has become shorter.

    ``window``, ``geometric``: of the running mean that its curves are; 1 for the curves as they are.

    Attributes:
        taken: rows that were read at the last call.
    """

    def __init__(self, names: tuple[str, ...], window: float = 1, geometric: bool = False) -> None:
        self._names, self.window, self._geometric = names, window, geometric
        self._log: MetricLog | None = None
        self._read = self.taken = 0
        self.series = {name: Series(window, geometric) for name in names}

    def take(self, log: MetricLog, most: int = AT_ONCE) -> bool:
        """Read on, at most so many rows; True when the curves are others than before."""
        began_again = log is not self._log or log.length < self._read
        if began_again:
            self._begin_again(log)
        self.taken = max(min(log.length - self._read, most), 0)
        if not self.taken:
            return began_again
        fresh = log.read(self._read, self.taken)
        self._read += self.taken
        for name, series in self.series.items():
            series.extend(fresh["epoch"], fresh[name])
        return True

    def _begin_again(self, log: MetricLog) -> None:
        """With another log. What it has in common with the one before is not read again: one drags through time."""
        before, self._log = self._log, log
        common = min(log.in_common(before), self._read) if before is not None and self.window == 1 else 0
        self._read = common
        if common:
            last = float(log.read(common - 1, 1)["epoch"][0])
            for series in self.series.values():
                series.cut(last)
        else:
            self.series = {name: Series(self.window, self._geometric) for name in self._names}

    @property
    def empty(self) -> bool:
        return not any(len(series.x) for series in self.series.values())
