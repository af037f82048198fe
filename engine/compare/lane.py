"""One contestant in training: prepared, trained in short chunks and asked, by whichever thread has taken it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from time import thread_time
from typing import Any

import numpy as np

from engine.compare.clock import Clock
from engine.compare.path import Path
from engine.compare.standing import (
    FORWARD_AND_BACK,
    Contestant,
    Phase,
    Standing,
    finals_of,
    forward_multiply_adds,
    parameter_count,
)
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.errors import NetloomError
from engine.training.pacing import Pacing
from engine.training.published import Question
from engine.training.run import Run

LOGGER = logging.getLogger("netloom")


class Lane:
    """A contestant's run. Only the thread that has taken it (``busy``) may call what works; any may read the rest.

    Attributes:
        leaving: nobody waits for it any more; set by any thread.
        standing: what is published, a new frozen value after every piece of work.
        path: the course of its weights; None where nobody wants it.
    """

    def __init__(self, key: int, contestant: Contestant, path: Path | None = None) -> None:
        self.key, self.contestant, self.path = key, contestant, path
        self.busy = self.leaving = False
        self.run: Run | None = None
        self.standing = Standing(key, contestant)
        self._questions: dict[str, Question] = {}
        self._answers: dict[str, Any] = {}
        self._pacing, self._clock, self._worked = Pacing(), Clock(), 0.0

    # -- for any thread

    @property
    def epoch(self) -> int:
        return self.standing.epoch

    def ask(self, name: str, question: Question) -> None:
        self._questions[name] = question

    def answer(self, name: str) -> Any:
        return self._answers.get(name)

    @property
    def waits(self) -> bool:
        """There is something to be done for it besides training."""
        return bool(self._questions) if self.run is not None else not self.standing.ended

    def behind(self, goal: int) -> bool:
        """Whether it is to be trained on to reach an epoch."""
        return self.run is not None and not self.standing.ended and self.standing.epoch < goal

    @property
    def unjudged(self) -> bool:
        """Whether its present weights have not been measured on all parts of the data."""
        finals = self.standing.finals
        return (
            self.run is not None
            and self.standing.phase != "failed"
            and (finals is None or finals.step != self.standing.step)
        )

    # -- for the thread that has taken it

    def prepare(self, load: Callable[[Document], Prepared], dtype: type) -> None:
        """Data and program; what goes wrong is said in the standing."""

        def make() -> None:
            document = self.contestant.seeded
            self.run = Run(document, load(document), dtype, self._progress)
            if self.path is not None:
                self.path.begin(self.run.program)

        self.standing = replace(self.standing, phase="preparing")
        self._guarded(make)
        self._publish()

    def answer_questions(self) -> None:
        """All that waits; a question that fails leaves its old answer."""
        run = self.run
        for name in list(self._questions):
            question = self._questions.pop(name, None)
            if question is None or run is None:
                continue
            try:
                self._answers[name] = run.ask(question.answer)
            except Exception:  # a picture that fails must not stop the training that it shows
                LOGGER.exception("the question %r of %s could not be answered", name, self.contestant.name)

    def train(self, goal: int) -> None:
        """One chunk of about ten milliseconds, not beyond the epoch ``goal``."""
        self._guarded(lambda: self._train(goal))
        self._publish(running=True)

    def judge(self) -> None:
        """Measure the present weights on all parts of the data."""

        def measure() -> None:
            assert self.run is not None
            self.standing = replace(self.standing, finals=finals_of(self.run))

        self._guarded(measure)

    def rest(self) -> None:
        """It is not trained on for now."""
        self._publish()

    def _progress(self, ready: int, of: int) -> None:
        if self.leaving:
            raise NetloomError("Compare", "it is no longer wanted")
        self.standing = replace(self.standing, sentence=f"Compiling kernels, once: {ready} of {of} …")

    def _train(self, goal: int) -> None:
        run = self.run
        assert run is not None
        left = (goal - run.epoch) * run.steps_per_epoch - run.program.position // run.program.plan.batch
        began = thread_time()
        if run.validating:  # a long one, piece by piece
            run.validate()
            done = 0
        else:
            done = run.advance(min(self._pacing.chunk, left))
        spent = thread_time() - began
        self._worked += spent
        self._pacing.fit(done, spent)
        self._clock.mark(run.step, self._worked)
        if self.path is not None and (_epochs(run) >= goal or run.finished is not None):
            self.path.append(run.program, run.epoch)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Whatever goes wrong ends this contestant and no other."""
        try:
            work()
        except NetloomError as error:
            self._fail(str(error))
        except MemoryError:
            self._fail("The memory of this machine is not enough. Use fewer units or examples.")
        except Exception as error:  # a fault of ours must not end the thread: others are trained by it
            LOGGER.exception("the contestant %s met a fault", self.contestant.name)
            self._fail(f"Something went wrong inside ({error}). Remove it from the list and add it again.")

    def _fail(self, sentence: str) -> None:
        self.standing = replace(self.standing, phase="failed", sentence=sentence)

    def _publish(self, running: bool = False) -> None:
        run = self.run
        if run is None or self.standing.phase == "failed":
            return
        last, finished = run.log.last() or {}, run.finished
        phase: Phase = "running" if running else "ready"
        if finished is not None:
            phase = "diverged" if finished.reason == "diverged" else "finished"
        per_row = FORWARD_AND_BACK * forward_multiply_adds(run)
        rows = run.epoch * run.program.asked.rows + run.program.position
        self.standing = replace(
            self.standing,
            phase=phase,
            sentence=finished.sentence if finished else "",
            epoch=_epochs(run),
            begun=run.epoch + (run.program.position > 0),
            epochs=run.epochs,
            step=run.step,
            seconds=self._worked,
            multiply_adds=float(per_row * rows),
            parameters=parameter_count(run),
            task=run.prepared.task,
            loss=last.get("loss", np.nan),
            metric=last.get("metric", np.nan),
            validation_loss=last.get("validation_loss", np.nan),
            validation_metric=last.get("validation_metric", np.nan),
            log=run.log,
            clock=self._clock,
            per_epoch=float(per_row * run.program.asked.rows),
        )


def _epochs(run: Run) -> int:
    """Those that are done with, their validation too."""
    return run.epoch - run.validating
