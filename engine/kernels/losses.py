"""The losses, from what the last layer gives (logits where a link belongs to them), with their gradients.

Every kernel sums the loss of the batch into the meters, as a mean over what one example asks, and writes dz, the
gradient of the batch's mean loss (dz = -1: only the loss is wanted). ``constants`` are three numbers that lie together:
the loss's own (δ, ε) and, for two classes, the weights of class 0 and class 1.
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
Number = Any
FACTORS = 512  # numbers of at most 2 whose product float64 holds


@formula
def record(ctx: Pointer, total: Number, rows: Number) -> None:
    """Adds a batch's summed loss to the meters that count now."""
    meters = view(doubles_at(ctx[METERS]), ctx[METER], (4,))
    meters[LOSS_SUM] += total
    meters[COUNT] += rows
    meters[BATCH_LOSS] = total / rows


def loss_value(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    return z


def loss_slope(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    return z


@kernel
def elementwise(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, dz or -1, y, size, constants: mean over the outputs of a loss that judges each by itself."""
    n, m = ctx[ROWS], op[4]
    z = view(act, op[1], (n * m,))  # n·m
    y = view(act, op[3], (n * m,))  # n·m
    a, w0, w1 = par[op[5]], par[op[5] + 1], par[op[5] + 2]
    total = 0.0
    for i in range(n * m):
        total += loss_value(z[i], y[i], a, w0, w1)
    record(ctx, total / m, n)
    if op[2] >= 0:
        dz = view(act, op[2], (n * m,))  # n·m
        scale = real(1) / real(n * m)
        for i in range(n * m):
            dz[i] = loss_slope(z[i], y[i], a, w0, w1) * scale


@formula
def squared(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    return (z - y) * (z - y)


@formula
def squared_slope(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    return real(2) * (z - y)


@formula
def absolute(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    return abs(z - y)


@formula
def absolute_slope(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    return real(1) if z > y else (real(-1) if z < y else real(0))


@formula
def huber_value(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    e = abs(z - y)
    near = min(e, a)
    # ½e² up to a, then the tangent: with near = min(e, a) both are near·(e - ½·near)
    return near * (e - real(0.5) * near)


@formula
def huber_slope(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    return min(max(z - y, -a), a)


@formula
def hinge_value(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    right = y > real(0.5)
    margin = real(1) - (z if right else -z)
    # not max(margin, 0): what is not a number must stay so, for it is what stops the run
    return (w1 if right else w0) * (real(0) if margin <= real(0) else margin)


@formula
def hinge_slope(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    right = y > real(0.5)
    slope = -w1 if right else w0
    return slope if (z if right else -z) < real(1) else real(0)


@kernel
def binary_cross_entropy(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, dz or -1, y, size, constants (ε, w₀, w₁): y holds 0 or 1; mean over the outputs.

    Loss -w_y·[t ln σ(z) + (1-t) ln(1-σ(z))] with t = y·(1-ε) + ε/2, written as w_y·[max(z, 0) - z·t + ln(1+e^-|z|)],
    which no |z| overflows. Logarithms are slow, so those of a class are taken together: Σ ln(1+e) = ln Π(1+e).
    """
    count = ctx[ROWS] * op[4]
    smooth, w0, w1 = par[op[5]], par[op[5] + 1], par[op[5] + 2]
    half = real(0.5) * smooth
    total = 0.0
    for start in range(0, count, FACTORS):
        size = min(FACTORS, count - start)
        z = view(act, op[1] + start, (size,))
        y = view(act, op[3] + start, (size,))
        straight, product0, product1 = 0.0, 1.0, 1.0
        for i in range(size):
            right = y[i] > real(0.5)
            # |z| where the answer is wrong, 0 where it is right; then what smoothing adds to it, ε/2·z for the class
            away = max(-z[i], real(0)) + half * z[i] if right else max(z[i], real(0)) - half * z[i]
            straight += (w1 if right else w0) * away
            factor = 1.0 + np.float64(exp(-abs(z[i])))
            product1 *= factor if right else 1.0
            product0 *= 1.0 if right else factor
        total += straight + w1 * math.log(product1) + w0 * math.log(product0)
    record(ctx, total / op[4], ctx[ROWS])
    if op[2] >= 0:
        z = view(act, op[1], (count,))  # n·m
        y = view(act, op[3], (count,))  # n·m
        dz = view(act, op[2], (count,))  # n·m
        scale = real(1) / real(count)
        for i in range(count):
            right = y[i] > real(0.5)
            e = exp(-abs(z[i]))
            # σ(z) - y as -σ(-z) or σ(z): near the right answer a difference would lose its digits
            wrong = (e if (z[i] >= real(0)) == right else real(1)) / (real(1) + e)
            dz[i] = (w1 * (half - wrong) if right else w0 * (wrong - half)) * scale


@kernel
def softmax_cross_entropy(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, dz or -1, y, groups, classes, smoothing, weights or -1: y holds class indices; ``groups`` per example.

    Loss -w·Σ_j t_j ln softmax(z)_j with the true class's weight w and t smoothed: (1-ε) at the class + ε/classes.
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
        # in float64, so that the little that a sure answer lacks is still seen beside the 1 of its own class
        mass, sum_below = 0.0, 0.0
        for j in range(k):
            mass += exp(row[j] - top)
            sum_below += top - row[j]
        log_mass = math.log(mass)
        own = log_mass + (top - row[target])
        even = log_mass + sum_below / k
        total += weight * ((1.0 - smooth) * own + smooth * even)
        if op[2] >= 0:
            out = view(act, op[2] + i * k, (k,))
            inverse, factor, share = real(1.0 / mass), scale * weight, smooth / real(k)
            for j in range(k):
                out[j] = (exp(row[j] - top) * inverse - share) * factor
            lacking = real((mass - exp(row[target] - top)) / mass)
            out[target] = (smooth - share - lacking) * factor
    record(ctx, total / op[4], ctx[ROWS])


@kernel
def multiclass_hinge(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, dz or -1, y, groups, classes, smoothing (not used), weights or -1: y holds class indices.

    Loss w·max(0, 1 + max_{j≠y} z_j - z_y).
    """
    n, k = ctx[ROWS] * op[4], op[5]
    z = view(act, op[1], (n, k))  # n, k
    y = view(act, op[3], (n,))  # n
    scale = real(1) / real(n)
    total = 0.0
    for i in range(n):
        row = z[i]
        target = np.int64(y[i])
        weight = par[op[7] + target] if op[7] >= 0 else real(1)
        rival = 0 if target != 0 else 1
        nothing = real(0)
        for j in range(k):
            nothing += real(0) * row[j]  # unless an output is not a number: that must show in the loss
            if j != target and row[j] > row[rival]:
                rival = j
        margin = real(1) + row[rival] - row[target] + nothing
        total += weight * (real(0) if margin <= real(0) else margin)
        if op[2] >= 0:
            out = view(act, op[2] + i * k, (k,))
            for j in range(k):
                out[j] = real(0)
            if margin > real(0):
                out[rival] = weight * scale
                out[target] = -weight * scale
    record(ctx, total / op[4], ctx[ROWS])


mse = elementwise.bind("mse", loss_value=squared, loss_slope=squared_slope)
mae = elementwise.bind("mae", loss_value=absolute, loss_slope=absolute_slope)
huber = elementwise.bind("huber", loss_value=huber_value, loss_slope=huber_slope)
hinge = elementwise.bind("hinge", loss_value=hinge_value, loss_slope=hinge_slope)
