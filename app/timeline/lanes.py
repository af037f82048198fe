"""Where on the bar moments and branches lie, and what lies nearest to a place on it."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from math import isfinite, log10
from typing import Final

from engine.training.timeline.moment import Branch, Moment, Overview, Place

MARGIN: Final = 12.0  # px at both ends, so that a handle is whole
FOOT: Final = 10.0  # px below the lowest lane
SPACING: Final = 9.0  # px between two lanes, where there is room
SNAP: Final = 5.0  # px within which a mark is taken


class Lanes:
    """One state of the timeline, laid out: epochs from left to right, a lane for every branch from below."""

    def __init__(self, overview: Overview, now: float, width: float, height: float) -> None:
        """``now``: the epoch of the newest place of all, which may not be a moment yet."""
        self.overview, self._width, self._height = overview, width, height
        self.last = max([now, 1e-6, *(moment.at for moment in overview.moments)])
        self._places = {branch.number: row for row, branch in enumerate(overview.branches)}
        self._lines: dict[int, list[Moment]] = {}
        self._bests: dict[int, Moment | None] = {}

    @property
    def branches(self) -> tuple[Branch, ...]:
        return self.overview.branches

    def x(self, at: float) -> float:
        return MARGIN + (self._width - 2 * MARGIN) * min(at / self.last, 1.0)

    def y(self, number: int) -> float:
        return self._height - FOOT - self._spacing * self._places.get(number, 0)

    def end(self, number: int) -> float:
        """The epoch of a branch's newest moment."""
        own = self.overview.of_branch(number)
        branch = self.overview.branch(number)
        return own[-1].at if own else branch.fork if branch else 0.0

    def line(self, number: int) -> list[Moment]:
        """As `Overview.line`, worked out once."""
        if number not in self._lines:
            self._lines[number] = self.overview.line(number)
        return self._lines[number]

    def best(self, number: int) -> Moment | None:
        if number not in self._bests:
            self._bests[number] = self.overview.best(number)
        return self._bests[number]

    def marked(self, number: int) -> list[Moment]:
        """The moments of a line that have a mark: the first, the best, and those with an edit."""
        line = self.line(number)
        best = self.best(number)
        return [moment for moment in line if moment is line[0] or moment is best or moment.edited]

    def branch_near(self, x: float, y: float, present: int) -> int:
        """The branch whose lane is under a place; the present one where there is none."""
        near = [
            (abs(self.y(branch.number) - y), branch.number)
            for branch in self.branches
            if self.x(branch.fork) - SNAP <= x <= self.x(self.end(branch.number)) + SNAP
        ]
        distance, number = min(near, default=(self._height, present))
        return number if distance <= max(self._spacing / 2, 3.0) else present

    def moment_near(self, x: float, number: int) -> Moment | None:
        """The moment of a branch's line at a place: a mark close by, else the nearest."""
        line = self.line(number)
        marks = [m for m in self.marked(number) if abs(self.x(m.at) - x) <= SNAP]
        if marks:
            return min(marks, key=lambda m: abs(self.x(m.at) - x))
        return min(line, key=lambda m: abs(self.x(m.at) - x), default=None)

    def beside(self, place: Place, number: int, count: int) -> Moment | None:
        """The moment ``count`` places further on a branch's line, or back; its ends are as far as one gets."""
        line = self.line(number)
        if not line:
            return None
        keys = [(moment.step, moment.place.stretch) for moment in line]
        here = bisect_left(keys, (place.step, place.stretch))
        there = here < len(line) and keys[here] == (place.step, place.stretch)
        to = here + count - (0 if there or count < 0 else 1)
        return line[min(max(to, 0), len(line) - 1)]

    def curve(self, number: int) -> list[tuple[float, float]]:
        """The loss along a line, in pixels: logarithmic where it is above zero."""
        known = [(moment.at, moment.loss) for moment in self.line(number) if isfinite(moment.loss)]
        if len(known) < 2:
            return []
        low, high = self._range
        scaled = [(at, log10(loss) if self._logarithmic else loss) for at, loss in known]
        top, bottom = 5.0, self._height - FOOT - 3.0
        share = (bottom - top) / (high - low) if high > low else 0.0
        return [(self.x(at), bottom - (value - low) * share) for at, value in scaled]

    @property
    def _spacing(self) -> float:
        return min(SPACING, (self._height - FOOT - 6.0) / max(len(self.branches) - 1, 1))

    @cached_property
    def _losses(self) -> list[float]:
        return [moment.loss for moment in self.overview.moments if isfinite(moment.loss)]

    @cached_property
    def _logarithmic(self) -> bool:
        return min(self._losses, default=0.0) > 0.0

    @cached_property
    def _range(self) -> tuple[float, float]:
        """The same for all branches, so that their curves can be compared."""
        values = [log10(loss) for loss in self._losses] if self._logarithmic else self._losses
        return min(values), max(values)
