"""A simple recurrent cell over time; what the input adds is computed before, for all steps at once."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.affine import BLAS_FROM
from engine.kernels.contract import GEMM, ROWS, Kernel, advance, gemm, kernel, real, view

Pointer = Any


def activate(z: Any, a: Any) -> Any:
    return z


def slope(z: Any, y: Any, a: Any) -> Any:
    return z


@kernel
def recur(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, h, u, a, steps, m: h_t = f(z_t + h_{t-1}·u), h_{-1} = 0."""
    n, steps, m = ctx[ROWS], op[5], op[6]
    z, h = view(act, op[1], (n, steps, m)), view(act, op[2], (n, steps, m))
    u = view(par, op[3], (m, m))
    a = par[op[4]]
    for t in range(steps):
        for i in range(n):
            row, zi = h[i, t], z[i, t]
            for j in range(m):
                row[j] = zi[j]
        if t > 0 and n * m * m >= BLAS_FROM:
            before, now = advance(act, op[2] + (t - 1) * m), advance(act, op[2] + t * m)
            gemm(ctx[GEMM], 0, 0, n, m, m, real(1), before, steps * m, advance(par, op[3]), m, real(1), now, steps * m)
        elif t > 0:
            for i in range(n):
                row, last = h[i, t], h[i, t - 1]
                for p in range(m):
                    hp, up = last[p], u[p]
                    for j in range(m):
                        row[j] += hp * up[j]
        for i in range(n):
            row = h[i, t]
            for j in range(m):
                row[j] = activate(row[j], a)


@kernel
def recur_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, h, u, a, steps, m, dz, dh, du: dz_t = (dh_t + dz_{t+1}·uᵀ)·f'(h_t), du = Σ_t h_{t-1}ᵀ·dz_t."""
    n, steps, m = ctx[ROWS], op[5], op[6]
    h = view(act, op[2], (n, steps, m))
    u, du = view(par, op[3], (m, m)), view(par, op[9], (m, m))
    dz, dh = view(act, op[7], (n, steps, m)), view(act, op[8], (n, steps, m))
    a = par[op[4]]
    blas = n * m * m >= BLAS_FROM
    for p in range(m):
        dup = du[p]
        for j in range(m):
            dup[j] = real(0)
    for back in range(steps):
        t = steps - 1 - back
        for i in range(n):
            row, dhi = dz[i, t], dh[i, t]
            for j in range(m):
                row[j] = dhi[j]
        now = advance(act, op[7] + t * m)
        if back > 0 and blas:
            after = advance(act, op[7] + (t + 1) * m)
            gemm(ctx[GEMM], 0, 1, n, m, m, real(1), after, steps * m, advance(par, op[3]), m, real(1), now, steps * m)
        elif back > 0:
            for i in range(n):
                row, after_i = dz[i, t], dz[i, t + 1]
                for p in range(m):
                    up = u[p]
                    total = real(0)
                    for j in range(m):
                        total += after_i[j] * up[j]
                    row[p] += total
        for i in range(n):
            row, hi = dz[i, t], h[i, t]
            for j in range(m):
                row[j] *= slope(hi[j], hi[j], a)
        if t > 0 and blas:
            before = advance(act, op[2] + (t - 1) * m)
            gemm(ctx[GEMM], 1, 0, m, m, n, real(1), before, steps * m, now, steps * m, real(1), advance(par, op[9]), m)
        elif t > 0:
            for i in range(n):
                row, last = dz[i, t], h[i, t - 1]
                for p in range(m):
                    hp, dup = last[p], du[p]
                    for j in range(m):
                        dup[j] += hp * row[j]


@cache
def recur_kernels(activation: str) -> tuple[Kernel, Kernel]:
    """The pair of kernels with an activation inside; it must be one whose slope is told from its output."""
    row = ACTIVATIONS[activation]
    assert row.from_output
    return recur.bind(activation, activate=row.value), recur_backward.bind(activation, slope=row.slope)
