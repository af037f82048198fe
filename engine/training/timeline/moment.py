"""What a timeline is made of: moments, the branches that they lie on, and where the run stands."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from engine.design.document import Document
from engine.insight.trail import Trail
from engine.program.state import State
from engine.training.log import MetricLog

if TYPE_CHECKING:
    from engine.insight.tensors import TensorStats


@dataclass(frozen=True)
class Place:
    """Where on the timeline something is.

    Attributes:
        stretch: training between two changes from outside has one number; within it the same bits come again.
    """

    branch: int
    stretch: int
    step: int


@dataclass(frozen=True)
class Here:
    """Where the run stands.

    Attributes:
        at: epochs, with the part of the one that has begun.
        newest: nothing on its branch is later.
    """

    place: Place
    at: float
    newest: bool


@dataclass(frozen=True, eq=False)
class Moment:
    """All that is needed to go on from here, bit for bit.

    Attributes:
        number: in the order of recording.
        document: the design that was trained: a frozen value, shared by all moments that have it.
        state: its arrays are never written to, and shared between moments where they are equal.
        stats: the gradients as they were last looked at.
        at: epochs, with the part of the one that had begun.
        loss, metric, validation_loss, validation_metric: of the last finished epoch; NaN where there is none.
        edited: the design is another than that of the moment before it.
    """

    number: int
    place: Place
    document: Document
    state: State
    stats: TensorStats | None
    at: float
    loss: float
    metric: float
    validation_loss: float
    validation_metric: float
    edited: bool = False

    @property
    def step(self) -> int:
        return self.place.step

    @property
    def epoch(self) -> int:
        return int(self.at)

    @property
    def judged(self) -> float:
        """The loss that tells how good it is: that of the rows that teach nothing, where there are such."""
        return self.validation_loss if isfinite(self.validation_loss) else self.loss


@dataclass(frozen=True, eq=False)
class Branch:
    """One course of the training.

    Attributes:
        parent: the branch that it has grown from; None for one that began at the first weights.
        fork, fork_step: the epoch and the step at which it left its parent.
        log, trail: of all its course, that of its parents before the fork included; rows are shared, not copied.
        diverged: the epochs to which it had to return because the loss was no number any more.
    """

    number: int
    name: str
    parent: int | None
    fork: float
    fork_step: int
    log: MetricLog
    trail: Trail
    diverged: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Overview:
    """The timeline at one instant: a value that any thread may read.

    Attributes:
        branches: in the order in which they were made.
        moments: of all branches, each branch's in the order of its steps.
        ended: the step at which a stretch was ended by a change from outside, by its number.
        bytes: what the moments hold.
        refused: bytes of a moment of this network, where too few of them would fit into the budget; else 0.
    """

    branches: tuple[Branch, ...] = ()
    moments: tuple[Moment, ...] = ()
    ended: tuple[tuple[int, int], ...] = ()
    bytes: int = 0
    refused: int = 0

    def branch(self, number: int) -> Branch | None:
        return next((branch for branch in self.branches if branch.number == number), None)

    def of_branch(self, number: int) -> tuple[Moment, ...]:
        """The moments of one branch, after its fork."""
        return tuple(moment for moment in self.moments if moment.place.branch == number)

    def line(self, number: int) -> list[Moment]:
        """The moments that led to the end of a branch: its own, and those of its parents before the fork."""
        found: list[Moment] = []
        until: int | None = None
        known: int | None = number
        while known is not None and (branch := self.branch(known)) is not None:
            own = [m for m in self.of_branch(known) if until is None or m.step <= until]
            found[:0] = own
            until, known = branch.fork_step, branch.parent
        return found

    def leading(self, number: int | None) -> set[int]:
        """The numbers of a branch and of all that it has grown from."""
        found: set[int] = set()
        while number is not None and (branch := self.branch(number)) is not None:
            found.add(number)
            number = branch.parent
        return found

    def grown_from(self, number: int) -> tuple[Branch, ...]:
        """All branches that have grown from one, or from one of those."""
        return tuple(branch for branch in self.branches if number in self.leading(branch.parent))

    def best(self, number: int) -> Moment | None:
        """The moment of a branch with the lowest loss on the rows that judge it."""
        own = self.of_branch(number)
        if any(isfinite(moment.validation_loss) for moment in own):
            own = tuple(moment for moment in own if isfinite(moment.validation_loss))
        return min((m for m in own if isfinite(m.judged)), key=lambda m: m.judged, default=None)

    def find(self, place: Place) -> Moment | None:
        """The moment at a place, or the nearest to it on the same branch."""
        own = self.of_branch(place.branch)
        same = [moment for moment in own if moment.place.stretch == place.stretch] or list(own)
        return min(same, key=lambda moment: (abs(moment.step - place.step), -moment.step), default=None)


Course = tuple[Overview, Place]  # a timeline, and where on it a run stands
