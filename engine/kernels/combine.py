"""Operations on two inputs, and the sums of gradients where a tensor has several readers."""

from __future__ import annotations

from typing import Any

from engine.kernels.contract import ROWS, kernel, view

Pointer = Any


@kernel
def add_gradients(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: dx, a, b, size: dx = a + b; dx may be a."""
    count = ctx[ROWS] * op[4]
    dx, a, b = view(act, op[1], (count,)), view(act, op[2], (count,)), view(act, op[3], (count,))
    for i in range(count):
        dx[i] = a[i] + b[i]


@kernel
def add(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: a, b, y, size: y = a + b."""
    count = ctx[ROWS] * op[4]
    a, b, y = view(act, op[1], (count,)), view(act, op[2], (count,)), view(act, op[3], (count,))
    for i in range(count):
        y[i] = a[i] + b[i]


@kernel
def add_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: a, b, y, size, da or -1, db or -1, dy: da = dy, db = dy; copies, for each may be overwritten later."""
    count = ctx[ROWS] * op[4]
    dy = view(act, op[7], (count,))
    if op[5] >= 0:
        da = view(act, op[5], (count,))
        for i in range(count):
            da[i] = dy[i]
    if op[6] >= 0:
        db = view(act, op[6], (count,))
        for i in range(count):
            db[i] = dy[i]


@kernel
def multiply(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: a, b, y, size: y = a·b, element by element."""
    count = ctx[ROWS] * op[4]
    a, b, y = view(act, op[1], (count,)), view(act, op[2], (count,)), view(act, op[3], (count,))
    for i in range(count):
        y[i] = a[i] * b[i]


@kernel
def multiply_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: a, b, y, size, da or -1, db or -1, dy: da = dy·b, db = dy·a."""
    count = ctx[ROWS] * op[4]
    a, b, dy = view(act, op[1], (count,)), view(act, op[2], (count,)), view(act, op[7], (count,))
    if op[5] >= 0:
        da = view(act, op[5], (count,))
        for i in range(count):
            da[i] = dy[i] * b[i]
    if op[6] >= 0:
        db = view(act, op[6], (count,))
        for i in range(count):
            db[i] = dy[i] * a[i]
