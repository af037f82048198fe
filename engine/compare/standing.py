"""Who takes part in a contest, and what is published of how far each has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import Literal

from engine.compare.clock import Clock
from engine.design.document import Document
from engine.insight.metrics import measure_parts
from engine.training.log import MetricLog
from engine.training.run import Run

Phase = Literal["waiting", "preparing", "ready", "running", "finished", "diverged", "failed"]
PARTS = ("train", "validation", "test")
FORWARD_AND_BACK = 3  # passes: forward, and back once to the inputs and once to the weights (Kaplan et al. 2020)


@dataclass(frozen=True)
class Contestant:
    """A design that takes part.

    Attributes:
        name: what the user calls it. seed: of its first weights and the order of its batches.
        fan: contestants with the same word are one design with several seeds; "" for one that stands alone.
    """

    name: str
    document: Document
    seed: int
    fan: str = ""

    @property
    def seeded(self) -> Document:
        """The design with the seed that it is trained from."""
        training = self.document.training
        return self.document.but(training=training.but(seed=self.seed))


@dataclass(frozen=True)
class Finals:
    """How good a network is at a moment, on every part of its data that holds rows.

    Attributes:
        step: the moment. losses, metrics: by "train", "validation" and "test"; the metric is ``metric``, "accuracy"
            or "r2".
    """

    step: int
    metric: str
    losses: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)


def finals_of(run: Run) -> Finals:
    """The present weights judged: the loss as validation measures it, the metric in the user's units."""
    program, prepared = run.program, run.prepared
    name = "r2" if prepared.task == "regression" else "accuracy"
    measured = {part: scores[name] for part, scores in measure_parts(program).items()}
    parts = {part: getattr(prepared, part) for part in measured}
    losses = {part: program.loss_over(rows.start, rows.stop) for part, rows in parts.items()}
    return Finals(run.step, name, losses, measured)


def forward_multiply_adds(run: Run) -> int:
    """Multiply-adds of one forward pass over one example."""
    return sum(record.multiply_adds for record in run.program.plan.lowered.build.records.values())


def parameter_count(run: Run) -> int:
    return sum(parameter.size for parameter in run.program.plan.parameters)


@dataclass(frozen=True, eq=False)
class Standing:
    """How far a contestant has come.

    Attributes:
        key: its number in the contest, which it keeps. sentence: for the user: how it ended, or why it cannot run.
        epoch: how many it has finished. begun: how many it has begun. epochs: at which it will end.
        seconds: of its own training, without the waiting for others: processor time of its thread.
        multiply_adds: of all its training so far.
        log: a row per epoch. clock: seconds by steps. per_epoch: multiply-adds of an epoch's training.
        loss, metric, validation_loss, validation_metric: of its last epoch; NaN where there is none.
        finals: as measured when it ended or was paused; None before.
    """

    key: int
    contestant: Contestant
    phase: Phase = "waiting"
    sentence: str = ""
    epoch: int = 0
    begun: int = 0
    epochs: int = 0
    step: int = 0
    seconds: float = 0.0
    multiply_adds: float = 0.0
    parameters: int = 0
    task: str = ""
    loss: float = nan
    metric: float = nan
    validation_loss: float = nan
    validation_metric: float = nan
    finals: Finals | None = None
    log: MetricLog = field(default_factory=MetricLog)
    clock: Clock = field(default_factory=Clock)
    per_epoch: float = 0.0

    @property
    def name(self) -> str:
        return self.contestant.name

    @property
    def ended(self) -> bool:
        return self.phase in ("finished", "diverged", "failed")
