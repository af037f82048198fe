"""Where the window is held up: while a turn lasts too long, a thread looks at what the window's own thread is doing.

And whether it is the machine that is slow just then: a shared one does half as much in some minutes as in others.
"""

from __future__ import annotations

import faulthandler
import re
import tempfile
import threading
from collections import Counter
from time import perf_counter, thread_time
from typing import Final

EVERY: Final = 0.05  # s between two looks
LONG: Final = 0.2  # s by the clock from which on a turn is looked at
SHOWN: Final = 6  # frames of a stack that are told, the innermost first
BELOW: Final = "tests/soak/"  # what is told ends where the soak itself begins
FRAME: Final = re.compile(r'File "(.*)", line (\d+) in (\S+)')

WARM: Final = 10  # times
WORK: Final = 50_000  # rounds of a loop, a few milliseconds: what the speed of the machine is measured with


class Pace:
    """How fast the machine is, against the best that it has been since this was made."""

    def __init__(self) -> None:
        self._best = float("inf")
        for _ in range(WARM):  # the first ones are slow on any machine
            self.slowness()

    def slowness(self) -> float:
        """So many times as long as at its best does it take now for the same work."""
        began = thread_time()
        sum(number * number for number in range(WORK))
        took = thread_time() - began
        self._best = min(self._best, took)
        return took / self._best


class Watch:
    """Looks at the thread that made it, a few times a second, and only while a turn lasts long.

    It runs from `start` to `stop`; what it has seen of a turn is asked for at the turn's end.
    """

    def __init__(self) -> None:
        self._watched = threading.get_ident()
        self._began = perf_counter()
        self._seen: Counter[str] = Counter()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, name="soak watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def turn(self) -> str:
        """A turn ends, and another one begins: where the one that ends was seen most often, "" where nowhere."""
        seen, self._seen = self._seen, Counter()
        self._began = perf_counter()
        return seen.most_common(1)[0][0] if seen else ""

    def _look(self) -> None:
        # Written down, not held: with a frame in hand its painter would outlive its paint event, and end the program.
        with tempfile.TemporaryFile("w+") as file:
            while not self._stopped.wait(EVERY):
                seen = self._seen
                if perf_counter() - self._began > LONG:
                    file.seek(0)
                    file.truncate()
                    faulthandler.dump_traceback(file)
                    file.seek(0)
                    seen[where(file.read(), self._watched)] += 1


def where(dump: str, thread: int) -> str:
    """A thread of what faulthandler has written, from the inside: "app/live/loss.py:107 _draw < …"."""
    told: list[str] = []
    stack = next((part for part in dump.split("\n\n") if f"{thread:#018x} " in part), "")
    for name, line, function in FRAME.findall(stack):
        name = name.replace("\\", "/")
        if BELOW in name and told:
            break
        told.append(f"{'/'.join(name.split('/')[-3:])}:{line} {function}")
    return " < ".join(told[:SHOWN])
