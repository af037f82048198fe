"""The losses, from what the last layer gives (logits where a link belongs to them), with their gradients.

Every kernel: op: z, dz or -1, y, size, extra, classes. It sums the loss of the batch into the meters, as a mean over
what one example asks, and writes dz, the gradient of the batch's mean loss.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.kernels.contract import (
    BATCH_LOSS,
    COUNT,
    LOSS_SUM,
    METER,
    METERS,
    ROWS,
    doubles_at,
    formula,
    kernel,
    real,
    view,
)
from engine.kernels.functions import exp

Pointer = Any


@formula
def record(ctx: Pointer, total: Any, rows: Any) -> None:
    """Adds a batch's summed loss to the meters that count now."""
    meters = view(doubles_at(ctx[METERS]), ctx[METER], (4,))
    meters[LOSS_SUM] += total
    meters[COUNT] += rows
    meters[BATCH_LOSS] = total / rows


def loss_value(z: Any, y: Any, c: Any) -> Any:
    return z


def loss_slope(z: Any, y: Any, c: Any) -> Any:
    return z


@kernel
def elementwise(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, dz or -1, y, size, c: mean over the outputs of a loss that judges each by itself; c is its constant."""
    n, m = ctx[ROWS], op[4]
    z = view(act, op[1], (n * m,))  # n·m
    y = view(act, op[3], (n * m,))  # n·m
    c = par[op[5]]
    total = 0.0
    for i in range(n * m):
        total += loss_value(z[i], y[i], c)
    record(ctx, total / m, n)
    if op[2] >= 0:
        dz = view(act, op[2], (n * m,))  # n·m
        scale = real(1) / real(n * m)
        for i in range(n * m):
            dz[i] = loss_slope(z[i], y[i], c) * scale


@formula
def squared(z: Any, y: Any, c: Any) -> Any:
    return (z - y) * (z - y)


@formula
def squared_slope(z: Any, y: Any, c: Any) -> Any:
    return real(2) * (z - y)


@formula
def binary_cross_entropy(z: Any, y: Any, c: Any) -> Any:
    # -[y ln σ(z) + (1-y) ln(1-σ(z))], written so that no |z| overflows
    return max(z, real(0)) - z * y + math.log1p(math.exp(-abs(z)))


@formula
def binary_cross_entropy_slope(z: Any, y: Any, c: Any) -> Any:
    e = exp(-abs(z))
    return (real(1) if z >= real(0) else e) / (real(1) + e) - y


@kernel
def softmax_cross_entropy(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, dz or -1, y, groups, classes, smoothing, weights or -1: y holds class indices; ``groups`` per example.

    Loss -Σ_j t_j ln softmax(z)_j, times the true class's weight, with t smoothed: (1-ε) at the class + ε/classes.
    """
    n, k = ctx[ROWS] * op[4], op[5]
    z = view(act, op[1], (n, k))  # n, k
    y = view(act, op[3], (n,))  # n
    smooth = par[op[6]]
    scale = real(1) / real(n)
    total = 0.0
    for i in range(n):
        row = z[i]
        target = np.int64(y[i])
        weight = par[op[7] + target] if op[7] >= 0 else real(1)
        top = row[0]
        for j in range(k):
            top = max(top, row[j])
        mass, mean = real(0), real(0)
        for j in range(k):
            mass += exp(row[j] - top)
            mean += row[j] - top
        log_mass = math.log(mass)
        own = log_mass - (row[target] - top)
        even = log_mass - mean / real(k)
        total += weight * ((real(1) - smooth) * own + smooth * even)
        if op[2] >= 0:
            out = view(act, op[2] + i * k, (k,))
            inverse, factor = real(1) / mass, scale * weight
            for j in range(k):
                out[j] = (exp(row[j] - top) * inverse - smooth / real(k)) * factor
            out[target] -= (real(1) - smooth) * factor
    record(ctx, total / op[4], ctx[ROWS])


mse = elementwise.bind("mse", loss_value=squared, loss_slope=squared_slope)
bce = elementwise.bind("bce", loss_value=binary_cross_entropy, loss_slope=binary_cross_entropy_slope)
