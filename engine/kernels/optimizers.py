"""One fused pass per update over the flat parameters; each row of op: w, dw, size, rate, slots …, scalars, constants.

``scalars`` (numbers that the optimizer keeps) and ``constants`` each lie together; a row has only those that it needs.
"""

from __future__ import annotations

import math
from typing import Any

from engine.kernels.contract import kernel, real, view

Pointer = Any


@kernel
def descend(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate: w -= α·dw."""
    w, dw = view(par, op[1], (op[3],)), view(par, op[2], (op[3],))
    rate = par[op[4]]
    for i in range(op[3]):
        w[i] -= rate * dw[i]


@kernel
def momentum(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate, v, β: v = β·v + dw; w -= α·v (Polyak 1964)."""
    size = op[3]
    w, dw, v = view(par, op[1], (size,)), view(par, op[2], (size,)), view(par, op[5], (size,))
    rate, beta = par[op[4]], par[op[6]]
    for i in range(size):
        vi = beta * v[i] + dw[i]
        v[i] = vi
        w[i] -= rate * vi


@kernel
def nesterov(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate, v, β: v = β·v + dw; w -= α·(dw + β·v) (Nesterov 1983 as in Sutskever et al. 2013)."""
    size = op[3]
    w, dw, v = view(par, op[1], (size,)), view(par, op[2], (size,)), view(par, op[5], (size,))
    rate, beta = par[op[4]], par[op[6]]
    for i in range(size):
        vi = beta * v[i] + dw[i]
        v[i] = vi
        w[i] -= rate * (dw[i] + beta * vi)


@kernel
def rmsprop(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate, s, (ρ, ε): s = ρ·s + (1-ρ)·dw²; w -= α·dw/(√s + ε) (Tieleman and Hinton 2012)."""
    size = op[3]
    w, dw, s = view(par, op[1], (size,)), view(par, op[2], (size,)), view(par, op[5], (size,))
    rate, rho, eps = par[op[4]], par[op[6]], par[op[6] + 1]
    rest = real(1) - rho
    for i in range(size):
        g = dw[i]
        si = rho * s[i] + rest * g * g
        s[i] = si
        w[i] -= rate * g / (math.sqrt(si) + eps)


@kernel
def adagrad(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate, s, ε: s += dw²; w -= α·dw/(√s + ε) (Duchi, Hazan and Singer 2011)."""
    size = op[3]
    w, dw, s = view(par, op[1], (size,)), view(par, op[2], (size,)), view(par, op[5], (size,))
    rate, eps = par[op[4]], par[op[6]]
    for i in range(size):
        g = dw[i]
        si = s[i] + g * g
        s[i] = si
        w[i] -= rate * g / (math.sqrt(si) + eps)


@kernel
def adadelta(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate, s, u, (ρ, ε) (Zeiler 2012).

    s = ρ·s + (1-ρ)·dw²; d = √(u + ε)/√(s + ε)·dw; u = ρ·u + (1-ρ)·d²; w -= α·d.
    """
    size = op[3]
    w, dw = view(par, op[1], (size,)), view(par, op[2], (size,))
    s, u = view(par, op[5], (size,)), view(par, op[6], (size,))
    rate, rho, eps = par[op[4]], par[op[7]], par[op[7] + 1]
    rest = real(1) - rho
    for i in range(size):
        g, ui = dw[i], u[i]
        si = rho * s[i] + rest * g * g
        d = math.sqrt((ui + eps) / (si + eps)) * g
        s[i] = si
        u[i] = rho * ui + rest * d * d
        w[i] -= rate * d


@kernel
def adam(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate, m, v, corrections, (β₁, β₂, ε) (Kingma and Ba 2015).

    m = β₁·m + (1-β₁)·dw; v = β₂·v + (1-β₂)·dw²; w -= α·m̂/(√v̂ + ε) with m̂ = m/(1-β₁ᵗ), v̂ = v/(1-β₂ᵗ).
    The corrections 1-βᵗ are state, advanced by 1-βᵗ = (1-β) + β·(1-βᵗ⁻¹): no power, no cancellation.
    """
    size = op[3]
    w, dw = view(par, op[1], (size,)), view(par, op[2], (size,))
    m, v = view(par, op[5], (size,)), view(par, op[6], (size,))
    correction = view(par, op[7], (2,))
    b1, b2, eps = par[op[8]], par[op[8] + 1], par[op[8] + 2]
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


@kernel
def nadam(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: w, dw, size, rate, m, v, corrections, (β₁, β₂, ε) (Dozat 2016, with a constant β₁).

    As Adam with m̂ = β₁·m/(1-β₁ᵗ⁺¹) + (1-β₁)·dw/(1-β₁ᵗ): the next step's momentum is applied already.
    """
    size = op[3]
    w, dw = view(par, op[1], (size,)), view(par, op[2], (size,))
    m, v = view(par, op[5], (size,)), view(par, op[6], (size,))
    correction = view(par, op[7], (2,))
    b1, b2, eps = par[op[8]], par[op[8] + 1], par[op[8] + 2]
    c1, c2 = real(1) - b1, real(1) - b2
    correction[0] = c1 + b1 * correction[0]
    correction[1] = c2 + b2 * correction[1]
    ahead = par[op[4]] * b1 / (c1 + b1 * correction[0])
    now = par[op[4]] * c1 / correction[0]
    root = real(1) / math.sqrt(correction[1])
    for i in range(size):
        g = dw[i]
        mi = b1 * m[i] + c1 * g
        vi = b2 * v[i] + c2 * g * g
        m[i] = mi
        v[i] = vi
        w[i] -= (ahead * mi + now * g) / (math.sqrt(vi) * root + eps)
