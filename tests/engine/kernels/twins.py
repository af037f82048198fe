"""Every kernel once more: slow, in float64, as its formula reads."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

# -- activations: y = f(z, a)

SCALE, ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _selu(z: Array) -> Array:
    return SCALE * np.where(z > 0, z, ALPHA * np.expm1(np.minimum(z, 0)))


ACTIVATIONS: dict[str, Callable[[Array, float], Array]] = {
    "linear": lambda z, a: z,
    "relu": lambda z, a: np.where(z < 0, 0.0, z),
    "leaky_relu": lambda z, a: np.where(z > 0, z, a * z),
    "elu": lambda z, a: np.where(z > 0, z, a * np.expm1(np.minimum(z, 0))),
    "selu": lambda z, a: _selu(z),
    "gelu": lambda z, a: z * special.ndtr(z),
    "silu": lambda z, a: z * special.expit(z),
    "mish": lambda z, a: z * np.tanh(np.logaddexp(0, z)),
    "tanh": lambda z, a: np.tanh(z),
    "sigmoid": lambda z, a: special.expit(z),
    "hard_sigmoid": lambda z, a: np.clip(z / 6 + 0.5, 0, 1),
    "softplus": lambda z, a: np.logaddexp(0, z),
    "softsign": lambda z, a: z / (1 + np.abs(z)),
    "sin": lambda z, a: np.sin(z),
    "gaussian": lambda z, a: np.exp(-(z**2)),
    "softmax": lambda z, a: _softmax(z),
}


def softmax_gradient(z: Array, dy: Array) -> Array:
    """By the whole Jacobian of every row: ∂y_i/∂z_j = y_i·(δ_ij - y_j)."""
    y = _softmax(z)
    return np.stack([dyi @ (np.diag(yi) - np.outer(yi, yi)) for yi, dyi in zip(y, dy, strict=True)])


def prelu(x: Array, a: Array) -> Array:
    return np.where(x > 0, x, a * x)


def prelu_gradients(x: Array, a: Array, dy: Array) -> tuple[Array, Array]:
    return np.where(x > 0, dy, a * dy), (dy * np.where(x > 0, 0, x)).sum(axis=0)


# -- products


def affine_gradients(x: Array, w: Array, dz: Array) -> tuple[Array, Array, Array]:
    """dx, dw, db of z = x·w + b."""
    return dz @ w.T, x.T @ dz, dz.sum(axis=0)


def maxout(z: Array) -> Array:
    """(n, pieces, m) to (n, m)."""
    return z.max(axis=1)


def maxout_gradient(z: Array, dy: Array) -> Array:
    dz = np.zeros_like(z)
    for i, j in np.ndindex(*dy.shape):
        dz[i, z[i, :, j].argmax(), j] = dy[i, j]
    return dz


# -- normalisation: x (n, m)


def normalise(x: Array, mean: Any, variance: Any, gamma: Array, beta: Array, epsilon: float) -> Array:
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def batch_norm(x: Array, gamma: Array, beta: Array, epsilon: float) -> Array:
    return normalise(x, x.mean(axis=0), x.var(axis=0), gamma, beta, epsilon)


def layer_norm(x: Array, gamma: Array, beta: Array, epsilon: float) -> Array:
    return normalise(x, x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True), gamma, beta, epsilon)


def differences(f: Callable[[Array], Array], x: Array, dy: Array, h: float = 1e-3) -> Array:
    """The gradient of Σ f(x)·dy by x, from the five-point formula alone."""
    dx = np.zeros_like(x)
    for at in np.ndindex(*x.shape):
        shift = np.zeros_like(x)
        shift[at] = h
        change = 8 * (f(x + shift) - f(x - shift)) - (f(x + 2 * shift) - f(x - 2 * shift))
        dx[at] = (change * dy).sum() / (12 * h)
    return dx


# -- sequences


def embed_gradient(ids: NDArray[np.int64], tokens: int, dy: Array) -> Array:
    dw = np.zeros((tokens, dy.shape[1]))
    np.add.at(dw, ids, dy)
    return dw


def recur(z: Array, u: Array, f: Callable[[Array], Array]) -> Array:
    """z (n, steps, m) to h (n, steps, m)."""
    h = np.zeros_like(z)
    before = np.zeros_like(z[:, 0])
    for t in range(z.shape[1]):
        before = h[:, t] = f(z[:, t] + before @ u)
    return h


# -- randomness, bit by bit in Python's own whole numbers

MASK = (1 << 64) - 1


def mix(key: int) -> int:
    z = (key + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def stream(seed: int, who: int, when: int) -> int:
    return mix(mix(seed ^ ((who << 32) & MASK)) ^ when)


def _bits(key: int, count: int) -> list[int]:
    return [mix((key + index * 0xD1342543DE82EF95) & MASK) for index in range(count)]


def uniform(key: int, count: int) -> Array:
    return np.array([(bits >> 40) / 2**24 for bits in _bits(key, count)])


def normal(key: int, count: int) -> Array:
    pairs = [((bits >> 33) + 0.5, bits & 0x7FFFFFFF) for bits in _bits(key, count)]
    return np.array([math.sqrt(-2 * math.log(u / 2**31)) * math.cos(2 * math.pi * v / 2**31) for u, v in pairs])
