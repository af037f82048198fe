"""Activations by themselves: on every element, or over the last axis; and the activation with a trained slope."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.contract import ROWS, Kernel, kernel, real, view
from engine.kernels.functions import exp

Pointer = Any


def activate(z: Any, a: Any) -> Any:
    return z


def slope(z: Any, y: Any, a: Any) -> Any:
    return z


@kernel
def map_forward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, a, groups, m: y = f(x), with m values on the last axis."""
    count = ctx[ROWS] * op[4] * op[5]
    x, y = view(act, op[1], (count,)), view(act, op[2], (count,))
    a = par[op[3]]
    for i in range(count):
        y[i] = activate(x[i], a)


@kernel
def map_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, a, groups, m, dx, dy: dx = dy·f'(x)."""
    count = ctx[ROWS] * op[4] * op[5]
    x, y = view(act, op[1], (count,)), view(act, op[2], (count,))
    dx, dy = view(act, op[6], (count,)), view(act, op[7], (count,))
    a = par[op[3]]
    for i in range(count):
        dx[i] = dy[i] * slope(x[i], y[i], a)


@kernel
def softmax(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, -, groups, m: y_j = e^{x_j} / Σ e^{x_k}; the largest is taken away first, so that nothing overflows."""
    n, m = ctx[ROWS] * op[4], op[5]
    x, y = view(act, op[1], (n, m)), view(act, op[2], (n, m))  # n, m
    for i in range(n):
        xi, yi = x[i], y[i]
        top = xi[0]
        for j in range(m):
            top = max(top, xi[j])
        mass = real(0)
        for j in range(m):
            e = exp(xi[j] - top)
            yi[j] = e
            mass += e
        inverse = real(1) / mass
        for j in range(m):
            yi[j] *= inverse


@kernel
def softmax_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, -, groups, m, dx, dy: dx = y·(dy - Σ y·dy)."""
    n, m = ctx[ROWS] * op[4], op[5]
    y = view(act, op[2], (n, m))  # n, m
    dx, dy = view(act, op[6], (n, m)), view(act, op[7], (n, m))  # n, m
    for i in range(n):
        yi, dxi, dyi = y[i], dx[i], dy[i]
        mean = real(0)
        for j in range(m):
            mean += yi[j] * dyi[j]
        for j in range(m):
            dxi[j] = yi[j] * (dyi[j] - mean)


@kernel
def prelu(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, slope, groups, m: y = x where x > 0, else slope·x, with a slope for each of the m features."""
    n, m = ctx[ROWS] * op[4], op[5]
    x, y = view(act, op[1], (n, m)), view(act, op[2], (n, m))  # n, m
    a = view(par, op[3], (m,))  # m
    for i in range(n):
        xi, yi = x[i], y[i]
        for j in range(m):
            yi[j] = xi[j] if xi[j] > real(0) else a[j] * xi[j]


@kernel
def prelu_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, slope, groups, m, dx or -1, dy, dslope."""
    n, m = ctx[ROWS] * op[4], op[5]
    x, dy = view(act, op[1], (n, m)), view(act, op[7], (n, m))  # n, m
    a, da = view(par, op[3], (m,)), view(par, op[8], (m,))  # m
    for j in range(m):
        da[j] = real(0)
    for i in range(n):
        xi, dyi = x[i], dy[i]
        for j in range(m):
            da[j] += dyi[j] * min(xi[j], real(0))
    if op[6] >= 0:
        dx = view(act, op[6], (n, m))  # n, m
        for i in range(n):
            xi, dxi, dyi = x[i], dx[i], dy[i]
            for j in range(m):
                dxi[j] = dyi[j] if xi[j] > real(0) else a[j] * dyi[j]


@cache
def map_kernels(activation: str) -> tuple[Kernel, Kernel]:
    """The pair of kernels of an activation that stands by itself."""
    if activation == "softmax":
        return softmax, softmax_backward
    row = ACTIVATIONS[activation]
    return map_forward.bind(activation, activate=row.value), map_backward.bind(activation, slope=row.slope)
