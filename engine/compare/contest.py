"""A contest: up to eight designs trained side by side, epoch by epoch, on threads that share the machine's cores."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np

from engine.compare.lane import Lane
from engine.compare.path import Path
from engine.compare.standing import Contestant, Standing
from engine.data.dataset import Source
from engine.data.prepare import Prepared, prepare
from engine.design.document import Document
from engine.errors import NetloomError
from engine.training.published import Question
from engine.training.spec import DataSplit

MOST = 8
ROUND = (0.05, 0.2)  # s that a round should take: in shorter ones more epochs are trained between two looks round
MOMENTS = 256  # rounds in all at the least, where paths are kept
POLITE = 10  # niceness of the threads where the system knows one for threads: the window and its training go first


def cores() -> int:
    """How many threads a contest may train with: a core is left to the window."""
    return max(1, (os.cpu_count() or 1) - 1)


class Contest:
    """Trains in lock-step: nobody begins a round of epochs before all have ended the one before.

    Every contestant is a `Run` of its own, and so the bits are those that it would have alone. Data that are the same
    are prepared once. A contestant that diverges, ends or fails leaves the others to go on; one that is added later
    is trained up to the others first. Every method returns at once but `close`.
    """

    def __init__(self, dtype: type = np.float32, with_paths: bool = False) -> None:
        """``with_paths``: keep the course of everybody's weights, for a loss surface."""
        self._dtype, self.with_paths = dtype, with_paths
        self._changed = threading.Condition()
        self._loading = threading.Lock()
        self._lanes: dict[int, Lane] = {}
        self._known: list[tuple[tuple[Source, DataSplit], Prepared]] = []
        self._number, self._playing, self._closing = 0, False, False
        self._goal, self._stride = 0, 1
        self._cores = cores()
        self._pace: float | None = None
        self._round_began = 0.0
        self._threads: list[threading.Thread] = []

    # -- what others call

    def start(self) -> None:
        """Begin: prepare who takes part, wait for `play`."""
        for number in range(cores()):
            thread = threading.Thread(target=self._live, name=f"contest-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def leave(self) -> None:
        """Nobody waits for it any more, and `close` waits until it has stopped: all that it holds is let go."""
        self._stop()
        self._lanes, self._known = {}, []

    def close(self) -> None:
        """Stop and join; afterwards nothing is computed any more."""
        self._stop()
        for thread in self._threads:
            thread.join()

    def _stop(self) -> None:
        with self._changed:
            self._closing, self._playing = True, False
            for lane in self._lanes.values():
                lane.leaving = True
            self._changed.notify_all()

    def know(self, document: Document, prepared: Prepared) -> None:
        """Data that somebody has prepared already need not be prepared again."""
        with self._loading:
            if prepared.x.dtype == np.dtype(self._dtype) and prepared.rows:
                self._known = [((document.data, document.split), prepared)]

    def add(self, contestant: Contestant) -> int:
        """Let somebody else take part; returns the number by which it is called.

        Raises:
            NetloomError: there are eight already.
        """
        with self._changed:
            if len(self._lanes) >= MOST:
                raise NetloomError("Compare", f"{MOST} runs take part already", "Remove one first")
            self._number += 1
            self._lanes[self._number] = Lane(self._number, contestant, Path() if self.with_paths else None)
            self._changed.notify_all()
            return self._number

    def remove(self, key: int) -> None:
        """Let somebody go; who works for it at the moment ends its chunk."""
        with self._changed:
            gone = self._lanes.pop(key, None)
            if gone is not None:
                gone.leaving = True
            self._changed.notify_all()

    def play(self) -> None:
        """Train until paused, or until everybody has ended."""
        with self._changed:
            self._playing = True
            self._round_began = perf_counter()
            self._changed.notify_all()

    def pause(self) -> None:
        """Bring everybody to the same epoch, the one that the first has reached, and wait there."""
        with self._changed:
            self._playing = False
            self._goal = max((lane.standing.begun for lane in self._lanes.values()), default=0)
            self._changed.notify_all()

    def pace(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second; None: as fast as it goes.

        Raises:
            ValueError: it is not above zero.
        """
        if epochs_per_second is not None and not epochs_per_second > 0:
            raise ValueError(f"a pace is above zero, and {epochs_per_second} was given")
        with self._changed:
            self._pace, self._stride = epochs_per_second, 1
            self._changed.notify_all()

    def limit(self, threads: int) -> None:
        """Train with so many threads at once at the most: fewer while others need the cores, too."""
        allowed = max(1, min(threads, cores()))
        with self._changed:
            if allowed != self._cores:
                self._cores = allowed
                self._changed.notify_all()

    def ask(self, key: int, name: str, question: Question) -> None:
        """Have a question about somebody answered between two chunks; a newer one of the same name replaces it."""
        with self._changed:
            if key in self._lanes:
                self._lanes[key].ask(name, question)
                self._changed.notify_all()

    def answer(self, key: int, name: str) -> Any:
        """The newest answer, or None."""
        lane = self._lanes.get(key)
        return None if lane is None else lane.answer(name)

    def path(self, key: int) -> Path | None:
        """The course of somebody's weights, where that is kept."""
        lane = self._lanes.get(key)
        return None if lane is None else lane.path

    @property
    def alive(self) -> bool:
        """Whether any of its threads still runs."""
        return any(thread.is_alive() for thread in self._threads)

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def busy(self) -> bool:
        """Whether anything is being computed, or will be without being asked."""
        with self._changed:
            return self._playing or any(lane.busy for lane in self._lanes.values()) or self._due() is not None

    def standings(self) -> tuple[Standing, ...]:
        """How far everybody has come, in the order in which they were added."""
        return tuple(lane.standing for lane in self._lanes.copy().values())

    # -- on its threads

    def _live(self) -> None:
        step_back()
        # what diverges is told in words; the thread's own NumPy must not warn about it
        with np.errstate(all="ignore"):
            while (lane := self._take()) is not None:
                self._work(lane)
                with self._changed:
                    lane.busy = False
                    if not self._playing:  # it may have gone further since `pause` looked
                        self._goal = max(self._goal, lane.standing.begun)
                    self._changed.notify_all()

    def _take(self) -> Lane | None:
        """The next lane that needs something, or None when the contest is closed."""
        with self._changed:
            while not self._closing:
                self._next_round()
                lane = self._due()
                if lane is not None:
                    lane.busy = True
                    return lane
                self._changed.wait(self._patience())
            return None

    def _due(self) -> Lane | None:
        """The lane that needs something most."""
        lanes = list(self._lanes.values())
        if sum(lane.busy for lane in lanes) >= self._cores:
            return None
        idle = [lane for lane in lanes if not lane.busy]
        for lane in idle:
            if lane.waits:
                return lane
        behind = [lane for lane in idle if lane.behind(self._goal)]
        if behind:
            return min(behind, key=lambda lane: lane.epoch)
        return next((lane for lane in idle if lane.unjudged and (lane.standing.ended or self._at_rest(lanes))), None)

    def _at_rest(self, lanes: Sequence[Lane]) -> bool:
        return not self._playing and not any(lane.behind(self._goal) for lane in lanes)

    def _next_round(self) -> None:
        """Set the next goal, where everybody has reached this one and the pace allows it."""
        lanes = list(self._lanes.values())
        if not self._playing or any(lane.busy or lane.waits or lane.behind(self._goal) for lane in lanes):
            return
        if all(lane.standing.ended for lane in lanes):
            self._playing = False
            return
        now = perf_counter()
        if self._pace is not None and now - self._round_began < 1 / self._pace:
            return
        if self._pace is None:
            took = now - self._round_began
            self._stride = max(1, 2 * self._stride if took < ROUND[0] else self._stride // (1 + (took > ROUND[1])))
        if self.with_paths:  # a path is noted once a round, and is to have enough of them
            left = [lane.standing.epochs for lane in lanes if lane.behind(sys.maxsize)]
            self._stride = max(1, min(self._stride, min(left, default=1) // MOMENTS))
        self._round_began = now
        self._goal = max(self._goal, *(lane.epoch for lane in lanes)) + self._stride

    def _patience(self) -> float | None:
        """Seconds until the pace allows the next round; None: until something changes."""
        if self._pace is None or not self._playing:
            return None
        return max(1 / self._pace - (perf_counter() - self._round_began), 0.001)

    def _work(self, lane: Lane) -> None:
        if lane.run is None:
            lane.prepare(self._load, self._dtype)
            return
        lane.answer_questions()
        if lane.behind(self._goal):
            lane.train(self._goal)
        elif lane.unjudged and (lane.standing.ended or not self._playing):
            lane.rest()
            lane.judge()

    def _load(self, document: Document) -> Prepared:
        """The data of a design: those that are there already, or prepared now."""
        wanted = document.data, document.split
        with self._loading:
            for known, prepared in self._known:
                if known == wanted:
                    return prepared
            for lane in self._lanes.copy().values():
                if lane.run is not None and (lane.run.document.data, lane.run.document.split) == wanted:
                    return lane.run.prepared
            prepared = prepare(*wanted, self._dtype)
            self._known.append((wanted, prepared))
            return prepared


def step_back() -> None:
    """Let others go first on a busy core: Linux knows a niceness for every thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), POLITE)
