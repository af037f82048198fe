"""What a trainer says of its run: where it is, how fast, how long it still takes, and what has happened."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from engine.errors import DesignError, NetloomError
from engine.training.log import MetricLog
from engine.training.pacing import Speedometer
from engine.training.published import Failed, Phase, Status
from engine.training.run import Run


class Report:
    """Written by the trainer's thread, read by any.

    Attributes:
        facts: what has happened and was not told yet.
        status, log: as published last.
    """

    def __init__(self) -> None:
        self.facts: deque[object] = deque()
        self.status, self.log = Status(), MetricLog()
        self._speedometer = Speedometer()

    def preparing(self, sentence: str) -> None:
        self.status = replace(self.status, phase="preparing", sentence=sentence, unfinished=False)

    def moved(self, run: Run) -> None:
        """The run is at another moment, or at its start."""
        self.log, self._speedometer = run.log, Speedometer(run.seconds)

    def of(self, run: Run, active: bool) -> None:
        """Publish where a run is; ``active``: it trains, or is about to."""
        self.log = run.log
        self.status = _status(run, active, self._speedometer)

    def failed(self, error: NetloomError, other: bool) -> None:
        """The design cannot be trained; ``other``: the run, where there is one, is of another design."""
        if self.status.phase != "failed" or self.status.sentence != str(error):
            self.facts.append(Failed(error))
        status = replace(self.status, steps_per_second=0.0, remaining=None, unfinished=False)
        if other:
            # how far another design has come is no number of this one
            status = Status(unfinished=isinstance(error, DesignError))
        self.status = replace(status, phase="failed", sentence=str(error))


def _status(run: Run, active: bool, speedometer: Speedometer) -> Status:
    last = run.log.last() or {}
    nan = float("nan")
    finished = run.finished
    phase: Phase = "ready"
    if finished is not None:
        phase = "diverged" if finished.reason == "diverged" else "finished"
    elif active:
        phase = "running"
    speed = speedometer.look(run.step, phase == "running", run.seconds)
    left = (run.epochs - run.epoch) * run.steps_per_epoch
    return Status(
        phase=phase,
        sentence=finished.sentence if finished else "",
        epoch=run.epoch,
        epochs=run.epochs,
        step=run.step,
        stage=run.stage,
        loss=last.get("loss", run.batch_loss if run.step else nan),
        metric=last.get("metric", nan),
        validation_loss=last.get("validation_loss", nan),
        validation_metric=last.get("validation_metric", nan),
        steps_per_second=speed,
        elapsed=speedometer.elapsed,
        remaining=left / speed if speed > 0 and phase == "running" else None,
        divergence=finished.divergence if finished else None,
    )
