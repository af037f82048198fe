"""How a run ends: for which reason, in which words, and with which weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.kernels import contract as c
from engine.program.program import Program


@dataclass(frozen=True)
class Finished:
    """A run has come to its end.

    Attributes:
        reason: "epochs", "early", "loss" (the wished loss was reached) or "diverged".
        sentence: what happened, for the user.
    """

    reason: Literal["epochs", "early", "loss", "diverged"]
    sentence: str


def finish(program: Program, stop: int) -> Finished:
    """Say why the loop has stopped; bring back the weights that are to be kept.

    Args:
        stop: what a kernel wrote into ``ctx[STOP]``.
    """
    training = program.document.training
    if stop == c.DIVERGED:
        return Finished("diverged", _return_from_divergence(program))
    if stop == c.EARLY:
        kept, best = "", int(program.ctx[c.BEST_EPOCH])
        if training.restore_best and best:
            program.return_to_best()
            kept = f"; the weights of epoch {best} are back"
        return Finished("early", f"Stopped early: no improvement for {training.patience} validations{kept}.")
    if stop == c.LOSS_REACHED:
        return Finished("loss", f"The loss went below {training.stop_loss:g}.")
    return Finished("epochs", f"All {int(program.ctx[c.EPOCHS])} epochs are done.")


def _return_from_divergence(program: Program) -> str:
    """Say what happened, and return to the end of the last epoch that was well."""
    step = int(program.ctx[c.STEP])
    worst, size = "", 0.0
    for key, values in program.parameters().items():
        largest = float(np.abs(values).max(initial=0.0))
        if not largest <= size:  # also when it is not a number
            worst, size = key, largest
    program.return_to_good()
    program.ctx[c.STEP] -= -(-program.position // program.plan.batch)
    program.ctx[c.POSITION] = 0
    program.meters[: 2 * c.VALIDATION_METERS] = 0
    epoch = int(program.ctx[c.EPOCH])
    kept = f"the end of epoch {epoch}" if epoch else "the start"
    node = program.document.by_id.get(worst.rpartition("/")[0])
    grown = f"; weights of {node.label} had grown to {size:.3g}" if node and np.isfinite(size) else ""
    return (
        f"Training diverged at step {step + 1}: the loss was no longer a finite number{grown}. "
        f"The weights of {kept} are back. Lower the learning rate "
        f"(it is {program.document.training.learning_rate:g}) or clip the gradients."
    )


def go_on(program: Program, finished: Finished) -> None:
    """Make a program that has ended ready to train on: for as many epochs again, or as patiently again."""
    if finished.reason == "epochs":
        program.extend(program.document.training.epochs)
    elif finished.reason == "early":
        program.ctx[c.WAITED] = 0
    elif finished.reason == "loss":
        program.meters[c.STOP_LOSS] = 0.0
