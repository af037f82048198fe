"""What is counted besides the loss; op: z, y, groups, classes. The sums become accuracy or R² when they are read."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.contract import METER, METERS, METRIC_SUM, ROWS, doubles_at, kernel, real, view

Pointer = Any


@kernel
def squared_error(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """The mean squared error of an example's outputs, summed."""
    m = op[3] * op[4]
    count = ctx[ROWS] * m
    z, y = view(act, op[1], (count,)), view(act, op[2], (count,))
    total = real(0)
    for i in range(count):
        total += (z[i] - y[i]) * (z[i] - y[i])
    doubles_at(ctx[METERS])[ctx[METER] + METRIC_SUM] += total / m


@kernel
def sign_hits(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """The share of an example's logits that lie on the side of their target, 0 or 1, summed."""
    m = op[3] * op[4]
    count = ctx[ROWS] * m
    z, y = view(act, op[1], (count,)), view(act, op[2], (count,))
    hits = real(0)
    for i in range(count):
        hits += real(1) if (z[i] > real(0)) == (y[i] > real(0.5)) else real(0)
    doubles_at(ctx[METERS])[ctx[METER] + METRIC_SUM] += hits / m


@kernel
def class_hits(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """The share of an example's groups whose largest logit is the target's, summed."""
    n, k = ctx[ROWS] * op[3], op[4]
    z, y = view(act, op[1], (n, k)), view(act, op[2], (n,))
    hits = 0
    for i in range(n):
        row = z[i]
        best = 0
        for j in range(1, k):
            if row[j] > row[best]:
                best = j
        if best == np.int64(y[i]):
            hits += 1
    doubles_at(ctx[METERS])[ctx[METER] + METRIC_SUM] += hits / op[3]
