"""Dropout and noise: random while training, nothing at all otherwise."""

from __future__ import annotations

from typing import Any

from engine.kernels.contract import ROWS, SEED, STEP, TRAINING, kernel, real, view
from engine.kernels.random import normal, stream, uniform

Pointer = Any


@kernel
def dropout(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, size, rate, mask, stream: y = x·mask; the mask is 0 with probability rate, else 1/(1 - rate)."""
    count = ctx[ROWS] * op[3]
    x, y, mask = view(act, op[1], (count,)), view(act, op[2], (count,)), view(act, op[5], (count,))
    if ctx[TRAINING] == 0:
        for i in range(count):
            y[i] = x[i]
        return
    rate = par[op[4]]
    kept = real(1) / (real(1) - rate)
    key = stream(ctx[SEED], op[6], ctx[STEP])
    for i in range(count):
        mask[i] = kept if uniform(key, i) >= rate else real(0)
    for i in range(count):
        y[i] = x[i] * mask[i]


@kernel
def dropout_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, size, rate, mask, stream, dx, dy: dx = dy·mask."""
    count = ctx[ROWS] * op[3]
    mask, dx, dy = view(act, op[5], (count,)), view(act, op[7], (count,)), view(act, op[8], (count,))
    if ctx[TRAINING] == 0:
        for i in range(count):
            dx[i] = dy[i]
        return
    for i in range(count):
        dx[i] = dy[i] * mask[i]


@kernel
def gaussian_noise(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, size, spread, stream: y = x + spread·N(0, 1)."""
    count = ctx[ROWS] * op[3]
    x, y = view(act, op[1], (count,)), view(act, op[2], (count,))
    if ctx[TRAINING] == 0:
        for i in range(count):
            y[i] = x[i]
        return
    spread = par[op[4]]
    key = stream(ctx[SEED], op[5], ctx[STEP])
    for i in range(count):
        y[i] = x[i] + spread * normal(key, i)
