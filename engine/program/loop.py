"""The run loop: it calls the kernels of the op table, batch after batch, without the interpreter."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.kernels.contract import (
    EPOCH_ENDED,
    FIRST,
    METER,
    PIECES,
    STOP,
    STOP_ROW,
    TRAIN_METERS,
    TRAINING,
    VALIDATION_METERS,
    Kernel,
    advance,
    call,
    formula,
    ints_at,
    real_pointer,
)

WIDTH = 24  # int64 columns of the op table: the kernel's address, then its arguments
# sections of the table: row numbers in `bounds`
FORWARD, LOSS, BACKWARD, UPDATE, EVALUATE, JUDGE, CLOSE, END = range(8)
# FORWARD: gather, layers · LOSS: loss, metric, is it finite? · BACKWARD: layers
# UPDATE: penalties, clipping, step, counting
# EVALUATE: gather in order, layers · JUDGE: loss, metric · CLOSE: the end of an epoch


@formula
def sweep(table: Any, start: Any, stop: Any, ctx: Any, par: Any, act: Any) -> Any:
    """Call the kernels of some rows of the table."""
    for row in range(start, stop):
        op = advance(table, row * 24)
        call(op[0], op, ctx, par, act)


def run(table_at: Any, sections: Any, ctx_at: Any, par_at: Any, act_at: Any, steps: Any) -> Any:
    """Up to ``steps`` batches; stops early when a kernel sets ctx[STOP]. Returns the batches that were finished.

    A long validation is broken off after ctx[PIECES] pieces, and the next call goes on with it.
    """
    table, bounds, ctx = ints_at(table_at), ints_at(sections), ints_at(ctx_at)
    par, act = real_pointer(par_at), real_pointer(act_at)
    done = 0
    while True:
        if ctx[EPOCH_ENDED] != 0:
            pieces = ctx[PIECES]
            ctx[TRAINING], ctx[METER] = 0, VALIDATION_METERS
            while ctx[FIRST] < ctx[STOP_ROW] and pieces > 0:
                sweep(table, bounds[EVALUATE], bounds[CLOSE], ctx, par, act)
                pieces -= 1
            ctx[TRAINING], ctx[METER] = 1, TRAIN_METERS
            if ctx[FIRST] < ctx[STOP_ROW]:
                return done
            sweep(table, bounds[CLOSE], bounds[END], ctx, par, act)
            ctx[EPOCH_ENDED] = 0
            if ctx[STOP] != 0:
                return done
        if done == steps:
            return done
        sweep(table, bounds[FORWARD], bounds[BACKWARD], ctx, par, act)
        if ctx[STOP] != 0:
            return done
        sweep(table, bounds[BACKWARD], bounds[EVALUATE], ctx, par, act)
        done += 1


def section(table_at: Any, start: Any, stop: Any, ctx_at: Any, par_at: Any, act_at: Any) -> Any:
    """Some rows alone: for single stages, evaluation and predictions."""
    sweep(ints_at(table_at), start, stop, ints_at(ctx_at), real_pointer(par_at), real_pointer(act_at))


@dataclass(frozen=True)
class Entries:
    """The two ways into compiled code for a real type; all arguments are addresses or counts.

    Called through ctypes, which lets go of the interpreter's lock for as long as the call lasts.
    """

    run: Callable[[int, int, int, int, int, int], int]
    section: Callable[[int, int, int, int, int, int], None]


RUN, SECTION = Kernel(run, signature="run"), Kernel(section, signature="section")
ENTRIES = (RUN, SECTION)


@cache
def entries(dtype: type) -> Entries:
    i = ctypes.c_int64
    started, one = RUN.address(dtype), SECTION.address(dtype)
    return Entries(ctypes.CFUNCTYPE(i, i, i, i, i, i, i)(started), ctypes.CFUNCTYPE(None, i, i, i, i, i, i)(one))
