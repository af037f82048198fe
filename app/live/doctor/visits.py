"""Has the trainer examine its run now and then, whether or not the findings can be seen."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from engine.insight.doctor.examination import Examine

if TYPE_CHECKING:
    from engine.insight.doctor.finding import Examination
    from engine.training.trainer import Trainer

KEY: Final = "doctor"
SHARE: Final = 0.01  # of the trainer's time, while the findings are in sight
PERIOD: Final = 1.0  # s between two visits at the least
ASIDE: Final = 0.002  # of the trainer's time, while they are not
SELDOM: Final = 4.0  # s


class Visits(QObject):
    """Asks, and hands on what is new; a run that stands still is examined once.

    Signals:
        examined: the newest examination, or None where there is none of this run yet.
    """

    examined = Signal(object)

    def __init__(self, watched: Callable[[], bool], parent: QObject) -> None:
        """``watched``: whether somebody can see the findings."""
        super().__init__(parent)
        self._watched = watched
        self.newest: Examination | None = None
        self._asked = 0.0
        self._price = 0.0  # s that an examination costs; the first of a run also prepares, and tells nothing of others
        self._of: tuple[object, ...] = ()

    def refresh(self, trainer: Trainer) -> None:
        status = trainer.status
        if not status.step and status.divergence is None:
            self._take(None)  # nothing has been trained, or nothing of this design
            self._of = ()
            return
        answer = trainer.answer(KEY)
        if answer is not None:
            self._take(answer)
        # an edit clears the answers: the run is another one, be its step the same or not
        of = (status.step, status.phase, answer is None)
        if of == self._of or status.phase in ("preparing", "failed") or perf_counter() - self._asked < self._rest():
            return
        self._asked, self._of = perf_counter(), (status.step, status.phase, False)
        trainer.ask(KEY, Examine(trainer.log, trainer.trail, status.divergence))

    def hurry(self) -> None:
        """Whoever looks now wants to see how it is now."""
        self._asked = 0.0

    def _rest(self) -> float:
        """Seconds until the last visit has been paid for."""
        share, period = (SHARE, PERIOD) if self._watched() else (ASIDE, SELDOM)
        return max(period, self._price / share)

    def _take(self, examination: Examination | None) -> None:
        if examination is not self.newest:
            self._price = examination.seconds if examination and self.newest else 0.0
            self.newest = examination
            self.examined.emit(examination)
