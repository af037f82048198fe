"""How much a trainer does at once: chunks between two looks at the commands, a set pace, and how fast it really is."""

from __future__ import annotations

from collections import deque
from time import perf_counter

CHUNK = 0.010  # s between two looks at the commands
TICK = 1 / 60  # s: how finely a set pace is kept
LARGEST = 1 << 22  # batches of one chunk


class Pacing:
    """How many batches are due now.

    Attributes:
        pace: epochs a second; None: as fast as it goes.
    """

    def __init__(self) -> None:
        self.pace: float | None = None
        self.chunk = 1
        self._owed = 0.0  # batches that the pace allows
        self._last = 0.0

    def begin(self, pace: float | None) -> None:
        """Keep this pace from now on; the first batch is due at once."""
        self.pace = pace
        self._owed, self._last = 1.0, perf_counter()

    def due(self, steps_per_epoch: int) -> int:
        """Batches to train now; 0: it is too early."""
        if self.pace is None:
            return self.chunk
        now = perf_counter()
        # what a busy machine could not do in time is not made up for in one go
        most = max(4.0 * self.chunk, 1.0)
        self._owed = min(self._owed + (now - self._last) * self.pace * steps_per_epoch, most)
        self._last = now
        return min(self.chunk, int(self._owed))

    def wait(self, steps_per_epoch: int) -> float:
        """Seconds until a batch is due, or a tick's batches where they are several, or a chunk; at most a tick.

        Batch for batch, a fast pace on a small net would keep the interpreter busy with looking whether one is due.
        """
        if self.pace is None:
            return 0.0
        rate = self.pace * steps_per_epoch
        enough = min(max(rate * TICK, 1.0), self.chunk)
        missing = (enough - self._owed) / rate - (perf_counter() - self._last)
        return min(max(missing, 0.0), TICK)

    def did(self, batches: int) -> None:
        """These batches were trained."""
        if self.pace is not None:
            self._owed -= batches

    def fit(self, batches: int, seconds: float) -> None:
        """Make the next chunk last about `CHUNK`, as this one lasted so long; it grows at most by two."""
        if batches:
            self.chunk = max(1, min(int(batches * CHUNK / max(seconds, 1e-7)), 2 * self.chunk, LARGEST))


class Speedometer:
    """Steps per second over about the last half second, and the time at work.

    Attributes:
        elapsed: seconds at work, the waiting of a set pace included.
    """

    def __init__(self, elapsed: float = 0.0) -> None:
        """``elapsed``: the seconds that what is begun with took already."""
        self.elapsed = elapsed
        self._trained = elapsed
        self.speed = 0.0
        self._marks: deque[tuple[float, int]] = deque(maxlen=10)  # (time, step)
        self._looked = 0.0
        self._worked = False

    def look(self, step: int, works: bool, trained: float) -> float:
        """Take note of where it stands; returns steps per second, 0 when it does not run.

        Args:
            trained: seconds that all batches so far took.
        """
        now = perf_counter()
        # a single step begins and ends between two looks; the rest of that time it waited to be told so
        self.elapsed += now - self._looked if self._worked else max(trained - self._trained, 0.0)
        self._looked, self._worked, self._trained = now, works, trained
        if not works or (self._marks and step < self._marks[-1][1]):
            self._marks.clear()
        if not works:
            self.speed = 0.0
            return self.speed
        if not self._marks or now - self._marks[-1][0] > 0.05:
            self._marks.append((now, step))
        then, before = self._marks[0]
        if now - then > 0.02:
            self.speed = (step - before) / (now - then)
        return self.speed
