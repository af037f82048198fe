"""Statistics of every layer: the gradient and the update of one real batch, the outputs over the training set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.insight.checkup import Outputs, checkup
from engine.kernels.contract import EPOCH, STEP

if TYPE_CHECKING:
    from engine.program.program import Program

Array = NDArray[Any]
CHECKUP_SHARE: Final = 0.002  # of the time that looking at the whole training set may cost
PROMPT: Final = 0.05  # s that it may cost where somebody waits for the last batch


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
    """A layer's gradient over all its parameters, and its outputs over the training set.

    Attributes:
        norm, mean, largest, update_ratio: as of a tensor, over all of the layer's parameters; NaN without any.
        dead, saturated, output_mean, output_spread: see `engine.insight.checkup.Outputs`.
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

    @property
    def learns(self) -> bool:
        """It has parameters."""
        return self.norm == self.norm


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


def observe(program: Program, outputs: Callable[[Program], Mapping[str, Outputs]] = checkup) -> TensorStats | None:
    """Train one batch and look at it; None where the loop would not begin one.

    Args:
        outputs: tells what the layers give over the training set, after that batch.
    """
    plan, par = program.plan, program.par
    size = plan.parameters_size
    before = par[:size].copy()
    if not program.run(1):
        return None
    seen = outputs(program)
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
        given = seen[node]
        layers.append(LayerStat(node, *whole, given.dead, given.saturated, given.mean, given.spread))
    return TensorStats(int(program.ctx[STEP]), int(program.ctx[EPOCH]), tuple(tensors), tuple(layers))


class Lookout:
    """Looks at single batches of a run, and at the whole training set as often as that is cheap."""

    def __init__(self) -> None:
        self._outputs: Mapping[str, Outputs] = {}
        self._of: Program | None = None
        self._due = self._cost = 0.0  # when the training set is looked at again, and how long that takes

    def look(self, program: Program, last: bool = False) -> TensorStats | None:
        """As `observe`; after the ``last`` batch for now nothing shall be older than that, unless it takes long."""
        return observe(program, lambda program: self._given(program, last))

    def _given(self, program: Program, last: bool) -> Mapping[str, Outputs]:
        now = perf_counter()
        if program is not self._of or now >= self._due or (last and self._cost <= PROMPT):
            self._outputs, self._of = checkup(program), program
            done = perf_counter()
            self._cost = done - now
            self._due = done + self._cost / CHECKUP_SHARE
        return self._outputs

    def forget(self) -> None:
        """The weights are others: the training set is to be looked at anew."""
        self._of = None
