"""Where a batch comes from, and what happens when an epoch ends."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.contract import (
    BATCH,
    BATCH_LOSS,
    BEST,
    BEST_EPOCH,
    BEST_LOSS,
    COUNT,
    DIVERGED,
    EARLY,
    EPOCH,
    EPOCH_ENDED,
    EPOCHS,
    EPOCHS_DONE,
    FIRST,
    GOOD,
    LOG,
    LOG_FULL,
    LOG_ROWS,
    LOG_USED,
    LOSS_REACHED,
    LOSS_SUM,
    METERS,
    METRIC_SUM,
    MIN_DELTA,
    ORDER,
    PATIENCE,
    POSITION,
    ROWS,
    SEED,
    STEP,
    STOP,
    STOP_LOSS,
    STOP_ROW,
    TRAIN_ROWS,
    VALIDATE_EVERY,
    VALIDATION_METERS,
    VALIDATION_START,
    VALIDATION_STOP,
    WAITED,
    X,
    Y,
    doubles_at,
    formula,
    ints_at,
    kernel,
    real_pointer,
    strict_kernel,
    view,
)
from engine.kernels.random import below, stream

Pointer = Any
SHUFFLE = 1  # the stream of the epoch's order
LOG_COLUMNS = 8  # epoch, step, loss, metric, validation loss, validation metric, learning rate, 0


@formula
def _copy(into: Pointer, at: int, source: Pointer, start: int, count: int) -> None:
    to, values = view(into, at, (count,)), view(source, start, (count,))
    for i in range(count):
        to[i] = values[i]


@kernel
def gather(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, size, y, target size: the next training rows, in an order drawn anew for every epoch."""
    total, position = ctx[TRAIN_ROWS], ctx[POSITION]
    order = view(ints_at(ctx[ORDER]), 0, (total,))
    if position == 0 or (total > 1 and order[0] == order[1]):
        # from the identity, so that the order depends on seed and epoch alone and a run can resume anywhere;
        # no order has a row twice: zeros tell that a state within an epoch was restored and its order is to be drawn
        for i in range(total):
            order[i] = i
        key = stream(ctx[SEED], SHUFFLE, ctx[EPOCH])
        for i in range(total - 1, 0, -1):
            j = below(key, i, i + 1)
            order[i], order[j] = order[j], order[i]
    rows = min(ctx[BATCH], total - position)
    ctx[ROWS] = rows
    size, target = op[2], op[4]
    x, y = real_pointer(ctx[X]), real_pointer(ctx[Y])
    for i in range(rows):
        row = order[position + i]
        source, into = view(x, row * size, (size,)), view(act, op[1] + i * size, (size,))
        for j in range(size):
            into[j] = source[j]
        source, into = view(y, row * target, (target,)), view(act, op[3] + i * target, (target,))
        for j in range(target):
            into[j] = source[j]


@kernel
def gather_in_order(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, size, y, target size, most rows: rows FIRST … in their order; Y may be 0 (no targets)."""
    size, target = op[2], op[4]
    rows = min(op[5], ctx[STOP_ROW] - ctx[FIRST])
    ctx[ROWS] = rows
    source = view(real_pointer(ctx[X]), ctx[FIRST] * size, (rows * size,))
    into = view(act, op[1], (rows * size,))
    for j in range(rows * size):
        into[j] = source[j]
    if ctx[Y] != 0:
        source = view(real_pointer(ctx[Y]), ctx[FIRST] * target, (rows * target,))
        into = view(act, op[3], (rows * target,))
        for j in range(rows * target):
            into[j] = source[j]
    ctx[FIRST] += rows


@strict_kernel
def check_loss(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """Stops the loop before a loss that is not a number spoils the weights."""
    loss = doubles_at(ctx[METERS])[BATCH_LOSS]
    if not (loss < 1e30):
        ctx[STOP] = DIVERGED


@kernel
def advance_batch(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """Counts the step; notes the end of an epoch and prepares its validation."""
    ctx[STEP] += 1
    ctx[POSITION] += ctx[ROWS]
    ctx[EPOCH_ENDED] = 0
    if ctx[POSITION] >= ctx[TRAIN_ROWS]:
        ctx[POSITION] = 0
        ctx[EPOCH] += 1
        ctx[EPOCH_ENDED] = 1
        validate = ctx[EPOCH] % ctx[VALIDATE_EVERY] == 0 or ctx[EPOCH] >= ctx[EPOCHS]
        ctx[FIRST] = ctx[VALIDATION_START]
        ctx[STOP_ROW] = ctx[VALIDATION_STOP] if validate else ctx[VALIDATION_START]


@strict_kernel
def close_epoch(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: learning rate, parameters, parameter count, kept, kept count, state, state count.

    Writes the epoch's row of the log, keeps the last good state and the best parameters, and decides whether to stop.
    ``kept`` (optimizer slots) and ``state`` go with the parameters into the good state.
    """
    meters = doubles_at(ctx[METERS])
    rows, checked = meters[COUNT], meters[VALIDATION_METERS + COUNT]
    loss = meters[LOSS_SUM] / rows
    nan = np.nan
    validation = meters[VALIDATION_METERS + LOSS_SUM] / checked if checked > 0.0 else nan
    log = view(doubles_at(ctx[LOG]), ctx[LOG_USED] * 8, (8,))
    log[0], log[1], log[2], log[3] = ctx[EPOCH], ctx[STEP], loss, meters[METRIC_SUM] / rows
    log[4] = validation
    log[5] = meters[VALIDATION_METERS + METRIC_SUM] / checked if checked > 0.0 else nan
    log[6] = par[op[1]]
    ctx[LOG_USED] += 1
    for i in range(4):
        meters[i] = 0.0
        meters[VALIDATION_METERS + i] = 0.0
    count, slots, states = op[3], op[5], op[7]
    if loss < 1e30:
        good = real_pointer(ctx[GOOD])
        _copy(good, 0, par, op[2], count)
        _copy(good, count, par, op[4], slots)
        _copy(good, count + slots, par, op[6], states)
    has_validation = ctx[VALIDATION_STOP] > ctx[VALIDATION_START]
    if checked > 0.0 or not has_validation:
        judged = validation if checked > 0.0 else loss
        if judged < meters[BEST_LOSS] - meters[MIN_DELTA]:
            meters[BEST_LOSS] = judged
            ctx[BEST_EPOCH] = ctx[EPOCH]
            ctx[WAITED] = 0
            best = real_pointer(ctx[BEST])
            _copy(best, 0, par, op[2], count)
            _copy(best, count, par, op[6], states)
        else:
            ctx[WAITED] += 1
            if ctx[PATIENCE] > 0 and ctx[WAITED] >= ctx[PATIENCE]:
                ctx[STOP] = EARLY
    if loss < meters[STOP_LOSS]:
        ctx[STOP] = LOSS_REACHED
    elif ctx[EPOCH] >= ctx[EPOCHS]:
        ctx[STOP] = EPOCHS_DONE
    elif ctx[STOP] == 0 and ctx[LOG_USED] >= ctx[LOG_ROWS]:
        ctx[STOP] = LOG_FULL
