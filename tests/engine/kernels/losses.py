"""Slow twins of the losses: one example, in float64, as in the books; and the kernels called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.kernels import losses
from engine.kernels.contract import BATCH_LOSS, COUNT, LOSS_SUM, METER_COUNT, METERS
from tests.engine.kernels.calling import Bench


def squared(z: float, y: float, delta: float) -> float:
    return (z - y) ** 2


def absolute(z: float, y: float, delta: float) -> float:
    return abs(z - y)


def huber(z: float, y: float, delta: float) -> float:
    e = abs(z - y)
    return 0.5 * e * e if e <= delta else delta * (e - 0.5 * delta)


def hinge(z: float, y: float, delta: float) -> float:
    return max(0.0, 1.0 - (2 * y - 1) * z)


def ln_sigmoid(z: float) -> float:
    return float(-np.logaddexp(0.0, -z))


def binary(z: float, y: float, smoothing: float) -> float:
    t = y * (1 - smoothing) + smoothing / 2
    return -(t * ln_sigmoid(z) + (1 - t) * ln_sigmoid(-z))


def categorical(row: Sequence[float], y: int, smoothing: float) -> float:
    ln_answers = np.asarray(row, float) - np.logaddexp.reduce(np.asarray(row, float))
    target = np.full(len(row), smoothing / len(row))
    target[y] += 1 - smoothing
    return float(-(target * ln_answers).sum())


def multiclass_hinge(row: Sequence[float], y: int, smoothing: float) -> float:
    rival = max(value for j, value in enumerate(row) if j != y)
    return max(0.0, 1.0 + rival - row[y])


@dataclass
class Judged:
    loss: float
    sum: float
    count: float
    dz: np.ndarray[Any, Any]


ELEMENTWISE = {
    "mse": (losses.mse, squared, False),
    "mae": (losses.mae, absolute, False),
    "huber": (losses.huber, huber, False),
    "hinge": (losses.hinge, hinge, True),
    "bce": (losses.binary_cross_entropy, binary, True),
}


GROUPED = {
    "cce": (losses.softmax_cross_entropy, categorical),
    "multiclass_hinge": (losses.multiclass_hinge, multiclass_hinge),
}


def judge(
    kernel: Any, z: Any, y: Any, a: float = 0.0, weights: Sequence[float] | None = None, dtype: type = np.float64,
    gradient: bool = True,
) -> Judged:  # fmt: skip
    """Run a loss kernel on z (rows, outputs), or (rows, groups, classes) where y holds (rows, groups) classes."""
    z, y = np.asarray(z, dtype), np.asarray(y, dtype)
    bench = Bench(dtype, len(z))
    meters = np.zeros(METER_COUNT)
    bench.ctx[METERS] = meters.ctypes.data
    at, into, target = bench.act(z), bench.room(*z.shape) if gradient else -1, bench.act(y)
    if z.ndim == 3:
        own = bench.par(weights) if weights is not None else -1
        bench.call(kernel, at, into, target, z.shape[1], z.shape[2], bench.par([a]), own, bench.room(*z.shape))
    else:
        constants = bench.par([a, *(weights if weights is not None else (1.0, 1.0))])
        bench.call(kernel, at, into, target, z.shape[1], constants)
    dz = bench[into] if gradient else np.empty(0)
    return Judged(meters[BATCH_LOSS], meters[LOSS_SUM], meters[COUNT], dz)
