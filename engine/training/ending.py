"""How a run ends: for which reason, in which words, and with which weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.kernels import contract as c
from engine.program.program import Program

FAR = 100.0  # times the loss of the first weights: what is beyond has gone astray


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
    """Say what happened, and return to the last weights that were well."""
    step = int(program.ctx[c.STEP])
    worst, size = "", 0.0
    for key, values in program.parameters().items():
        largest = float(np.abs(values).max(initial=0.0))
        if not largest <= size:  # also when it is not a number
            worst, size = key, largest
    kept = _return_to_what_was_well(program)
    program.ctx[c.STEP] -= -(-program.position // program.plan.batch)
    program.ctx[c.POSITION] = 0
    program.meters[: 2 * c.VALIDATION_METERS] = 0
    node = program.document.by_id.get(worst.rpartition("/")[0])
    grown = f"; weights of {node.label} had grown to {size:.3g}" if node and np.isfinite(size) else ""
    return (
        f"Training diverged at step {step + 1}: the loss was no longer a finite number{grown}. "
        f"The weights of {kept} are back. Lower the learning rate "
        f"(it is {program.document.training.learning_rate:g}) or clip the gradients."
    )


def _return_to_what_was_well(program: Program) -> str:
    """Back to the end of the last epoch, else to the best epoch, else to the first weights; says to which.

    An epoch's loss is measured before its last step, which may be the one that went astray: all of the steps are where
    a batch holds all rows. So weights are well when their own loss is not far above that of the first weights.
    """
    epoch, best = int(program.ctx[c.EPOCH]), int(program.ctx[c.BEST_EPOCH])
    program.return_to_good()
    if not epoch:
        return "the start"
    last, good = program.training_loss(), program.state()
    everything = {p.key for p in program.plan.parameters}
    program.begin_anew(everything)
    first = program.training_loss()
    if last <= FAR * first:
        program.restore(good)
        return f"the end of epoch {epoch}"
    program.return_to_best()
    if best and program.training_loss() <= FAR * first:
        program.keep_good()
        return f"epoch {best}"
    # what was best had gone astray, too
    program.ctx[c.BEST_EPOCH] = program.ctx[c.WAITED] = 0
    program.meters[c.BEST_LOSS] = np.inf
    program.begin_anew(everything)
    program.keep_good()
    return "the start"


def go_on(program: Program, finished: Finished) -> None:
    """Make a program that has ended ready to train on: for as many epochs again, or as patiently again."""
    if finished.reason == "epochs":
        program.extend(program.document.training.epochs)
    elif finished.reason == "early":
        program.ctx[c.WAITED] = 0
    elif finished.reason == "loss":
        program.meters[c.STOP_LOSS] = 0.0
