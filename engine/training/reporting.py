"""What a trainer says of a run that can be trained: where it is, how fast, how long it still takes."""

from __future__ import annotations

from engine.training.pacing import Speedometer
from engine.training.published import Phase, Status
from engine.training.run import Run


def status_of(run: Run, active: bool, speedometer: Speedometer) -> Status:
    """The status of a run; ``active``: it trains, or is about to."""
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
