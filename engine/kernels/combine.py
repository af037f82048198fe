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
