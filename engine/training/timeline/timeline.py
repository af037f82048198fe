"""All moments and branches of a run, within a budget of memory; written by the trainer's thread alone."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from engine.insight.trail import Trail
from engine.training.log import MetricLog
from engine.training.timeline.moment import Branch, Moment, Overview, Place
from engine.training.timeline.sharing import Ledger
from engine.training.timeline.thinning import lanes, victims

if TYPE_CHECKING:
    from collections.abc import Iterable

MEGABYTE: Final = 2**20
BUDGET: Final = 256 * MEGABYTE
MOST: Final = 1024  # moments, however small: a screen has no more places
MOST_BRANCHES: Final = 16
AFTER_THINNING: Final = 7 / 8  # of what is allowed: thinned often, it would cost more than it saves
MAIN: Final = "Main"


class Timeline:
    """Moments in the order of their steps, per branch.

    Attributes:
        budget: bytes that the moments may hold.
        shown: what it holds, for any thread; another value whenever that changes.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.shown = Overview()
        self.clear()

    def clear(self) -> None:
        """Begin again, with nothing."""
        self._branches: dict[int, Branch] = {}
        self._moments: dict[int, list[Moment]] = {}
        self._ended: dict[int, int] = {}
        self._ledger = Ledger()
        self._thinned: WeakSet[Moment] = WeakSet()  # somebody still holds them, and may be on the way there
        self._next_branch = self._next_moment = self._next_stretch = 0
        self.refused = 0
        self.show()

    def show(self) -> None:
        """Publish what it holds."""
        self.shown = Overview(
            tuple(self._branches.values()),
            tuple(moment for own in self._moments.values() for moment in own),
            tuple(self._ended.items()),
            self._ledger.bytes,
            self.refused,
        )

    # -- branches and stretches

    @property
    def empty(self) -> bool:
        return not self._branches

    def branch(self, number: int) -> Branch:
        return self._branches[number]

    def moments(self, number: int) -> list[Moment]:
        """A branch's own moments, in the order of their steps."""
        return self._moments[number]

    def grow(self, parent: Moment | None, log: MetricLog, trail: Trail) -> int:
        """A new branch from a moment, or from the first weights; returns its number."""
        number, self._next_branch = self._next_branch, self._next_branch + 1
        name = MAIN if not number else f"Run {number + 1}" if parent is None else f"Branch {number}"
        if parent is None:
            made = Branch(number, name, None, 0.0, 0, log, trail)
        else:
            made = Branch(number, name, parent.place.branch, parent.at, parent.step, log, trail)
        self._branches[number], self._moments[number] = made, []
        self.show()
        return number

    def fresh_stretch(self) -> int:
        self._next_stretch += 1
        return self._next_stretch - 1

    def end(self, stretch: int, step: int) -> None:
        """A stretch was ended at a step by a change from outside."""
        self._ended[stretch] = step
        self.show()

    def ending(self, stretch: int) -> int | None:
        """The step at which a stretch was ended; None: nothing has changed its course yet."""
        return self._ended.get(stretch)

    def change(self, number: int, **fields: object) -> None:
        """Give a branch another name, log, trail, or marks of divergence."""
        self._branches[number] = replace(self._branches[number], **fields)  # type: ignore[arg-type]
        self.show()

    def delete(self, number: int) -> None:
        """Take a branch away, with all that has grown from it."""
        for child in [b.number for b in self._branches.values() if b.parent == number]:
            self.delete(child)
        for moment in self._moments.pop(number, ()):
            self._ledger.remove(moment)
        self._branches.pop(number, None)
        self.show()

    def make_room(self, here: int | None) -> None:
        """Before one more branch: give one up where there are too many, the oldest that nobody has named.

        One that nothing has grown from goes; where there is none, one with a single child becomes a part of it.

        Args:
            here: the branch that is stood on.
        """
        if len(self._branches) < MOST_BRANCHES:
            return
        children = Counter(branch.parent for branch in self._branches.values())
        unnamed = [n for n, b in self._branches.items() if n != here and b.name in (f"Run {n + 1}", f"Branch {n}")]
        leaf = next((n for n in unnamed if not children[n]), None)
        if leaf is not None:
            self.delete(leaf)
            return
        single = next((n for n in unnamed if children[n] == 1), None)
        if single is not None:
            self._absorb(single)

    def _absorb(self, number: int) -> None:
        """Make what led from a branch to its only child a part of the child; what came after it is given up."""
        old = self._branches.pop(number)
        child = next(branch for branch in self._branches.values() if branch.parent == number)
        kept: list[Moment] = []
        for moment in self._moments.pop(number):
            self._ledger.remove(moment)
            if moment.step <= child.fork_step:
                kept.append(replace(moment, place=replace(moment.place, branch=child.number)))
                self._ledger.add(kept[-1])
        self._moments[child.number][:0] = kept
        self.change(child.number, parent=old.parent, fork=old.fork, fork_step=old.fork_step)

    # -- moments

    def at(self, place: Place) -> Moment | None:
        """The moment at exactly this place."""
        own = self._moments.get(place.branch, [])
        return next((moment for moment in reversed(own) if moment.place == place), None)

    def before(self, place: Place) -> Moment | None:
        """The last moment of a branch up to a place."""
        own = self._moments[place.branch]
        index = bisect_right(own, (place.step, place.stretch), key=lambda m: (m.step, m.place.stretch))
        return own[index - 1] if index else None

    def last(self, branch: int) -> Moment | None:
        own = self._moments[branch]
        return own[-1] if own else None

    def current(self, moment: Moment) -> Moment | None:
        """A moment as it lies here now, also one that was thinned out since; None: its whole course was given up."""
        # of a branch that became a part of another one the moments have another place
        same = next((m for own in self._moments.values() for m in own if m.state is moment.state), None)
        return same or (moment if moment in self._thinned and moment.place.branch in self._branches else None)

    def add(self, moment: Moment) -> Moment:
        """Keep a moment, and give up others where the budget asks for it; returns it with its number."""
        own = self._moments[moment.place.branch]
        key = moment.step, moment.place.stretch
        index = bisect_right(own, key, key=lambda m: (m.step, m.place.stretch))
        moment = replace(moment, number=self._next_moment)
        self._next_moment += 1
        own.insert(index, moment)
        self._ledger.add(moment)
        self._thin(moment)
        self.show()
        return moment

    def drop(self, moment: Moment) -> None:
        """Forget one moment."""
        self._moments[moment.place.branch].remove(moment)
        self._ledger.remove(moment)

    def keep_to(self, budget: int) -> None:
        """Another budget from now on."""
        self.budget = budget
        newest = max((own[-1] for own in self._moments.values() if own), key=lambda m: m.number, default=None)
        if newest is not None:
            self._thin(newest)
            self.show()

    def _thin(self, newest: Moment) -> None:
        count = sum(map(len, self._moments.values()))
        if count <= MOST and self._ledger.bytes <= self.budget:
            return
        self.show()
        known = {moment.number: moment for moment in self.shown.moments}
        most = int(MOST * AFTER_THINNING) if count > MOST else MOST
        bytes_left = self.budget * AFTER_THINNING if self._ledger.bytes > self.budget else self.budget

        def enough(number: int) -> bool:
            self.drop(known[number])
            self._thinned.add(known[number])
            return sum(map(len, self._moments.values())) <= most and self._ledger.bytes <= bytes_left

        victims(lanes(self.shown, newest.place.branch, newest.number), enough, newest.number)

    # -- as a whole

    def take_over(self, known: Overview, place: Place | None = None) -> None:
        """Begin with what a file has held; the moment at ``place`` is the last that is given up."""
        self.clear()
        self._branches = {branch.number: branch for branch in known.branches}
        self._moments = {number: list(known.of_branch(number)) for number in self._branches}
        self._ended = dict(known.ended)
        for moment in known.moments:
            self._ledger.add(moment)
        self._next_branch = 1 + max(self._branches, default=-1)
        self._next_moment = 1 + max((m.number for m in known.moments), default=-1)
        stretches: Iterable[int] = (*self._ended, *(m.place.stretch for m in known.moments))
        self._next_stretch = 1 + max(stretches, default=-1)
        self.show()
        here = None if place is None else self.at(place)
        if here is None:
            self.keep_to(self.budget)
        else:
            self._thin(here)
            self.show()
