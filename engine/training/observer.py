"""When a trainer looks at gradients, and what it has seen: the newest statistics, and their course over the run."""

from __future__ import annotations

from time import perf_counter
from typing import Final

from engine.insight.tensors import TensorStats
from engine.insight.trail import Trail
from engine.training.run import Run

EVERY: Final = 0.05  # s between two looks at the least
SHARE: Final = 0.02  # of the time that they may cost


class Observer:
    """Looks at one real batch at a time, as often as its share of the time allows.

    Attributes:
        tensors: statistics of the batch that was looked at last; None before any.
        trail: their course over the run.
    """

    def __init__(self) -> None:
        self.tensors: TensorStats | None = None
        self.trail = Trail()
        self._looked, self._cost = 0.0, 0.0

    def due(self) -> bool:
        return perf_counter() - self._looked > max(EVERY, self._cost / SHARE)

    def look(self, run: Run, last: bool = False) -> int:
        """Train one batch, the ``last`` for now or not, and look at it; returns how many that were: one or none."""
        began = perf_counter()
        stats = run.observe(last)
        if stats is not None:
            self.tensors = stats
            self.trail.append(stats)
        self._looked = perf_counter()
        self._cost = self._looked - began
        return int(stats is not None)

    def forget(self) -> None:
        """Begin again with another moment or another run; a trail that somebody has kept stays as it is."""
        self.resume(None, Trail())

    def resume(self, tensors: TensorStats | None, trail: Trail) -> None:
        """Go on from another moment."""
        self.tensors, self.trail = tensors, trail
