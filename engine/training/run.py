"""One training run without a thread: batches, stages, edits while it trains, and why it stops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.data.prepare import Prepared, prepare
from engine.design.checks import check
from engine.design.difference import alike
from engine.design.document import Document
from engine.insight.tensors import Lookout, TensorStats
from engine.kernels import contract as c
from engine.program import loop
from engine.program.program import Program
from engine.program.saving import real_number, whole_number
from engine.program.state import State
from engine.training.ending import Finished, ended, finish, go_on, told
from engine.training.log import COLUMNS, MetricLog
from engine.training.metric import Metric

Stage = Literal["", "forward", "loss", "backward"]
Progress = Callable[[int, int], None]

STAGES: tuple[tuple[Stage, int], ...] = (
    ("forward", loop.FORWARD),
    ("loss", loop.LOSS),
    ("backward", loop.BACKWARD),
    ("", loop.UPDATE),
)


class Run:
    """A design in training. All methods block; a `Trainer` calls them on its own thread.

    Attributes:
        stage: the last stage of an unfinished batch; empty between batches.
        finished: why the run has ended, or None.
    """

    def __init__(
        self,
        document: Document,
        prepared: Prepared | None = None,
        dtype: type = np.float32,
        progress: Progress | None = None,
    ) -> None:
        self.document, self.dtype = document, dtype
        self.prepared = prepared if prepared is not None else prepare(document.data, document.split, dtype)
        self.prepared.require_rows()
        check(document, self.prepared).require()
        self.program = Program(document, self.prepared, dtype=dtype, progress=progress)
        self.log = MetricLog()
        self.stage: Stage = ""
        self._before_batch = self.program.passing()
        self.finished: Finished | None = None
        self.seconds = 0.0
        self._lookout = Lookout()
        self._metric = Metric(self.program)

    # -- where it is

    @property
    def epoch(self) -> int:
        return int(self.program.ctx[c.EPOCH])

    @property
    def step(self) -> int:
        return int(self.program.ctx[c.STEP])

    @property
    def steps_per_epoch(self) -> int:
        return -(-self.program.asked.rows // self.program.plan.batch)

    @property
    def steps_left(self) -> int:
        """Batches until it ends by itself."""
        begun = self.program.position // self.program.plan.batch
        return max(0, self.epochs - self.epoch) * self.steps_per_epoch - begun

    @property
    def batch_loss(self) -> float:
        return float(self.program.meters[c.BATCH_LOSS])

    @property
    def epochs(self) -> int:
        """The epoch at which it will end."""
        return int(self.program.ctx[c.EPOCHS])

    # -- training

    @property
    def validating(self) -> bool:
        """The last batch of an epoch is done, and its validation is not: it is long, and was broken off to be asked."""
        return bool(self.program.ctx[c.EPOCH_ENDED])

    def validate(self) -> None:
        """Go on with the validation of an epoch that has ended: one piece of it, some ten milliseconds."""
        if self.validating:
            began = perf_counter()
            self.program.run(0)
            self.seconds += perf_counter() - began
            self._settle()

    def advance(self, steps: int) -> int:
        """Train up to ``steps`` batches, the unfinished one first; returns how many were finished.

        Fewer than ``steps`` are also finished where a long validation was broken off: call it again, or `validate`.
        """
        self.validate()
        if self.finished is not None or steps <= 0 or self.validating:
            return 0
        began = perf_counter()
        done = 0
        if self.stage:
            while self._next_stage():
                pass
            done = 1
        done += self.program.run(steps - done) if self.finished is None and not self.program.ctx[c.STOP] else 0
        self.seconds += perf_counter() - began
        self._settle()
        return done

    def next_stage(self) -> Stage:
        """One stage of a batch: forward, loss, backward, then the update, which ends the batch ("")."""
        self._end_epoch()
        if self.finished is None:
            began = perf_counter()
            self._next_stage()
            self.seconds += perf_counter() - began
            self._settle()
        return self.stage

    def _next_stage(self) -> Stage:
        names = [name for name, _ in STAGES]
        number = 0 if not self.stage else names.index(self.stage) + 1
        name, section = STAGES[number]
        if not number:
            self._before_batch = self.program.passing()
        self.program.section(section, section + 1)
        if self.program.ctx[c.STOP]:
            name = ""
        elif name == "" and self.program.ctx[c.EPOCH_ENDED]:
            self.program.run(0)
        self.stage = name
        return name

    def observe(self, last: bool = False) -> TensorStats | None:
        """Train one batch and look at its gradients, its weights and what the layers give; ``last``: see `Lookout`."""
        if self.finished is not None or self.stage or self.validating:
            return None
        began = perf_counter()
        stats = self._lookout.look(self.program, last)
        self.seconds += perf_counter() - began
        self._settle()
        return stats

    def _end_epoch(self) -> None:
        """Bring a validation to its end: there is no other moment that a state could be saved of."""
        while self.validating:
            self.validate()

    def _settle(self) -> None:
        """Take over finished epochs and look why the loop stopped."""
        rows = self.program.take_log()
        if len(rows):
            self._metric.fill(rows)
            rows[:, COLUMNS.index("seconds")] = np.nan
            rows[-1, COLUMNS.index("seconds")] = self.seconds
            self.log.append(rows)
            if self.log.full:
                self.log = self.log.thinned()
        stop = int(self.program.ctx[c.STOP])
        if stop:
            self.program.ctx[c.STOP] = c.RUNNING
            self.finished = finish(self.program, stop)

    def go_on(self) -> None:
        """Make a finished run ready to train on: for as many epochs again, or as patiently again."""
        if self.finished is not None:
            go_on(self.program, self.finished)
            self.finished = None

    def ask(self, question: Callable[[Program], Any]) -> Any:
        """Compute something from the program; an unfinished batch, too, goes on afterwards as if nothing had been."""
        if not self.stage:
            return question(self.program)
        memory = (self.program.par, self.program.act, self.program.ctx, self.program.meters)
        kept = [values.copy() for values in memory]
        try:
            return question(self.program)
        finally:
            for values, before in zip(memory, kept, strict=True):
                values[:] = before

    # -- changes

    def edit(
        self, document: Document, progress: Progress | None = None, prepared: Prepared | None = None
    ) -> tuple[str, ...]:
        """Train another design from here: what survives by name and shape keeps its values and optimizer state.

        Args:
            prepared: the new design's data; None: they are prepared here where they are others.

        Returns:
            The keys of the parameters that had to begin anew.

        Raises:
            NetloomError: the new design or its data cannot be trained; the old one is still there then.
        """
        before = self.document
        if alike(before, document):
            self.document = self.program.document = document
            return ()
        fresh_data = (before.data, before.split) != (document.data, document.split)
        if prepared is None:
            prepared = prepare(document.data, document.split, self.dtype) if fresh_data else self.prepared
        prepared.require_rows()
        check(document, prepared).require()
        state = self._moment()
        program = Program(document, prepared, dtype=self.dtype, progress=progress, state=state)
        if before.training.epochs == document.training.epochs:
            program.extend(self.epochs - before.training.epochs)
        self.document, self.prepared, self.program, self.stage = document, prepared, program, ""
        self._metric = Metric(program)
        if self.finished is not None and (self.finished.reason != "epochs" or self.epoch < self.epochs):
            if self.finished.reason == "early":
                go_on(program, self.finished)
            self.finished = None
        elif self.finished is None and self.epoch >= self.epochs:
            self.finished = Finished("epochs", f"All {self.epochs} epochs are done.")
        return program.began_anew

    def set_elements(self, values: Mapping[tuple[str, int], float]) -> None:
        """As `Program.set_elements`; an unfinished batch, whose numbers come of other weights, is begun again."""
        self._end_epoch()
        if self.stage:
            self.program.pass_back(self._before_batch)
            self.stage = ""
        self.program.set_elements(values)

    def reset(self) -> None:
        """Back to the first weights of the design's seed; the log begins anew."""
        self.program.reset(self.document.training.seed)
        self._lookout.forget()
        self.log, self.stage, self.finished, self.seconds = MetricLog(), "", None, 0.0

    # -- the full state

    def _moment(self) -> State:
        """The program's state between batches: of an unfinished one nothing has happened yet."""
        self._end_epoch()
        if not self.stage:
            return self.program.state()
        now = self.program.passing()
        self.program.pass_back(self._before_batch)
        state = self.program.state()
        self.program.pass_back(now)
        return state

    def snapshot(self) -> State:
        """Everything needed to go on from here, bit for bit; an unfinished batch is begun again then."""
        state = self._moment()
        # one that diverged has returned to where it was well, and had not ended there
        reason = self.finished.reason if self.finished is not None and self.finished.reason != "diverged" else ""
        return replace(
            state, counters=state.counters | {"seconds": self.seconds, "limit": self.epochs, "ended": reason}
        )

    def restore(self, state: State, history: MetricLog | Mapping[str, NDArray[Any]] | None = None) -> tuple[str, ...]:
        """Go to a snapshot, also one whose run had ended.

        Returns:
            The keys of parameters that it does not have.

        Raises:
            ProjectError: the state is damaged; nothing is changed then.
        """
        seconds, limit = real_number(state.counters, "seconds"), whole_number(state.counters, "limit")
        began_anew = self.program.restore(state)
        self._lookout.forget()
        self.stage, self.finished, self.seconds = "", None, seconds
        if limit > self.epochs:
            self.program.extend(limit - self.epochs)
        if history is not None:
            self.log = history if isinstance(history, MetricLog) else MetricLog.of(history)
        stop = ended(self.program, self.log.last())
        if stop == c.EPOCHS_DONE or (stop and state.counters.get("ended") != ""):
            # the best weights were brought back when it ended; what was changed since is not to be lost
            self.finished = told(self.program, stop)
        return began_anew
