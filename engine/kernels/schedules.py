"""How the learning rate changes: factors of the time in epochs, and the kernels that apply them before an update.

A formula ``f(t, T, a, b, c)`` gives the factor at ``t`` epochs (a fraction while an epoch lasts) of a run of ``T``; it
is ordinary Python on plain numbers too, so that a schedule is drawn by what runs.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.kernels.contract import (
    COUNT,
    EPOCH,
    EPOCHS,
    LOSS_SUM,
    METERS,
    POSITION,
    TRAIN_ROWS,
    VALIDATION_METERS,
    VALIDATION_START,
    VALIDATION_STOP,
    doubles_at,
    formula,
    kernel,
    real,
    strict_kernel,
)

Pointer = Any
Number = Any
NO_LOSS = 1e30  # more than any loss that a run goes on with


def factor(t: Number, epochs: Number, a: Number, b: Number, c: Number) -> Number:
    return t


@kernel
def timed(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: rate, source, memory (not used), constants (delay, a, b, c): rate = source·f(t - delay, T - delay, a, b, c).

    Time is counted in rows that were used, not in batches: another batch size while training shifts nothing.
    """
    constants = op[4]
    delay = np.float64(par[constants])
    t = np.float64(ctx[EPOCH]) + np.float64(ctx[POSITION]) / np.float64(ctx[TRAIN_ROWS])
    a, b, c = par[constants + 1], par[constants + 2], par[constants + 3]
    change = factor(
        max(t - delay, 0.0), max(np.float64(ctx[EPOCHS]) - delay, 0.0), np.float64(a), np.float64(b), np.float64(c)
    )
    par[op[1]] = real(np.float64(par[op[2]]) * change)


@formula
def step_factor(t: Number, epochs: Number, a: Number, b: Number, c: Number) -> Number:
    """a after every b epochs."""
    return math.pow(a, math.floor(t / b))


@formula
def exponential_factor(t: Number, epochs: Number, a: Number, b: Number, c: Number) -> Number:
    """aᵗ."""
    return math.pow(a, t)


@formula
def cosine_factor(t: Number, epochs: Number, a: Number, b: Number, c: Number) -> Number:
    """From 1 to a, along half a cosine over the run."""
    part = min(t / epochs, 1.0) if epochs > 0.0 else 1.0
    return a + (1.0 - a) * 0.5 * (1.0 + math.cos(math.pi * part))


@formula
def warm_up_factor(t: Number, epochs: Number, a: Number, b: Number, c: Number) -> Number:
    """From a to 1 in a straight line over b epochs."""
    return a + (1.0 - a) * t / b if t < b else 1.0


@formula
def one_cycle_factor(t: Number, epochs: Number, a: Number, b: Number, c: Number) -> Number:
    """From b up to 1 over the share a of the run, then down to c, both along half a cosine."""
    part = min(t / epochs, 1.0) if epochs > 0.0 else 1.0
    up = 0.5 * (1.0 - math.cos(math.pi * part / a))
    down = 0.5 * (1.0 + math.cos(math.pi * (part - a) / (1.0 - a)))
    return b + (1.0 - b) * up if part < a else c + (1.0 - c) * down


step = timed.bind("step", factor=step_factor)
exponential = timed.bind("exponential", factor=exponential_factor)
cosine = timed.bind("cosine", factor=cosine_factor)
warm_up = timed.bind("warm_up", factor=warm_up_factor)
one_cycle = timed.bind("one_cycle", factor=one_cycle_factor)

# the memory of `plateau`; all zero before the first judgement
FACTOR, BEST_SO_FAR, WAITED_FOR = 0, 1, 2


@kernel
def plateau(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: rate, source, memory, constants: rate = source·(the factor that `judge_plateau` has come to)."""
    change = par[op[3] + FACTOR]
    par[op[1]] = par[op[2]] * (change if change > real(0) else real(1))


@strict_kernel
def judge_plateau(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: memory, constants (factor, patience, threshold, least): judges an epoch before its meters are cleared.

    The loss is that of validation; without validation rows that of training. An epoch that was not validated where
    there are rows for it is not judged.
    """
    meters = doubles_at(ctx[METERS])
    checked = meters[VALIDATION_METERS + COUNT]
    if checked > 0.0:
        loss = real(meters[VALIDATION_METERS + LOSS_SUM] / checked)
    elif ctx[VALIDATION_STOP] > ctx[VALIDATION_START]:
        return
    else:
        loss = real(meters[LOSS_SUM] / meters[COUNT])
    memory, constants = op[1], op[2]
    if not (par[memory + FACTOR] > real(0)):
        par[memory + FACTOR], par[memory + BEST_SO_FAR] = real(1), real(NO_LOSS)
    if loss < par[memory + BEST_SO_FAR] * (real(1) - par[constants + 2]):
        par[memory + BEST_SO_FAR] = loss
        par[memory + WAITED_FOR] = real(0)
        return
    par[memory + WAITED_FOR] += real(1)
    if par[memory + WAITED_FOR] >= par[constants + 1]:
        par[memory + FACTOR] = max(par[memory + FACTOR] * par[constants], par[constants + 3])
        par[memory + WAITED_FOR] = real(0)
