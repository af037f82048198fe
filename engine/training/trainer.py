"""The trainer: a run on a thread of its own; it takes commands between chunks and publishes what has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from engine.design.document import Document
from engine.insight.tensors import TensorStats
from engine.insight.trail import Trail
from engine.program.state import State
from engine.training.conductor import Conductor, Size
from engine.training.log import MetricLog
from engine.training.published import Question, Status
from engine.training.timeline.moment import Course, Here, Moment, Overview
from engine.training.worker import Worker


class Trainer:
    """Trains on a thread of its own; every method returns at once."""

    def __init__(self, document: Document, dtype: type = np.float32) -> None:
        self._work = work = Conductor(document, dtype)
        turn = (work.work, work.answer_questions, work.publish)
        self._worker = Worker("trainer", turn, work.patience, work.fail)
        self._command = self._worker.tell

    @property
    def status(self) -> Status:
        """What it was doing when last looked at. A pause counts at once, though a long step that has begun is ended."""
        status = self._work.report.status
        if self._work.pausing and status.phase == "running":
            words = "Pausing: the step that has begun is being finished …"
            return replace(status, phase="ready", sentence=words, steps_per_second=0.0, remaining=None)
        return status

    @property
    def log(self) -> MetricLog:
        """A row per epoch; another one after a reset, and when it has become long."""
        return self._work.report.log

    @property
    def tensors(self) -> TensorStats | None:
        """Statistics of the batch that was looked at last; None before any."""
        return self._work.observer.tensors

    @property
    def trail(self) -> Trail:
        """Their course over the run; another one after a reset, and when one has gone back."""
        return self._work.observer.trail

    @property
    def timeline(self) -> Overview:
        """The moments that one can go to, and their branches."""
        return self._work.recorder.timeline.shown

    @property
    def here(self) -> Here | None:
        """Where on the timeline the run stands; None before the first batch."""
        return self._work.recorder.here

    def course(self) -> Course | None:
        """What of the timeline belongs into a file; for ``take`` of `snapshot`, on the trainer's thread."""
        return self._work.course()

    def start(self) -> None:
        """Begin: prepare the data, compile the design, wait for commands."""
        self._command(self._work.prepare)
        self._worker.start()

    def close(self) -> None:
        """Stop and join; afterwards nothing is computed any more."""
        self._work.leaving = True
        self._worker.close()
        self._work.leave()

    def play(self) -> None:
        """Train until paused or finished; a finished run is trained on."""
        self._command(self._work.play)

    def pause(self) -> None:
        self._work.pausing = True
        self._command(self._work.pause)

    def step(self, size: Size) -> None:
        """Pause, and train one epoch, one batch or one stage of a batch."""
        self._command(lambda: self._work.step(size))

    def reset(self) -> None:
        """Pause, and go back to the first weights of the design's seed; what was restored for data that are still
        missing is kept for them."""
        self._command(self._work.reset)

    def open(self, document: Document) -> None:
        """Begin with another design, at its first weights; nothing is left of the one before."""
        self._work.wanted = document
        self._command(self._work.open)

    def edit(self, document: Document) -> None:
        """Go on with another design; what survives keeps its values."""
        self._work.wanted = document
        self._command(self._work.edit)

    def pace(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second; None: as fast as it goes.

        Raises:
            ValueError: it is not above zero.
        """
        if epochs_per_second is not None and not epochs_per_second > 0:
            raise ValueError(f"a pace is above zero, and {epochs_per_second} was given")
        self._command(lambda: self._work.pace(epochs_per_second))

    def ask(self, key: str, question: Question) -> None:
        """Have a question answered between two chunks; a newer one under the same key replaces it."""
        self._work.questions.ask(key, question)
        self._worker.wake()

    def answer(self, key: str) -> Any:
        """The newest answer under ``key``, or None."""
        return self._work.questions.answer(key)

    def facts(self) -> list[object]:
        """What has happened since the last call: DataReady, Reinitialised, Gone, Failed, Finished."""
        facts, found = self._work.report.facts, []
        while facts:
            found.append(facts.popleft())
        return found

    def set_elements(self, values: Mapping[tuple[str, int], float]) -> None:
        """Set single weights between two chunks; see `engine.program.program.Program.set_elements`."""
        self._command(lambda: self._work.set_elements(values))

    def snapshot(self, take: Callable[[State, dict[str, Any]], None]) -> None:
        """Have ``take(state, history)`` called on the trainer's thread; without a run the state is empty."""
        self._command(lambda: self._work.snapshot(take))

    def restore(self, state: State, history: dict[str, Any] | None = None, timeline: Course | None = None) -> None:
        """Go to a saved moment; paused.

        Args:
            timeline: what was saved with it, and the place that it has there.
        """
        self._command(lambda: self._work.restore(state, history, timeline))

    def go_to(self, moment: Moment, document: Document | None = None) -> None:
        """Go to a moment of the timeline; paused. Where the run is now is kept there first.

        Training on from there gives the same bits as the first time, and adds nothing to the timeline. A branch grows
        as soon as a batch is trained with something changed. Where its branch is given up on the way, the run gets its
        design alone, and `Gone` tells it.

        Args:
            document: what is trained there, the moment's own where it is None; one that trains alike.
        """
        self._work.wanted = document or moment.document
        self._command(lambda: self._work.go_to(moment))

    def name_branch(self, number: int, name: str) -> None:
        """Call a branch of the timeline otherwise."""
        self._command(lambda: self._work.recorder.name(number, name))

    def delete_branch(self, number: int) -> None:
        """Take a branch away, with all that has grown from it; that on which the run stands is left alone."""
        self._command(lambda: self._work.recorder.delete(number))

    def remember(self, budget: int) -> None:
        """Give the timeline so many bytes of memory."""
        self._command(lambda: self._work.recorder.timeline.keep_to(budget))
