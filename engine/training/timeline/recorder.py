"""Follows a run along its timeline: when a moment is kept, when a branch grows, and how one goes back."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Final

from engine.data.prepare import Prepared
from engine.design.difference import alike
from engine.design.document import Document
from engine.program.state import State
from engine.training.observer import Observer
from engine.training.run import Run
from engine.training.timeline.moment import Course, Here, Moment, Place
from engine.training.timeline.sharing import equal_states, shared
from engine.training.timeline.timeline import BUDGET, Timeline

EVERY: Final = 0.03  # s between two moments at the least
SHARE: Final = 0.005  # of the time that keeping them may cost: with what is done in every chunk, and drawn, below 1 %
LONG: Final = 2.0  # s after which a moment is kept within an epoch, too
FEWEST: Final = 4  # moments that have to fit into the budget: the first, the best, the newest, and one more


class Recorder:
    """Between the run and its timeline. Where nothing was changed from outside, training gives the same bits again.

    Going back and training on therefore walks along what was recorded, and adds nothing. A branch grows at the first
    batch that is trained with something changed: another design, a weight set by hand, or the course that a later edit
    had cut off. At the newest place of a branch a change makes no branch: there the course just goes on.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.timeline = Timeline(budget)
        self.here: Here | None = None
        self._changed: Moment | None = None  # kept just before something was changed; nothing was trained since
        self._kept_at, self._cost = 0.0, 0.0
        self._wanted = False

    # -- while it trains

    def fit(self, run: Run, steps: int, observer: Observer) -> int:
        """How many of these batches to train at once, so that a moment can be kept at the end of an epoch."""
        self._settle(run, observer)
        stretch = self._here.place.stretch
        end = self.timeline.ending(stretch)
        if end is not None:
            if run.step >= end:  # on to where something was changed the first time, and now is not
                self._branch_off(self._keep(run, observer), run, observer)
            else:
                steps = min(steps, end - run.step)
        self._wanted = self._due
        left = -(-(run.program.asked.rows - run.program.position) // run.program.plan.batch)
        if self._wanted and steps > left:
            steps = left + (steps - left) // run.steps_per_epoch * run.steps_per_epoch
        return steps

    def took(self, run: Run, observer: Observer) -> None:
        """Some batches were trained."""
        if self.here is None or run.validating:
            return
        place = self._here.place
        if run.finished is not None and run.finished.reason == "diverged":
            self._diverge(run, observer)
            return
        newest = self._newest(run, observer)
        self.here = Here(replace_step(place, run.step), _at(run), newest)
        if run.finished is not None and newest:
            self._keep(run, observer)
        elif self._wanted and newest and not run.stage:
            late = perf_counter() - self._kept_at > max(LONG, self._cost / SHARE)
            if (not run.program.position or late) and self._fits(run):
                self._keep(run, observer)

    def rest(self, run: Run, observer: Observer, saving: bool = False) -> None:
        """The training rests: where it stands is a moment, be it the end of an epoch or not.

        Args:
            saving: also where it walks along what was recorded.
        """
        if self.here is not None and self._changed is None and not (run.stage or run.validating) and self._fits(run):
            newest = self._newest(run, observer)
            self.here = Here(replace_step(self._here.place, run.step), _at(run), newest)
            if newest or saving:
                self._keep(run, observer)

    def touch(self, run: Run, observer: Observer) -> None:
        """Something is about to be changed from outside."""
        if self.here is not None and self._changed is None:
            self._newest(run, observer)
            self._changed = self._keep(run, observer)

    # -- begin and go back

    def forget(self) -> None:
        """Begin again, with nothing: another design is there, or another state."""
        self.timeline.clear()
        self.here = self._changed = None

    def leave(self, run: Run, observer: Observer) -> None:
        """Before the run goes elsewhere: keep where it is. An edit that nothing was trained with is no moment."""
        if self.here is None:
            return
        if self._changed is None:
            self._newest(run, observer)
            self._keep(run, observer)
        elif self._here.newest and alike(self._changed.document, run.document):
            self._settle(run, observer)  # weights that were set by hand
        self._changed = None

    def reset(self, run: Run, observer: Observer) -> None:
        """The run is back at its first weights: where it began, or at the beginning of another one."""
        if self.here is None:
            return
        self._changed = None
        starts = [m for m in self.timeline.shown.moments if not m.step and alike(m.document, run.document)]
        state = run.snapshot()
        known = next((moment for moment in starts if equal_states(moment.state, state)), None)
        if known is not None:
            self.here = Here(known.place, known.at, self.timeline.last(known.place.branch) is known)
        elif any(moment.step for moment in self.timeline.shown.moments):
            self.timeline.make_room(None if self.here is None else self.here.place.branch)
            self._begin(run, observer)
        else:
            self.forget()

    def go(
        self, run: Run, moment: Moment, document: Document, observer: Observer, prepared: Prepared,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:  # fmt: skip
        """Go to a moment: weights, optimizer, random state, counters, log and statistics are as they were.

        Args:
            document: the moment's own, or one that trains alike.

        Raises:
            NetloomError: its design or its data cannot be trained any more.
        """
        self.leave(run, observer)
        run.edit(document, progress, prepared)
        branch = self.timeline.branch(moment.place.branch)
        run.restore(moment.state, branch.log.until(moment.step))
        observer.resume(moment.stats, branch.trail.until(moment.step))
        end = self.timeline.ending(moment.place.stretch)
        self.here = Here(moment.place, moment.at, end is None and self.timeline.last(branch.number) is moment)

    def take_over(self, course: Course | None, run: Run) -> None:
        """Go on with a timeline from a file, at the place where its run stood; with none where there was none.

        Where the run has been trained on since without a timeline, or is another than at that place, what it has come
        to is a change from outside: it ends the stretch, or is a branch. A design that was changed there, and with
        which nothing was trained yet, is one as soon as something is.
        """
        self.forget()
        if course is None:
            return
        known, place = course
        if known.branch(place.branch) is None:
            return
        self.timeline.take_over(known, place)
        there = self.timeline.at(replace_step(place, run.step))
        last = self.timeline.last(place.branch)
        open_end = self.timeline.ending(place.stretch) is None
        self.here = Here(replace_step(place, run.step), _at(run), open_end and (last is None or last is there))
        if there is None or not equal_states(there.state, run.snapshot()):
            self._changed = self.timeline.before(place)
            self._settle(run, Observer())
        elif not alike(there.document, run.document):
            self._changed = there

    def name(self, number: int, name: str) -> None:
        """Call a branch otherwise."""
        if self.timeline.shown.branch(number) is not None and name.strip():
            self.timeline.change(number, name=name.strip())

    def delete(self, number: int) -> None:
        """Take a branch away with all that has grown from it; not the one that is stood on, nor what leads to it."""
        on: int | None = None if self.here is None else self.here.place.branch
        while on is not None:
            if on == number:
                return
            on = self.timeline.branch(on).parent
        if self.timeline.shown.branch(number) is not None:
            self.timeline.delete(number)

    # -- how

    @property
    def _here(self) -> Here:
        assert self.here is not None
        return self.here

    @property
    def _due(self) -> bool:
        return perf_counter() - self._kept_at > max(EVERY, self._cost / SHARE)

    def _begin(self, run: Run, observer: Observer, parent: Moment | None = None) -> None:
        """A new branch from where the run stands."""
        number = self.timeline.grow(parent, run.log, observer.trail)
        stretch = self.timeline.fresh_stretch()
        self.here = Here(Place(number, stretch, run.step), _at(run), True)
        self._keep(run, observer, parent)

    def _branch_off(self, base: Moment, run: Run, observer: Observer) -> None:
        self.timeline.make_room(None if self.here is None else self.here.place.branch)
        self._begin(run, observer, base)

    def _settle(self, run: Run, observer: Observer) -> None:
        """Before a batch: what was changed since the last one takes effect now."""
        if self.here is None:
            self._begin(run, observer)
        base, self._changed = self._changed, None
        if base is None:
            return
        made = self._make(run, observer)
        if alike(base.document, made.document) and equal_states(base.state, made.state):
            return  # it was taken back
        last = self.timeline.last(base.place.branch)
        at_the_end = base is last and self.timeline.ending(base.place.stretch) is None
        if not at_the_end:
            self._branch_off(base, run, observer)
            return
        branch = self.timeline.branch(base.place.branch)
        if not base.step and branch.parent is None and self.timeline.moments(branch.number) == [base]:
            self.timeline.drop(base)  # nothing had been learnt before
        else:
            self.timeline.end(base.place.stretch, base.step)
        self.timeline.change(branch.number, log=run.log, trail=observer.trail)
        stretch = self.timeline.fresh_stretch()
        self.here = Here(Place(branch.number, stretch, run.step), _at(run), True)
        self._keep(run, observer)

    def _newest(self, run: Run, observer: Observer) -> bool:
        """Whether the run is at the end of its branch, or has just gone beyond it, which then becomes its end."""
        place = self._here.place
        if self.timeline.ending(place.stretch) is not None:
            return False
        last = self.timeline.last(place.branch)
        if last is not None and (run.step < last.step or (run.step == last.step and not self._here.newest)):
            return run.step == last.step and last.place.stretch == place.stretch
        branch = self.timeline.branch(place.branch)
        if branch.log is not run.log or branch.trail is not observer.trail:
            self.timeline.change(place.branch, log=run.log, trail=observer.trail)
        return True

    def _diverge(self, run: Run, observer: Observer) -> None:
        """The run has returned to what was well: note where, and let what follows be a change."""
        place = self._here.place
        newest = self._newest(run, observer) or self.timeline.last(place.branch) is None
        branch = self.timeline.branch(place.branch)
        at = _at(run)
        if at not in branch.diverged:
            self.timeline.change(place.branch, diverged=(*branch.diverged, at))
        self.here = Here(replace_step(place, run.step), at, newest)
        self._changed = self.timeline.before(self._here.place)

    def _keep(self, run: Run, observer: Observer, before: Moment | None = None) -> Moment:
        """The moment where the run stands, kept now if it is not yet; ``before``: where its branch has grown from."""
        place = replace_step(self._here.place, run.step)
        known = self.timeline.at(place)
        if known is not None:
            return known
        began = perf_counter()
        made = self._make(run, observer, before)
        if self._fits(run):
            made = self.timeline.add(made)
        self._kept_at = perf_counter()
        self._cost = max(self._kept_at - began, 0.7 * self._cost)
        return made

    def _fits(self, run: Run) -> bool:
        """Whether the budget has room for enough moments of this network; the timeline says it where it has not."""
        size = run.program.good.nbytes
        refused = size if FEWEST * size > self.timeline.budget else 0
        if refused != self.timeline.refused:
            self.timeline.refused = refused
            self.timeline.show()
        return not refused

    def _make(self, run: Run, observer: Observer, before: Moment | None = None) -> Moment:
        place = replace_step(self._here.place, run.step)
        before = self.timeline.before(place) or before
        state: State = shared(run.snapshot(), None if before is None else before.state)
        row = run.log.last() or {}
        nan = float("nan")
        return Moment(
            number=-1, place=place, document=run.document, state=state, stats=observer.tensors, at=_at(run),
            loss=row.get("loss", nan), metric=row.get("metric", nan),
            validation_loss=row.get("validation_loss", nan), validation_metric=row.get("validation_metric", nan),
            edited=before is not None and not alike(before.document, run.document),
        )  # fmt: skip


def replace_step(place: Place, step: int) -> Place:
    return Place(place.branch, place.stretch, step)


def _at(run: Run) -> float:
    return run.epoch + run.program.position / run.program.asked.rows
