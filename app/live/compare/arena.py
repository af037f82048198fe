"""What is being compared: the contest, who takes part, and what becomes of both when the user wants another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.session import Session
from engine.compare.contest import Contest, cores
from engine.compare.race import race, seed_fan
from engine.compare.standing import Contestant, Standing
from engine.design.difference import differences
from engine.design.document import Document
from engine.errors import NetloomError

LOOK: Final = 250  # ms between two looks whether the window trains, too


class Arena(QObject):
    """One contest at a time. What is let go ends by itself; only `stop` waits for it.

    Attributes:
        shares: the training of the window runs, too, and both share the cores.
        chosen: the key of the run that is selected, or None.

    Signals:
        changed: others take part, or another run is chosen.
        told: something to be said to the user.
    """

    changed = Signal()
    told = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.contest: Contest | None = None
        self.chosen: int | None = None
        self._pace: float | None = None
        self._old: list[Contest] = []
        self._begun: Document | None = None  # the design with which the list began: others are told by what differs
        self._stopped = False
        self.shares = False  # the window's own training runs, too
        self._look = QTimer(self)  # also while nobody looks at the view
        self._look.setInterval(LOOK)
        self._look.timeout.connect(self._share_cores)

    # -- who takes part

    @property
    def standings(self) -> tuple[Standing, ...]:
        return self.contest.standings() if self.contest is not None else ()

    @property
    def standing(self) -> Standing | None:
        """That of the chosen run; of the first where none is chosen."""
        standings = self.standings
        return next((each for each in standings if each.key == self.chosen), standings[0] if standings else None)

    def color(self, key: int) -> int:
        """The number of a run's colour, which it keeps: that of its fan's first where it is one of several seeds."""
        standings = self.standings
        here = next((each for each in standings if each.key == key), None)
        if here is not None and here.contestant.fan:
            key = next(each.key for each in standings if each.contestant.fan == here.contestant.fan)
        return key - 1

    def add_current(self) -> None:
        """The design as it stands in the window."""
        document = self._session.document
        named = self._name(document)
        self._add(Contestant(named, document, document.training.seed))

    def add_variation(self, text: str, document: Document) -> None:
        self._add(Contestant(text, document, document.training.seed))

    def race(self) -> None:
        """The current design with every optimizer, from the start line, at once."""
        self._begin(race(self._session.document), with_paths=True)
        self.play()

    def fan(self, count: int) -> None:
        """The current design, or the chosen one, with so many seeds."""
        self._begin(seed_fan(self._session.document, count))
        self.play()

    def remove_chosen(self) -> None:
        standing = self.standing
        if self.contest is not None and standing is not None:
            self.contest.remove(standing.key)
            self.chosen = None
            if not self.contest.standings():
                self.clear()
            self.changed.emit()

    def clear(self) -> None:
        """Nobody takes part any more."""
        self._let_go()
        self.chosen = self._begun = None
        self.changed.emit()

    def choose(self, key: int) -> None:
        if key != self.chosen:
            self.chosen = key
            self.changed.emit()

    def use_chosen(self) -> None:
        """Its design becomes that of the window, as one undo step."""
        standing = self.standing
        if standing is not None:
            self._session.settle()
            self._session.edit(f"Use {standing.name}", standing.contestant.seeded)
            self.told.emit(f"The design of {standing.name} is in the window; Undo brings the old one back.")

    def difference(self, standing: Standing) -> str:
        """In what a run differs from the first of the list, in words."""
        first = self.standings[0]
        if standing.key == first.key:
            return "the first: others are told by what differs from it"
        words = differences(first.contestant.seeded, standing.contestant.seeded)
        return ", ".join(words) or "the same design"

    # -- how it goes

    def play(self) -> None:
        if self.contest is not None:
            self.contest.play()

    def toggle(self) -> None:
        """Play, or pause; where all have ended, from the start again."""
        contest = self.contest
        if contest is None:
            return
        if contest.playing:
            contest.pause()
        elif all(standing.ended for standing in contest.standings()):
            self.restart()
            self.play()
        else:
            contest.play()

    def restart(self) -> None:
        """The same runs from their first weights."""
        if self.contest is not None:
            self._begin([standing.contestant for standing in self.standings], with_paths=self.contest.with_paths)

    def pace(self, epochs_per_second: float | None) -> None:
        self._pace = epochs_per_second
        if self.contest is not None:
            self.contest.pace(epochs_per_second)

    def stop(self) -> None:
        """End all; waits for it."""
        self._stopped = True
        self._let_go()
        for contest in self._old:
            contest.close()
        self._old.clear()

    def _name(self, document: Document) -> str:
        """What a design is called in the list: by what it is, or by how it differs from the one that began it."""
        if self.contest is None or self._begun is None:
            return document.title or "Design"
        words = differences(self._begun, document)
        name = ", ".join(words[:2]) + (" …" if len(words) > 2 else "")
        return name or f"{document.title or 'Design'} again"

    def _add(self, contestant: Contestant) -> None:
        if self._stopped:
            return
        if self.contest is None:
            self._begin([contestant])
            return
        try:
            self.chosen = self.contest.add(contestant)
        except NetloomError as error:
            self.told.emit(str(error))
        self.changed.emit()

    def _begin(self, contestants: Iterable[Contestant], with_paths: bool = True) -> None:
        if self._stopped:
            return
        contestants = list(contestants)
        self._let_go()
        contest = Contest(with_paths=with_paths)
        if self._session.prepared is not None:
            contest.know(self._session.document, self._session.prepared)
        contest.pace(self._pace)
        for contestant in contestants:
            contest.add(contestant)
        contest.start()
        self._look.start()
        self.contest, self.chosen, self._begun = contest, None, contestants[0].document
        self.changed.emit()

    def _share_cores(self) -> None:
        """Leave a core to the training of the window while that runs."""
        trainer, contest = self._session.trainer, self.contest
        runs = trainer is not None and trainer.status.phase == "running"
        if contest is not None:
            self.shares = contest.playing and runs
            contest.limit(cores() - runs)

    def _let_go(self) -> None:
        self._look.stop()
        self.shares = False
        if self.contest is not None:
            self.contest.leave()
            self._old = [contest for contest in self._old if contest.alive] + [self.contest]
            self.contest = None
