"""y = f(x·W + b) and its gradients: a pass of its own for one or two inputs and for one unit, BLAS for the rest."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.contract import GEMM, ROWS, Kernel, advance, formula, gemm, kernel, real, view

Pointer = Any
BLAS_FROM = 512  # multiply-adds from which OpenBLAS's small kernels win over plain loops, measured


def activate(z: Any, a: Any) -> Any:
    return z


def slope(z: Any, y: Any, a: Any) -> Any:
    return z


@formula
def product(x: Any, w: Any, y: Any, n: int, k: int, m: int) -> None:
    """y = x·w by plain loops."""
    for i in range(n):
        row, xi = y[i], x[i]
        for j in range(m):
            row[j] = real(0)
        for p in range(k):
            xp, wp = xi[p], w[p]
            for j in range(m):
                row[j] += xp * wp[j]


@formula
def product_of_transposed(x: Any, dy: Any, dw: Any, n: int, k: int, m: int) -> None:
    """dw = x'·dy by plain loops."""
    for p in range(k):
        row = dw[p]
        for j in range(m):
            row[j] = real(0)
    for i in range(n):
        di, xi = dy[i], x[i]
        for p in range(k):
            xp, row = xi[p], dw[p]
            for j in range(m):
                row[j] += xp * di[j]


@formula
def product_by_transposed(dy: Any, w: Any, dx: Any, n: int, k: int, m: int) -> None:
    """dx = dy·w' by plain loops."""
    for i in range(n):
        di, row = dy[i], dx[i]
        for p in range(k):
            wp = w[p]
            total = real(0)
            for j in range(m):
                total += di[j] * wp[j]
            row[p] = total


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
    if m == 1:
        column = view(par, op[3], (k,))  # k
        for i in range(n):
            xi, total = x[i], real(0)
            for p in range(k):
                total += xi[p] * column[p]
            y[i, 0] = activate(total + b[0], a)
        return
    if k == 1:
        w0 = w[0]
        for i in range(n):
            row, x0 = y[i], x[i, 0]
            for j in range(m):
                row[j] = activate(b[j] + x0 * w0[j], a)
        return
    if k == 2:
        w0, w1 = w[0], w[1]
        for i in range(n):
            row, x0, x1 = y[i], x[i, 0], x[i, 1]
            for j in range(m):
                row[j] = activate(b[j] + x0 * w0[j] + x1 * w1[j], a)
        return
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
    else:
        product(x, w, y, n, k, m)
    for i in range(n):
        row = y[i]
        for j in range(m):
            row[j] = activate(row[j] + b[j], a)


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
    if m == 1:
        column, dcolumn = view(par, op[3], (k,)), view(par, op[11], (k,))  # k
        for p in range(k):
            dcolumn[p] = real(0)
        for i in range(n):
            xi, d = x[i], dy[i, 0] * slope(y[i, 0], y[i, 0], a)
            dy[i, 0] = d
            db[0] += d
            for p in range(k):
                dcolumn[p] += xi[p] * d
        if op[9] >= 0:
            dx = view(act, op[9], (n, k))  # n, k
            for i in range(n):
                row, d = dx[i], dy[i, 0]
                for p in range(k):
                    row[p] = d * column[p]
        return
    if k == 1:
        dw0 = dw[0]
        for j in range(m):
            dw0[j] = real(0)
        for i in range(n):
            row, yi, x0 = dy[i], y[i], x[i, 0]
            for j in range(m):
                d = row[j] * slope(yi[j], yi[j], a)
                row[j] = d
                db[j] += d
                dw0[j] += x0 * d
    elif k == 2:
        dw0, dw1 = dw[0], dw[1]
        for j in range(m):
            dw0[j] = real(0)
            dw1[j] = real(0)
        for i in range(n):
            row, yi, x0, x1 = dy[i], y[i], x[i, 0], x[i, 1]
            for j in range(m):
                d = row[j] * slope(yi[j], yi[j], a)
                row[j] = d
                db[j] += d
                dw0[j] += x0 * d
                dw1[j] += x1 * d
    else:
        for i in range(n):
            row, yi = dy[i], y[i]
            for j in range(m):
                d = row[j] * slope(yi[j], yi[j], a)
                row[j] = d
                db[j] += d
    if k <= 2:
        pass
    elif n * k * m >= BLAS_FROM:
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
    else:
        product_of_transposed(x, dy, dw, n, k, m)
    if op[9] >= 0:
        if n * k * m >= BLAS_FROM:
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
        else:
            product_by_transposed(dy, w, view(act, op[9], (n, k)), n, k, m)


@cache
def affine_kernels(activation: str) -> tuple[Kernel, Kernel]:
    """The pair of kernels with an activation inside; it must be one whose slope is told from its output."""
    row = ACTIVATIONS[activation]
    if not row.from_output:
        raise ValueError(f"{activation} cannot be fused: its slope is not told from its output")
    return affine.bind(activation, activate=row.value), affine_backward.bind(activation, slope=row.slope)
