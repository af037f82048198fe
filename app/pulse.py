"""The one timer of the window: thirty times a second what is visible takes what is new from the trainer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

PERIOD: Final = 33  # ms
TURN: Final = 0.002  # s of the window's thread at a time: what is left of a beat then has its turn after the mouse's
SHARE: Final = 0.005  # s of a beat for all turns and what they draw: what is left then comes first in the next one


class Live(Protocol):
    """What a widget offers that is to be kept up to date."""

    def refresh(self, trainer: Trainer) -> None: ...


class Pulse(QObject):
    """Pulls; nothing is pushed.

    Where the machine is slow or much is to be seen, a beat does not take longer: it serves fewer, in turn.

    Signals:
        began: a beat begins; what follows until the next one is one frame.
        happened: a rare fact that the trainer told.
    """

    began = Signal()
    happened = Signal(object)

    def __init__(self, trainer: Callable[[], Trainer | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trainer = trainer
        self._followers: list[Live] = []
        self._waiting: deque[Live] = deque()  # for their turn in this beat, or early in the next
        self._began_at = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_time)
        self._timer.start(PERIOD)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._take_turn)

    def keep_fresh(self, follower: Live) -> None:
        """``follower.refresh(trainer)`` at every beat; for a widget, while it can be seen."""
        self._followers.append(follower)

    def beat(self) -> None:
        """A whole beat, at once."""
        self._begin()
        self._go_on(float("inf"))

    def _on_time(self) -> None:
        self._begin()
        self._take_turn()

    def _take_turn(self) -> None:
        """Between two turns the window answers, and draws what is new so far."""
        self._go_on(perf_counter() + TURN)
        if self._waiting and perf_counter() - self._began_at < SHARE:
            self._rest.start(0)

    def _begin(self) -> None:
        trainer = self._trainer()
        if trainer is None:
            return
        self._began_at = perf_counter()
        self.began.emit()
        for fact in trainer.facts():
            self.happened.emit(fact)
        left = set(self._waiting)
        self._waiting.extend(follower for follower in self._followers if follower not in left)

    def _go_on(self, until: float) -> None:
        while self._waiting and perf_counter() < until:
            follower, trainer = self._waiting.popleft(), self._trainer()
            if trainer is not None and (not isinstance(follower, QWidget) or in_sight(follower)):
                follower.refresh(trainer)

    def go(self, on: bool) -> None:
        """Beat, or rest."""
        if on:
            self._timer.start(PERIOD)
        else:
            self._timer.stop()
            self._rest.stop()
            self._waiting.clear()


def in_sight(widget: QWidget) -> bool:
    """Whether a person can see it: what lies behind another tab is visible to Qt, and to nobody else.

    Qt puts it outside the window. Its visible region would not tell: one that its own children cover has none.
    """
    window = widget.window()
    if not widget.isVisible() or window.isMinimized():
        return False
    return window.rect().intersects(QRect(widget.mapTo(window, QPoint()), widget.size()))
