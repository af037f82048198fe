"""Pieces of tensors: copied into and out of larger ones, or averaged."""

from __future__ import annotations

from typing import Any

from engine.kernels.contract import ROWS, kernel, real, view

Pointer = Any


@kernel
def copy_blocks(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, x stride, x start, y, y stride, y start, span, blocks per example, clear.

    Block by block: y[y start : + span] = x[x start : + span]; with ``clear`` the rest of y's block becomes 0.
    """
    blocks, span = ctx[ROWS] * op[8], op[7]
    if op[9] != 0:
        whole = view(act, op[4], (blocks * op[5],))
        for i in range(blocks * op[5]):
            whole[i] = real(0)
    for block in range(blocks):
        x = view(act, op[1] + block * op[2] + op[3], (span,))
        y = view(act, op[4] + block * op[5] + op[6], (span,))
        for i in range(span):
            y[i] = x[i]


@kernel
def average(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, places, m: y = the mean of x over the places of an example."""
    n, places, m = ctx[ROWS], op[3], op[4]
    x, y = view(act, op[1], (n, places, m)), view(act, op[2], (n, m))
    share = real(1) / real(places)
    for i in range(n):
        yi = y[i]
        for j in range(m):
            yi[j] = real(0)
        for p in range(places):
            xp = x[i, p]
            for j in range(m):
                yi[j] += xp[j]
        for j in range(m):
            yi[j] *= share


@kernel
def average_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, places, m, dx, dy: every place gets its share of dy."""
    n, places, m = ctx[ROWS], op[3], op[4]
    dx, dy = view(act, op[5], (n, places, m)), view(act, op[6], (n, m))
    share = real(1) / real(places)
    for i in range(n):
        dyi = dy[i]
        for p in range(places):
            dxp = dx[i, p]
            for j in range(m):
                dxp[j] = dyi[j] * share
