"""How a run ends: for which reason, in which words, and with which weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.kernels import contract as c
from engine.numbers import number
from engine.program.program import Program
from engine.training.initialisers import draw_parameter

LEAST = 1e-30  # stands for zero: weights that begin there have grown infinitely
FAR = 100.0  # times the loss of the first weights: what is beyond has gone astray


@dataclass(frozen=True)
class Divergence:
    """Where a run left the finite numbers.

    Attributes:
        step, epoch: the step whose loss was no finite number, counted from 1, and the epochs that were finished then.
        node: the layer where it began: whose largest weight had grown most, beside its first weights; "" where no
            weight had grown, and the data or the first weights alone were too much.
        largest: the largest finite |w| of that layer on the way. first: of its first weights.
        kept: the moment whose weights are back, in words: "the start", "epoch 12".
    """

    step: int
    epoch: int
    node: str
    largest: float
    first: float
    kept: str


@dataclass(frozen=True)
class Finished:
    """A run has come to its end.

    Attributes:
        reason: "epochs", "early", "loss" (the wished loss was reached) or "diverged".
        sentence: what happened, for the user.
        divergence: where it went astray; None where it did not.
    """

    reason: Literal["epochs", "early", "loss", "diverged"]
    sentence: str
    divergence: Divergence | None = None


def finish(program: Program, stop: int) -> Finished:
    """Say why the loop has stopped; bring back the weights that are to be kept.

    Args:
        stop: what a kernel wrote into ``ctx[STOP]``.
    """
    if stop == c.DIVERGED:
        divergence = _return_from_divergence(program)
        return Finished("diverged", _lament(program, divergence), divergence)
    if stop == c.EARLY and program.document.training.restore_best and program.ctx[c.BEST_EPOCH]:
        program.return_to_best()
    return told(program, stop)


def told(program: Program, stop: int) -> Finished:
    """How a run that did not diverge has ended, in words; changes nothing."""
    training = program.document.training
    if stop == c.EARLY:
        best = int(program.ctx[c.BEST_EPOCH])
        kept = f"; the weights of epoch {best} are back" if training.restore_best and best else ""
        return Finished("early", f"Stopped early: no improvement for {training.patience} validations{kept}.")
    if stop == c.LOSS_REACHED:
        return Finished("loss", f"The loss went below {training.stop_loss:g}.")
    return Finished("epochs", f"All {int(program.ctx[c.EPOCHS])} epochs are done.")


def ended(program: Program, last: Mapping[str, float] | None) -> int:
    """Why a run that had ended at a moment that was restored had, as in ``ctx[STOP]``; 0: it had not.

    Args:
        last: the newest row of its log.
    """
    training, epoch = program.document.training, int(program.ctx[c.EPOCH])
    if epoch >= program.ctx[c.EPOCHS]:
        return c.EPOCHS_DONE
    if training.patience and program.ctx[c.WAITED] >= training.patience:
        return c.EARLY
    if last and last["epoch"] == epoch and last["loss"] < training.stop_loss:
        return c.LOSS_REACHED
    return c.RUNNING


def _return_from_divergence(program: Program) -> Divergence:
    """Find out what happened, and return to the last weights that were well."""
    step, epoch = int(program.ctx[c.STEP]) + 1, int(program.ctx[c.EPOCH])
    node, largest, first = _most_grown(program)
    kept = _return_to_what_was_well(program)
    program.ctx[c.STEP] -= -(-program.position // program.plan.batch)
    program.ctx[c.POSITION] = 0
    program.meters[: 2 * c.VALIDATION_METERS] = 0
    return Divergence(step, epoch, node, largest, first, kept)


def _most_grown(program: Program) -> tuple[str, float, float]:
    """The layer whose largest weight has grown most since the start, that weight now, and the largest at first.

    Where the last update has left only numbers that are not finite, the weights of the last epoch's end stand for them.
    """
    found, most = ("", 0.0, 0.0), 1.0
    for node, record in program.plan.lowered.build.records.items():
        now = first = 0.0
        for p in record.parameters:
            at = program.plan.places[p.value]
            for memory in (program.par, program.good):
                size = np.abs(memory[at : at + p.size])
                now = max(now, float(size[np.isfinite(size)].max(initial=0.0)))
            drawn = draw_parameter(p.initialiser, program.seed, p.key, p.shape, p.fan_in, p.fan_out)
            first = max(first, float(np.abs(drawn).max(initial=0.0)))
        grown = now / max(first, LEAST)
        if grown > most:
            found, most = (node, now, first), grown
    return found


def _lament(program: Program, divergence: Divergence) -> str:
    node = program.document.by_id.get(divergence.node)
    grown = f"; those of {node.label} had grown to {number(divergence.largest)}" if node else ""
    return (
        f"Training diverged at step {divergence.step}: the loss was no longer a finite number. "
        f"Lower the learning rate (it is {number(program.document.training.learning_rate, 6)}) or clip the gradients. "
        f"The weights of {divergence.kept} are back{grown}."  # last: a narrow window shows the beginning
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
