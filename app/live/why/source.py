"""Where the numbers come from: a moment of the run, taken between two chunks, worked out on a thread of its own."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from app.background import Background
from app.session import Session, matters
from engine.errors import NetloomError
from engine.insight.trace import Chain, Moment, Now, Trace

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

KEY: Final = "why"
EVERY: Final = 0.5  # s between two looks while it trains
RESTING: Final = 1.0  # and while it does not: another moment of the run may have been restored
SHARE: Final = 0.01  # of the trainer's time that taking a moment may cost
PATIENCE: Final = 5.0  # s after which an answer is no longer waited for


class Source(QObject):
    """Tells of the row and the weight that are picked in the session.

    Attributes:
        works: something is being worked out.

    Signals:
        told: a `Trace`, and the `Chain` of the weight or None. failed: why there is none, in a sentence.
    """

    told = Signal(object, object)
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._background = Background(self)
        self.works = self._stopped = False
        self._moment: Moment | None = None
        self._shown: tuple[Moment, object, object] | None = None  # what was last told: moment, row, weight
        self._wanted: tuple[object, ...] = ()  # of which moment it was last asked
        self._held: tuple[object, ...] = ()  # the moment at which nothing newer is to be told
        self._touched = 0  # how often something has changed that the status does not tell
        self._asked, self._waits = 0.0, False

    def refresh(self, trainer: Trainer) -> None:
        """Ask for the present moment where what was told is of another, and work out what has been answered."""
        moment = trainer.answer(KEY)
        if isinstance(moment, Moment) and moment is not self._moment:
            self._moment, self._waits = moment, False
            self.work()
        now, moment = perf_counter(), self._moment
        wanted = self._now(trainer)
        other = moment is None or matters(moment.document, self._session.document)
        if wanted == self._held or self.works or (self._waits and now - self._asked < PATIENCE):
            return
        if trainer.status.phase == "running" or other:
            rest = max(EVERY, moment.seconds / SHARE if moment is not None else 0.0)
        else:
            rest = RESTING if wanted == self._wanted else 0.0
        if now - self._asked >= rest:
            self._asked, self._wanted, self._waits = now, wanted, True
            trainer.ask(KEY, Now())

    def _now(self, trainer: Trainer) -> tuple[object, ...]:
        return trainer.status.step, trainer.status.epoch, self._touched

    def hold(self, trainer: Trainer) -> None:
        """Tell nothing newer until the run goes on."""
        self._held = self._now(trainer)

    def touch(self) -> None:
        """Something has changed: look again."""
        self._touched += 1

    def forget(self) -> None:
        self._moment = self._shown = None

    def work(self) -> None:
        """Beside the window; what changes meanwhile is worked out afterwards."""
        moment, picked = self._moment, self._session.picked
        if moment is None or self.works:
            return
        self.works = True
        asked = moment, picked.row, picked.weight
        row = min(picked.row or 0, moment.prepared.rows - 1)
        weight = None if picked.weight is None else (picked.weight.key, picked.weight.index)
        shown = self._shown

        def work() -> tuple[Trace, Chain | None] | None:
            same = shown is not None and asked[1:] == shown[1:] and moment.equals(shown[0])
            return None if same else moment.told(row, weight, self._look)

        def done(found: tuple[Trace, Chain | None] | None) -> None:
            self.works = False
            self._shown = asked
            if found is not None:
                self.told.emit(*found)
            if asked != (self._moment, picked.row, picked.weight):
                self.work()

        def failed(error: NetloomError) -> None:
            self.works = False
            self.failed.emit(str(error))

        self._background.run(work, done, failed)

    def stop(self) -> None:
        """End what is being worked out, and wait for it."""
        self._stopped = True
        self._background.stop()

    def _look(self, _ready: int, _of: int) -> None:
        """Now and then while kernels are compiled, beside the window."""
        if self._stopped:
            raise NetloomError("why this number", "the window is closing")
