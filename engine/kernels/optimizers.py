"""One fused pass per update over the flat parameters; each row of op: w, dw, size, rate, slots …, constants …."""

from __future__ import annotations

import math
from typing import Any

from engine.kernels.contract import UPDATES, kernel, real, view

Pointer = Any


@kernel
def descend(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate: w -= α·dw."""
    w, dw = view(par, op[1], (op[3],)), view(par, op[2], (op[3],))
    rate = par[op[4]]
    for i in range(op[3]):
        w[i] -= rate * dw[i]
    ctx[UPDATES] += 1


@kernel
def adam(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate, m, v, corrections, β₁, β₂, ε (Kingma and Ba 2015).

    The corrections 1-βᵗ are state, advanced by 1-βᵗ = (1-β) + β·(1-βᵗ⁻¹): no power, no cancellation.
    """
    size = op[3]
    w, dw = view(par, op[1], (size,)), view(par, op[2], (size,))
    m, v = view(par, op[5], (size,)), view(par, op[6], (size,))
    correction = view(par, op[7], (2,))
    b1, b2, eps = par[op[8]], par[op[9]], par[op[10]]
    c1, c2 = real(1) - b1, real(1) - b2
    correction[0] = c1 + b1 * correction[0]
    correction[1] = c2 + b2 * correction[1]
    rate = par[op[4]] / correction[0]
    root = real(1) / math.sqrt(correction[1])
    for i in range(size):
        g = dw[i]
        mi = b1 * m[i] + c1 * g
        vi = b2 * v[i] + c2 * g * g
        m[i] = mi
        v[i] = vi
        w[i] -= rate * mi / (math.sqrt(vi) * root + eps)
    ctx[UPDATES] += 1
