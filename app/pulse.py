"""The one timer of the window: thirty times a second what is visible takes what is new from the trainer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

PERIOD: Final = 33  # ms


class Live(Protocol):
    """What a widget offers that is to be kept up to date."""

    def refresh(self, trainer: Trainer) -> None: ...


class Pulse(QObject):
    """Pulls; nothing is pushed.

    Signals:
        began: a beat begins; what follows until the event loop rests is one frame.
        happened: a rare fact that the trainer told.
    """

    began = Signal()
    happened = Signal(object)

    def __init__(self, trainer: Callable[[], Trainer | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trainer = trainer
        self._followers: list[Live] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.beat)
        self._timer.start(PERIOD)

    def keep_fresh(self, follower: Live) -> None:
        """``follower.refresh(trainer)`` at every beat; for a widget, while it can be seen."""
        self._followers.append(follower)

    def beat(self) -> None:
        trainer = self._trainer()
        if trainer is None:
            return
        self.began.emit()
        for fact in trainer.facts():
            self.happened.emit(fact)
        for follower in self._followers:
            if not isinstance(follower, QWidget) or in_sight(follower):
                follower.refresh(trainer)

    def go(self, on: bool) -> None:
        """Beat, or rest."""
        if on:
            self._timer.start(PERIOD)
        else:
            self._timer.stop()


def in_sight(widget: QWidget) -> bool:
    """Whether a person can see it: what lies behind another tab is visible to Qt, and to nobody else.

    Qt puts it outside the window. Its visible region would not tell: one that its own children cover has none.
    """
    window = widget.window()
    if not widget.isVisible() or window.isMinimized():
        return False
    return window.rect().intersects(QRect(widget.mapTo(window, QPoint()), widget.size()))
