"""Operations on every element by itself."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.contract import ROWS, Kernel, kernel, view

Pointer = Any


def activate(z: Any, a: Any) -> Any:
    return z


def slope(z: Any, y: Any, a: Any) -> Any:
    return z


@kernel
def map_forward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, a, size: y = f(x)."""
    count = ctx[ROWS] * op[4]
    x, y = view(act, op[1], (count,)), view(act, op[2], (count,))
    a = par[op[3]]
    for i in range(count):
        y[i] = activate(x[i], a)


@kernel
def map_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, a, size, dx, dy: dx = dy·f'(x)."""
    count = ctx[ROWS] * op[4]
    x, y = view(act, op[1], (count,)), view(act, op[2], (count,))
    dx, dy = view(act, op[5], (count,)), view(act, op[6], (count,))
    a = par[op[3]]
    for i in range(count):
        dx[i] = dy[i] * slope(x[i], y[i], a)


@cache
def map_kernels(activation: str) -> tuple[Kernel, Kernel]:
    row = ACTIVATIONS[activation]
    return map_forward.bind(activation, activate=row.value), map_backward.bind(activation, slope=row.slope)
