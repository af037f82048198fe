"""The work on a run: what a trainer's thread does between two looks at its commands, and what the commands do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import thread_time
from typing import Any, Literal

from engine.data.prepare import Prepared
from engine.design.difference import alike
from engine.design.document import Document
from engine.errors import NetloomError
from engine.program.state import State
from engine.training.loading import Loader
from engine.training.observer import Observer
from engine.training.pacing import Pacing
from engine.training.published import DataReady, Gone, Reinitialised
from engine.training.questions import Questions
from engine.training.reporting import Report
from engine.training.run import Run
from engine.training.threads import choose_threads
from engine.training.timeline.moment import Course, Moment
from engine.training.timeline.recorder import Recorder

Size = Literal["epoch", "batch", "stage"]
Saved = tuple[State, dict[str, Any] | None, Course | None]  # a state, its history, its timeline

LOGGER = logging.getLogger("netloom")


class Conductor:
    """Plays, pauses, steps and changes one run. All methods block: a `Trainer` calls them on its own thread.

    Attributes:
        wanted: the design that is to be trained; set by any thread, before `edit` or `open` is called.
        leaving: nobody waits any more; set by any thread. What takes long is given up.
        pausing: told to pause, by any thread, and not yet published as paused.
        report: what others may know of it.
    """

    def __init__(self, document: Document, dtype: type) -> None:
        self.wanted, self._dtype = document, dtype
        self.leaving = self.pausing = False
        self.questions, self.observer, self.recorder = Questions(), Observer(), Recorder()
        self.report = Report()
        self._run: Run | None = None
        self._loader = Loader(dtype)
        self._playing = False
        self._pacing = Pacing()
        self._left = 0  # batches to go of a single step
        self._blocked = False  # the design cannot be trained as it is
        self._waiting_state: Saved | None = None

    # -- what it is told

    def prepare(self) -> None:
        self.report.preparing("Preparing the data …")
        self._run = Run(self.wanted, self._load(), dtype=self._dtype, progress=self._progress)
        self._adopt()

    def play(self) -> None:
        if self._run is None and not self._blocked:
            return
        if self._run is not None:
            self._run.go_on()
        self._playing, self._left, self.pausing = True, 0, False
        self._pacing.begin(self._pacing.pace)

    def pause(self) -> None:
        worked = self._active()
        self._playing, self._left = False, 0
        if worked:
            self._rest()

    def step(self, size: Size) -> None:
        self._playing = self.pausing = False
        if self._run is None or self._blocked:
            return
        self._run.go_on()
        if size == "stage":
            self.recorder.fit(self._run, 1, self.observer)
            self._run.next_stage()
            self.recorder.took(self._run, self.observer)
        elif size == "batch":
            self._left = 1
        else:
            rows, batch = self._run.program.asked.rows, self._run.program.plan.batch
            self._left = max(1, -(-(rows - self._run.program.position) // batch))

    def reset(self) -> None:
        self.pause()
        if self._run is not None:
            self.recorder.leave(self._run, self.observer)
            self._run.reset()
            self._blocked = self._blocked and self._run.document != self.wanted
            self.report.moved(self._run)
            self.observer.forget()
            self.recorder.reset(self._run, self.observer)
            self.questions.forget_answers()

    def open(self) -> None:
        self._waiting_state = None
        self.recorder.forget()
        self.reset()  # at its start nothing that was learnt is lost to the new one: nothing of it needs to be said
        try:
            self.edit()
        finally:
            self.reset()

    def edit(self) -> None:
        document = self.wanted
        if self._run is None:
            self.prepare()
            return
        prepared = self._load()
        if self._run.document == document:
            self._blocked = False
            self._take_up_waiting()
            return
        if not alike(self._run.document, document):
            self.recorder.touch(self._run, self.observer)
        began_anew = self._run.edit(document, self._progress, prepared)
        self._adopt()
        if began_anew and self._run.step:
            self.report.facts.append(Reinitialised(began_anew))
        self.questions.forget_answers()

    def set_elements(self, values: Mapping[tuple[str, int], float]) -> None:
        if self._run is not None:
            self.recorder.touch(self._run, self.observer)
            self._run.set_elements(values)

    def go_to(self, moment: Moment) -> None:
        self.pause()
        known = self.recorder.timeline.current(moment)
        if self._run is None or known is None:
            self.report.facts.append(Gone(moment.epoch))
            self.edit()  # its design is wanted all the same
            return
        other = not alike(self._run.document, self.wanted)
        self.recorder.go(self._run, known, self.wanted, self.observer, self._load(), self._progress)
        if other:
            choose_threads(self._run.program.blas_threads)
            self._pacing.chunk = 1
            self.questions.forget_answers()
        self._blocked, self._waiting_state = False, None
        self.report.moved(self._run)

    def restore(self, state: State, history: dict[str, Any] | None, timeline: Course | None = None) -> None:
        self.pause()
        # A run of the design before, whose successor cannot be trained yet, is not what the state belongs to.
        if self._run is None or (self._blocked and self._run.document != self.wanted):
            self._waiting_state = (state, history, timeline)
            return
        began_anew = self._run.restore(state, history)
        self.report.moved(self._run)
        self.observer.forget()
        self.recorder.take_over(timeline, self._run)
        if began_anew:
            self.report.facts.append(Reinitialised(began_anew))

    def pace(self, epochs_per_second: float | None) -> None:
        self._pacing.begin(epochs_per_second)

    def snapshot(self, take: Callable[[State, dict[str, Any]], None]) -> None:
        if self._run is not None and self._waiting_state is None:
            self.recorder.rest(self._run, self.observer, saving=True)
            moment = self._run.snapshot(), self._run.log.read()
        else:  # what waits for a design that can be trained is not to be lost either
            state, history, _ = self._waiting_state or (State({}, {}), None, None)
            moment = state, history or {}
        try:
            take(*moment)
        except Exception:  # what others make of it must not stop the training
            LOGGER.exception("a snapshot could not be used")

    def course(self) -> Course | None:
        """The timeline and where on it the run stands; that of what waits for its design or its data."""
        if self._waiting_state is not None:
            return self._waiting_state[2]
        here = self.recorder.here
        return None if here is None else (self.recorder.timeline.shown, here.place)

    def leave(self) -> None:
        """Let go of the run: nothing is computed any more."""
        self._run = None

    # -- what it does by itself

    def patience(self) -> float | None:
        """Seconds that it may wait for a command; None: there is nothing else to do."""
        if self.questions or self._validating():
            return 0.0
        if self._run is None or not self._active():
            return None
        return 0.0 if self._left else self._pacing.wait(self._run.steps_per_epoch)

    def work(self) -> None:
        """One chunk, where there is something to do."""
        run = self._run
        if run is not None and self._validating():
            run.validate()
            self._took(run)
            return
        if run is None or not self._active():
            return
        # a single step is not held back by the pace
        steps = min(self._pacing.chunk, self._left) if self._left else self._pacing.due(run.steps_per_epoch)
        if steps < 1:
            return
        steps = self.recorder.fit(run, steps, self.observer)
        began = thread_time()  # what it waits for the interpreter would make chunks smaller, and so that wait longer
        last = steps >= min(self._left or steps + 1, run.steps_left)  # what rests is seen as it is
        watch = last or self.observer.due()
        done = run.advance(steps - 1 if watch else steps)
        if watch:
            done += self.observer.look(run, last) or run.advance(1)  # a batch begun in stages cannot be looked at
        else:
            self._pacing.fit(done, thread_time() - began)
        if self._left:
            self._left = max(0, self._left - done) if run.finished is None else 0
        else:
            self._pacing.did(done)
        self._took(run)

    def answer_questions(self) -> None:
        if self._run is None or self._blocked:
            self.questions.drop()
        elif self.questions:
            self.questions.put_to(self._run)

    def publish(self) -> None:
        run = self._run
        if run is not None and not self._blocked:
            self.report.of(run, self._active())
        if not self._active():
            self.pausing = False

    def fail(self, error: NetloomError) -> None:
        self._blocked = True
        self.report.failed(error, self._run is None or self._run.document != self.wanted)

    # -- how

    def _active(self) -> bool:
        return self._run is not None and not self._blocked and (self._playing or self._left > 0)

    def _validating(self) -> bool:
        """An epoch that has begun to end is brought to its end, also while paused."""
        return self._run is not None and not self._blocked and self._run.validating

    def _load(self) -> Prepared:
        """The design's data; told as soon as they are there, also where the design does not fit them yet."""
        prepared, fresh = self._loader.load(self.wanted, self._run)
        if fresh:
            self.report.facts.append(DataReady(prepared))
        return prepared

    def _progress(self, ready: int, of: int) -> None:
        if self.leaving:
            raise NetloomError("training", "its window is closing")
        self.report.preparing(f"Compiling kernels, once: {ready} of {of} …")

    def _adopt(self) -> None:
        """Take a new or changed run into service."""
        assert self._run is not None
        self._blocked = False
        self._pacing.chunk = 1
        self.report.log = self._run.log
        choose_threads(self._run.program.blas_threads)
        self._take_up_waiting()

    def _take_up_waiting(self) -> None:
        if self._waiting_state is not None:
            waiting, self._waiting_state = self._waiting_state, None
            self.restore(*waiting)

    def _took(self, run: Run) -> None:
        self.recorder.took(run, self.observer)
        self._take_finish(run)
        if not self._active():
            self._rest()

    def _rest(self) -> None:
        if self._run is not None and not self._blocked:
            self.recorder.rest(self._run, self.observer)

    def _take_finish(self, run: Run) -> None:
        if run.finished is not None:
            self._playing, self._left = False, 0
            self.report.facts.append(run.finished)
