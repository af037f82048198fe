"""Batch and layer normalisation over the last axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.contract import ROWS, TRAINING, kernel, real, view

Pointer = Any


@kernel
def batch_norm(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, γ, β, running mean, running variance, ε, momentum, mean, 1/σ, groups, m.

    y = γ·(x - mean)/σ + β (Ioffe and Szegedy 2015). Training takes mean and variance (divided by n) of the batch, and
    moves the running ones towards them; inference takes the running ones.
    """
    n, m = ctx[ROWS] * op[11], op[12]
    x, y = view(act, op[1], (n, m)), view(act, op[2], (n, m))  # n, m
    gamma, beta = view(par, op[3], (m,)), view(par, op[4], (m,))  # m
    running_mean, running_variance = view(par, op[5], (m,)), view(par, op[6], (m,))  # m
    epsilon, momentum = par[op[7]], par[op[8]]
    mean, inverse = view(act, op[9], (m,)), view(act, op[10], (m,))  # m
    if ctx[TRAINING] != 0:
        share = real(1) / real(n)
        for j in range(m):
            mean[j] = real(0)
            inverse[j] = real(0)
        for i in range(n):
            xi = x[i]
            for j in range(m):
                mean[j] += xi[j]
        for j in range(m):
            mean[j] *= share
        for i in range(n):
            xi = x[i]
            for j in range(m):
                d = xi[j] - mean[j]
                inverse[j] += d * d
        for j in range(m):
            variance = inverse[j] * share
            running_mean[j] = momentum * running_mean[j] + (real(1) - momentum) * mean[j]
            running_variance[j] = momentum * running_variance[j] + (real(1) - momentum) * variance
            inverse[j] = real(1) / np.sqrt(variance + epsilon)
    else:
        for j in range(m):
            mean[j] = running_mean[j]
            inverse[j] = real(1) / np.sqrt(running_variance[j] + epsilon)
    for i in range(n):
        xi, yi = x[i], y[i]
        for j in range(m):
            yi[j] = gamma[j] * (xi[j] - mean[j]) * inverse[j] + beta[j]


@kernel
def batch_norm_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: as forward, then dx or -1, dy, dγ, dβ.

    dx = γ/σ·(dy - mean(dy) - x̂·mean(dy·x̂)): mean and variance depend on x too. In inference they do not.
    """
    n, m = ctx[ROWS] * op[11], op[12]
    x, dy = view(act, op[1], (n, m)), view(act, op[14], (n, m))  # n, m
    gamma = view(par, op[3], (m,))  # m
    mean, inverse = view(act, op[9], (m,)), view(act, op[10], (m,))  # m
    dgamma, dbeta = view(par, op[15], (m,)), view(par, op[16], (m,))  # m
    for j in range(m):
        dgamma[j] = real(0)
        dbeta[j] = real(0)
    for i in range(n):
        xi, dyi = x[i], dy[i]
        for j in range(m):
            dgamma[j] += dyi[j] * (xi[j] - mean[j]) * inverse[j]
            dbeta[j] += dyi[j]
    if op[13] >= 0:
        dx = view(act, op[13], (n, m))  # n, m
        share = real(1) / real(n) if ctx[TRAINING] != 0 else real(0)
        for i in range(n):
            xi, dxi, dyi = x[i], dx[i], dy[i]
            for j in range(m):
                normal = (xi[j] - mean[j]) * inverse[j]
                dxi[j] = gamma[j] * inverse[j] * (dyi[j] - share * (dbeta[j] + normal * dgamma[j]))


@kernel
def layer_norm(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: x, y, γ, β, ε, mean, 1/σ, groups, m: y = γ·(x - mean)/σ + β over the last axis (Ba et al. 2016)."""
    n, m = ctx[ROWS] * op[8], op[9]
    x, y = view(act, op[1], (n, m)), view(act, op[2], (n, m))  # n, m
    gamma, beta = view(par, op[3], (m,)), view(par, op[4], (m,))  # m
    epsilon = par[op[5]]
    means, inverses = view(act, op[6], (n,)), view(act, op[7], (n,))  # n
    share = real(1) / real(m)
    for i in range(n):
        xi, yi = x[i], y[i]
        total = real(0)
        for j in range(m):
            total += xi[j]
        mean = total * share
        squares = real(0)
        for j in range(m):
            squares += (xi[j] - mean) * (xi[j] - mean)
        inverse = real(1) / np.sqrt(squares * share + epsilon)
        for j in range(m):
            yi[j] = gamma[j] * (xi[j] - mean) * inverse + beta[j]
        means[i] = mean
        inverses[i] = inverse


@kernel
def layer_norm_backward(op: Pointer, ctx: Pointer, par: Pointer, act: Pointer) -> None:
    """op: as forward, then dx or -1, dy, dγ, dβ: dx = 1/σ·(γdy - mean(γdy) - x̂·mean(γdy·x̂))."""
    n, m = ctx[ROWS] * op[8], op[9]
    x, dy = view(act, op[1], (n, m)), view(act, op[11], (n, m))  # n, m
    gamma = view(par, op[3], (m,))  # m
    means, inverses = view(act, op[6], (n,)), view(act, op[7], (n,))  # n
    dgamma, dbeta = view(par, op[12], (m,)), view(par, op[13], (m,))  # m
    share = real(1) / real(m)
    for j in range(m):
        dgamma[j] = real(0)
        dbeta[j] = real(0)
    for i in range(n):
        xi, dyi = x[i], dy[i]
        mean, inverse = means[i], inverses[i]
        for j in range(m):
            dgamma[j] += dyi[j] * (xi[j] - mean) * inverse
            dbeta[j] += dyi[j]
        if op[10] >= 0:
            dxi = view(act, op[10] + i * m, (m,))
            level, lean = real(0), real(0)
            for j in range(m):
                d = dyi[j] * gamma[j]
                level += d
                lean += d * (xi[j] - mean)
            level *= share
            lean *= share * inverse
            for j in range(m):
                dxi[j] = inverse * (dyi[j] * gamma[j] - level - (xi[j] - mean) * inverse * lean)
