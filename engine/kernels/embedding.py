"""A vector for every token."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.contract import ROWS, kernel, real, view

Pointer = Any


@kernel
def embed(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, w, tokens, m, groups: y = w[x]; an id outside the vocabulary is taken for the nearest inside it."""
    n, tokens, m = ctx[ROWS] * op[6], op[4], op[5]
    x, y = view(act, op[1], (n,)), view(act, op[2], (n, m))
    w = view(par, op[3], (tokens, m))  # tokens, m
    for i in range(n):
        # no id may read outside the table, whatever the data hold
        row, yi = w[min(max(np.int64(x[i]), 0), tokens - 1)], y[i]
        for j in range(m):
            yi[j] = row[j]


@kernel
def embed_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, w, tokens, m, groups, dy, dw: every use of a token adds to its row."""
    n, tokens, m = ctx[ROWS] * op[6], op[4], op[5]
    x, dy = view(act, op[1], (n,)), view(act, op[7], (n, m))
    dw = view(par, op[8], (tokens, m))  # tokens, m
    flat = view(par, op[8], (tokens * m,))
    for i in range(tokens * m):
        flat[i] = real(0)
    for i in range(n):
        row, dyi = dw[min(max(np.int64(x[i]), 0), tokens - 1)], dy[i]
        for j in range(m):
            row[j] += dyi[j]
