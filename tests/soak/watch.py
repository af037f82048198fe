"""Where the window is held up: while a turn lasts too long, a thread looks at what the window's own thread is doing."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from time import perf_counter
from traceback import extract_stack
from types import FrameType
from typing import Final

EVERY: Final = 0.05  # s between two looks
LONG: Final = 0.2  # s by the clock from which on a turn is looked at
SHOWN: Final = 6  # frames of a stack that are told, the innermost first
ABOVE: Final = "tests/soak/"  # what is told ends here: below lies the soak itself


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
        while not self._stopped.wait(EVERY):
            began, seen = self._began, self._seen
            if perf_counter() - began > LONG:
                frame = sys._current_frames().get(self._watched)
                if frame is not None:
                    seen[where(frame)] += 1


def where(frame: FrameType) -> str:
    """A stack in words, from the inside: "app/live/loss.py:107 _draw < …"."""
    told = []
    for entry in reversed(extract_stack(frame)):
        name = entry.filename.replace("\\", "/")
        if ABOVE in name and told:
            break
        told.append(f"{'/'.join(name.split('/')[-3:])}:{entry.lineno} {entry.name}")
    return " < ".join(told[:SHOWN])
