"""The largest of several linear pieces."""

from __future__ import annotations

from typing import Any

from engine.kernels.contract import ROWS, kernel, real, view

Pointer = Any


@kernel
def maxout(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, y, groups, pieces, m: y_j = max over the pieces p of z_pj."""
    n, pieces, m = ctx[ROWS] * op[3], op[4], op[5]
    z, y = view(act, op[1], (n, pieces, m)), view(act, op[2], (n, m))
    for i in range(n):
        yi, first = y[i], z[i, 0]
        for j in range(m):
            yi[j] = first[j]
        for p in range(1, pieces):
            zp = z[i, p]
            for j in range(m):
                yi[j] = max(zp[j], yi[j])


@kernel
def maxout_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: z, y, groups, pieces, m, dz, dy: the first of the largest pieces gets dy, which is used up."""
    n, pieces, m = ctx[ROWS] * op[3], op[4], op[5]
    z, y = view(act, op[1], (n, pieces, m)), view(act, op[2], (n, m))
    dz, dy = view(act, op[6], (n, pieces, m)), view(act, op[7], (n, m))
    for i in range(n):
        yi, left = y[i], dy[i]
        for p in range(pieces):
            zp, dzp = z[i, p], dz[i, p]
            for j in range(m):
                # read before the choice: a read inside it would keep the loop from vectorising
                rest = left[j]
                d = rest if zp[j] == yi[j] else real(0)
                dzp[j] = d
                left[j] = rest - d
