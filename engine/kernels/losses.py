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
def weight_of(y: Number, w0: Number, w1: Number) -> Number:
    # arithmetic in place of a choice, here and below: branches keep a loop from vectorising
    return w0 + (w1 - w0) * y


@formula
def hinge_value(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    lacking = real(1) - (real(2) * y - real(1)) * z
    # not max(lacking, 0): what is not a number must stay so, for it is what stops the run
    return weight_of(y, w0, w1) * (real(0) if lacking <= real(0) else lacking)


@formula
def hinge_slope(z: Number, y: Number, a: Number, w0: Number, w1: Number) -> Number:
    side = real(2) * y - real(1)
    return -side * weight_of(y, w0, w1) if side * z < real(1) else real(0)


@kernel
def binary_cross_entropy(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, dz or -1, y, size, constants (ε, w₀, w₁): y holds 0 or 1; mean over the outputs.

    Loss -w_y·[t ln σ(z) + (1-t) ln(1-σ(z))] with t = y·(1-ε) + ε/2, written as
    w_y·[max(z, 0) - z·y + ε·(y-½)·z + ln(1+e^-|z|)], which no |z| overflows. Logarithms are slow, so those of a class
    are taken together: Σ ln(1+e) = ln Π(1+e).
    """
    count = ctx[ROWS] * op[4]
    smooth, w0, w1 = par[op[5]], par[op[5] + 1], par[op[5] + 2]
    total = 0.0
    for start in range(0, count, FACTORS):
        size = min(FACTORS, count - start)
        z = view(act, op[1] + start, (size,))
        y = view(act, op[3] + start, (size,))
        straight, product0, product1 = 0.0, 1.0, 1.0
        for i in range(size):
            zi, yi = z[i], y[i]
            away = max(zi, real(0)) - zi * yi + smooth * (yi - real(0.5)) * zi
            straight += weight_of(yi, w0, w1) * away
            e = exp(-abs(zi))
            product1 *= 1.0 + np.float64(e * yi)
            product0 *= 1.0 + np.float64(e * (real(1) - yi))
        total += straight + w1 * math.log(product1) + w0 * math.log(product0)
    record(ctx, total / op[4], ctx[ROWS])
    if op[2] >= 0:
        z = view(act, op[1], (count,))  # n·m
        y = view(act, op[3], (count,))  # n·m
        dz = view(act, op[2], (count,))  # n·m
        scale = real(1) / real(count)
        half = real(0.5) * smooth
        for i in range(count):
            side = real(2) * y[i] - real(1)
            e = exp(-abs(z[i]))
            # σ(z) - y is ±σ(-side·z): near the right answer the difference would lose its digits
            wrong = (e if side * z[i] >= real(0) else real(1)) / (real(1) + e)
            dz[i] = side * (half - wrong) * weight_of(y[i], w0, w1) * scale


@kernel
def softmax_cross_entropy(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, dz or -1, y, groups, classes, smoothing, weights or -1, scratch: y holds class indices.

    Loss -w·Σ_j t_j ln softmax(z)_j with the true class's weight w and t smoothed: (1-ε) at the class + ε/classes. As
    ln softmax(z)_j = z_j - max z - ln Σ e^(z - max z), no z overflows.
    """
    n, k = ctx[ROWS] * op[4], op[5]
    z = view(act, op[1], (n, k))  # n, k
    y = view(act, op[3], (n,))  # n
    p = view(act, op[8], (n, k))  # n, k
    smooth = par[op[6]]
    for i in range(n):
        row, out = z[i], p[i]
        top = row[0]
        for j in range(k):
            top = max(top, row[j])
        for j in range(k):
            out[j] = row[j] - top
    total, product = 0.0, 1.0
    for i in range(n):
        out = p[i]
        below = real(0)
        for j in range(k):
            below += out[j]
        weight = par[op[7] + np.int64(y[i])] if op[7] >= 0 else real(1)
        total -= weight * ((real(1) - smooth) * out[np.int64(y[i])] + smooth * below / real(k))
    # all at once: the rows are too short to fill the vector registers
    flat = view(act, op[8], (n * k,))
    for i in range(n * k):
        flat[i] = exp(flat[i])
    scale, share = real(1) / real(n), smooth / real(k)
    for i in range(n):
        out, target = p[i], np.int64(y[i])
        weight = par[op[7] + target] if op[7] >= 0 else real(1)
        # in float64, so that the little that a sure answer lacks is still seen beside the 1 of its own class
        mass = 0.0
        for j in range(k):
            mass += out[j]
        if op[7] >= 0:
            total += weight * math.log(mass)
        else:
            # logarithms are slow: one for many rows
            product *= mass
            if product > 1e250:
                total += math.log(product)
                product = 1.0
        if op[2] >= 0:
            dz = view(act, op[2] + i * k, (k,))
            inverse, factor = real(1.0 / mass), scale * weight
            for j in range(k):
                dz[j] = (out[j] * inverse - share) * factor
            dz[target] = (smooth - share - real((mass - out[target]) / mass)) * factor
    total += math.log(product)
    record(ctx, total / op[4], ctx[ROWS])


@kernel
def multiclass_hinge(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, dz or -1, y, groups, classes, smoothing (not used), weights or -1, scratch (not used).

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
