"""y = f(x·W + b) in one pass, and its gradients: plain loops for small products, BLAS for large ones."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.contract import GEMM, ROWS, Kernel, advance, gemm, kernel, real, view

Pointer = Any
BLAS_FROM = 12_000  # multiply-adds from which a BLAS call pays; measured by `main.py bench`


def activate(z: Any, a: Any) -> Any:
    return z


def slope(z: Any, y: Any, a: Any) -> Any:
    return z


@kernel
def affine(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, w, b, a, k, m, r: y = f(x·w + b), r rows per example."""
    k, m = op[6], op[7]
    n = ctx[ROWS] * op[8]
    x = view(act, op[1], (n, k))  # n, k
    y = view(act, op[2], (n, m))  # n, m
    w = view(par, op[3], (k, m))  # k, m
    b = view(par, op[4], (m,))  # m
    a = par[op[5]]
    if n * k * m >= BLAS_FROM:
        gemm(
            ctx[GEMM],
            0,
            0,
            n,
            m,
            k,
            real(1),
            advance(act, op[1]),
            k,
            advance(par, op[3]),
            m,
            real(0),
            advance(act, op[2]),
            m,
        )
        for i in range(n):
            row = y[i]
            for j in range(m):
                row[j] = activate(row[j] + b[j], a)
        return
    for i in range(n):
        row, xi = y[i], x[i]
        for j in range(m):
            row[j] = b[j]
        for p in range(k):
            xp, wp = xi[p], w[p]
            for j in range(m):
                row[j] += xp * wp[j]
        for j in range(m):
            row[j] = activate(row[j], a)


@kernel
def affine_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, w, b, a, k, m, r, dx or -1, dy, dw, db: overwrites dy with the gradient before the activation."""
    k, m = op[6], op[7]
    n = ctx[ROWS] * op[8]
    x = view(act, op[1], (n, k))  # n, k
    y = view(act, op[2], (n, m))  # n, m
    w = view(par, op[3], (k, m))  # k, m
    a = par[op[5]]
    dy = view(act, op[10], (n, m))  # n, m
    dw = view(par, op[11], (k, m))  # k, m
    db = view(par, op[12], (m,))  # m
    for j in range(m):
        db[j] = real(0)
    for i in range(n):
        row, yi = dy[i], y[i]
        for j in range(m):
            d = row[j] * slope(yi[j], yi[j], a)
            row[j] = d
            db[j] += d
    if n * k * m >= BLAS_FROM:
        gemm(
            ctx[GEMM],
            1,
            0,
            k,
            m,
            n,
            real(1),
            advance(act, op[1]),
            k,
            advance(act, op[10]),
            m,
            real(0),
            advance(par, op[11]),
            m,
        )
        if op[9] >= 0:
            gemm(
                ctx[GEMM],
                0,
                1,
                n,
                k,
                m,
                real(1),
                advance(act, op[10]),
                m,
                advance(par, op[3]),
                m,
                real(0),
                advance(act, op[9]),
                k,
            )
        return
    for p in range(k):
        dwp = dw[p]
        for j in range(m):
            dwp[j] = real(0)
    for i in range(n):
        row, xi = dy[i], x[i]
        for p in range(k):
            xp, dwp = xi[p], dw[p]
            for j in range(m):
                dwp[j] += xp * row[j]
    if op[9] >= 0:
        dx = view(act, op[9], (n, k))  # n, k
        for i in range(n):
            row, dxi = dy[i], dx[i]
            for p in range(k):
                wp = w[p]
                total = real(0)
                for j in range(m):
                    total += row[j] * wp[j]
                dxi[p] = total


@cache
def affine_kernels(activation: str) -> tuple[Kernel, Kernel]:
    """The pair of kernels with an activation inside; it must be one whose slope is told from its output."""
    row = ACTIVATIONS[activation]
    assert row.from_output
    return affine.bind(activation, activate=row.value), affine_backward.bind(activation, slope=row.slope)
