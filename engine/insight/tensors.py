"""Gradient and activation statistics of one real training batch, per tensor and per layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.contract import EPOCH, ROWS, STEP

if TYPE_CHECKING:
    from engine.program.program import Program

Array = NDArray[Any]
SATURATED = {"tanh": (-0.97, 0.97), "sigmoid": (0.03, 0.97)}  # outputs beyond which the slope is below 6 % and 3 %


@dataclass(frozen=True)
class TensorStat:
    """One parameter tensor's gradient, and what the update made of it.

    Attributes:
        norm: L2 norm of the gradient. mean, largest: of its absolute values.
        update_ratio: norm of the update over norm of the weights; NaN for weights that are all zero.
    """

    key: str
    norm: float
    mean: float
    largest: float
    update_ratio: float


@dataclass(frozen=True)
class LayerStat:
    """A layer's gradient over all its parameters, and its output in this batch.

    Attributes:
        norm, mean, largest, update_ratio: as of a tensor, over all of the layer's parameters; NaN without any.
        dead: share of units that gave zero for every example. saturated: share of outputs where the slope has gone.
        output_mean, output_spread: mean and standard deviation of the outputs.
    """

    node: str
    norm: float
    mean: float
    largest: float
    update_ratio: float
    dead: float
    saturated: float
    output_mean: float
    output_spread: float


@dataclass(frozen=True)
class TensorStats:
    """Statistics of the batch that made step ``step``; layers in forward order."""

    step: int
    epoch: int
    tensors: tuple[TensorStat, ...]
    layers: tuple[LayerStat, ...]


def _gradient(gradient: Array, before: Array, after: Array) -> tuple[float, float, float, float]:
    size = np.abs(gradient)
    weights = float(np.linalg.norm(before))
    ratio = float(np.linalg.norm(after - before)) / weights if weights > 0 else float("nan")
    return float(np.linalg.norm(gradient)), float(size.mean()), float(size.max()), ratio


def observe(program: Program) -> TensorStats | None:
    """Train one batch and look at it; None where the loop would not begin one."""
    plan, par = program.plan, program.par
    size = plan.parameters_size
    before = par[:size].copy()
    if not program.run(1):
        return None
    rows = int(program.ctx[ROWS])
    tensors, layers = [], []
    for node, record in plan.lowered.build.records.items():
        spans = [slice(plan.places[p.value], plan.places[p.value] + p.size) for p in record.parameters]
        for p, span in zip(record.parameters, spans, strict=True):
            tensors.append(TensorStat(p.key, *_gradient(par[size:][span], before[span], par[span])))
        whole = (
            _gradient(*(np.concatenate([values[span] for span in spans]) for values in (par[size:], before, par)))
            if spans
            else (float("nan"),) * 4
        )
        layers.append(LayerStat(node, *whole, *_outputs(program, node, rows)))
    return TensorStats(int(program.ctx[STEP]), int(program.ctx[EPOCH]), tuple(tensors), tuple(layers))


def _outputs(program: Program, node: str, rows: int) -> tuple[float, float, float, float]:
    plan = program.plan
    output = plan.lowered.build.records[node].output
    at = plan.places[output.value]
    y = program.act[at : at + rows * output.spec.size].reshape(-1, output.spec.shape[-1])  # rows·places, units
    activation = getattr(program.document.node(node).layer, "activation", "")
    dead = saturated = 0.0
    if activation in ACTIVATIONS and node != plan.lowered.output_node:
        dead = float((~y.any(axis=0)).mean())
        if activation in SATURATED:
            low, high = SATURATED[activation]
            saturated = float(((y < low) | (y > high)).mean())
    return dead, saturated, float(y.mean()), float(y.std())
