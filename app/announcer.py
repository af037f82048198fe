"""Who is told of another theme, and when: what is small at once, what is dear in turns."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Final
from weakref import WeakMethod

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

SOON: Final = 1  # ms: with 0 it would be done before the window is painted, and before the mouse is heard
TURN: Final = 0.003  # s of the window's thread at a time


class Announcer(QObject):
    """Tells of another theme.

    Signals:
        changed: what is small or simple repaints at once.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._followers: list[WeakMethod[Callable[[], object]]] = []
        self._waiting: deque[WeakMethod[Callable[[], object]]] = deque()
        self._turn = QTimer(self, singleShot=True, interval=SOON)
        self._turn.timeout.connect(self._take_turn)

    def then(self, do: Callable[[], object]) -> None:
        """``do`` this method too, when the window is painted: views and pages take turns, and nobody waits for all."""
        self._followers.append(WeakMethod(do))

    @property
    def busy(self) -> bool:
        """Whether some have their turn yet to come."""
        return bool(self._waiting)

    def awaits(self, owner: object) -> bool:
        """Whether this object has its turn yet to come."""
        return any((do := follower()) is not None and do.__self__ is owner for follower in self._waiting)

    def tell(self, worn: object) -> None:
        """Tell all."""
        self.changed.emit(worn)
        self._followers = [follower for follower in self._followers if _lives(follower)]
        self._waiting = deque(self._followers)
        self._turn.start()

    def _take_turn(self) -> None:
        """Some of those that wait; what they have changed is painted before the next."""
        until = perf_counter() + TURN
        try:
            while self._waiting:
                follower = self._waiting.popleft()
                if (do := follower()) is not None and _lives(follower):
                    do()
                    if perf_counter() >= until:
                        break
        finally:  # one at fault does not keep the others from their turn
            if self._waiting:
                self._turn.start()


def _lives(follower: WeakMethod[Callable[[], object]]) -> bool:
    do = follower()
    return do is not None and isValid(do.__self__)
