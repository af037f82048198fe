"""The range of a plot whose contents move all the time: it stays while they fit, and glides where they do not."""

from __future__ import annotations

from typing import Final

import numpy as np

Span = tuple[float, float, float, float]  # left, right, bottom, top

FILLED: Final = 0.65  # of the range that the contents take up at the least
ROOM: Final = 0.03  # of the contents' size that is left free at each side of a new range
STEP: Final = 0.35  # of the way that it goes at a time: axes that move cost as much as all else
NEAR: Final = 0.01  # of its size: from here on it is there


class Steady:
    """Both axes go together, so that one scale for both remains one."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Other contents: the next range is taken at once."""
        self._now: np.ndarray | None = None
        self._goal = np.zeros((2, 2))

    def hold(self, span: Span) -> None:
        """What the plot is to show now."""
        wanted = np.array(span).reshape(2, 2)
        size = np.ptp(wanted, axis=1)
        fits = (self._goal[:, 0] <= wanted[:, 0]) & (wanted[:, 1] <= self._goal[:, 1])
        if self._now is None or not (fits & (size >= FILLED * np.ptp(self._goal, axis=1))).all():
            self._goal = wanted + np.outer(size, (-ROOM, ROOM))
        if self._now is None:
            self._now = self._goal

    def step(self) -> Span:
        """A step further towards what holds all; the same again once it is there."""
        if self._now is None:
            return (-1.0, 1.0, -1.0, 1.0)
        way = self._goal - self._now
        near = (np.abs(way).max(axis=1) <= NEAR * np.ptp(self._goal, axis=1)).all()
        self._now = self._goal if near else self._now + STEP * way
        (left, right), (bottom, top) = self._now.tolist()
        return left, right, bottom, top
