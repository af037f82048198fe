"""What is done to gradients before a step and to weights around it: L1, L2, weight decay, max-norm, clipping."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.kernels.contract import kernel, real, view

Pointer = Any


@kernel
def l1(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, λ: dw += λ·sign(w), the slope of λ·|w|; 0 at 0."""
    w, dw = view(par, op[1], (op[3],)), view(par, op[2], (op[3],))
    strength = par[op[4]]
    for i in range(op[3]):
        dw[i] += strength if w[i] > real(0) else (-strength if w[i] < real(0) else real(0))


@kernel
def l2(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, λ: dw += λ·w, the slope of ½λ·w²."""
    w, dw = view(par, op[1], (op[3],)), view(par, op[2], (op[3],))
    strength = par[op[4]]
    for i in range(op[3]):
        dw[i] += strength * w[i]


@kernel
def clip_value(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: dw, size, c: every element into [-c, c]; what is not a number stays so."""
    dw = view(par, op[1], (op[2],))
    most = par[op[3]]
    for i in range(op[2]):
        g = dw[i]
        dw[i] = most if g > most else (-most if g < -most else g)


@kernel
def clip_norm(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: dw, size, c: dw·min(1, c/‖dw‖) over all gradients together (Pascanu, Mikolov and Bengio 2013)."""
    dw = view(par, op[1], (op[2],))
    most = np.float64(par[op[3]])
    total = 0.0
    for i in range(op[2]):
        g = np.float64(dw[i])
        total += g * g
    if total > most * most:
        scale = real(most / math.sqrt(total))
        for i in range(op[2]):
            dw[i] *= scale


@kernel
def decay(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, size, rate, λ: w -= α·λ·w, beside the gradient and not through it (Loshchilov and Hutter 2019)."""
    w = view(par, op[1], (op[2],))
    keep = real(1) - par[op[3]] * par[op[4]]
    for i in range(op[2]):
        w[i] *= keep


@kernel
def max_norm(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, k, m, c, m numbers of scratch: every column of w (k, m), a unit's weights, no longer than c.

    (Srivastava et al. 2014.) Row by row, as the weights lie in memory.
    """
    k, m = op[2], op[3]
    w = view(par, op[1], (k, m))  # k, m
    most = par[op[4]]
    scale = view(par, op[5], (m,))  # m
    for j in range(m):
        scale[j] = real(0)
    for p in range(k):
        row = w[p]
        for j in range(m):
            scale[j] += row[j] * row[j]
    for j in range(m):
        scale[j] = most / math.sqrt(scale[j]) if scale[j] > most * most else real(1)
    for p in range(k):
        row = w[p]
        for j in range(m):
            row[j] *= scale[j]
