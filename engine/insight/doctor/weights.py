"""What a layer's weights were like at first, and whether its units have come to differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from engine.training.initialisers import Automatic, Constant, Initialiser, Orthogonal, VarianceScaling

if TYPE_CHECKING:
    from engine.program.program import Program

ALIKE: Final = 1e-5  # of the largest weight: units that differ by less are one unit several times
NEAR: Final = 3.0  # times smaller or larger than suits: what five layers make 243 times of
DRAWN: Final = 128  # rows, and columns where it is drawn anew, of a matrix that are looked at: enough to tell


@dataclass(frozen=True)
class Weights:
    """Of a layer's weight matrices, biases left out.

    Attributes:
        first: spread (root mean square) of the first weights over what suits the layer's width and activation; 1 where
            the initialiser itself looks at them, or there are no weights.
        alike: all units of the layer have the same weights, and there are several.
        largest: |w| at present, of those that are looked at. biases: |b| at first.
    """

    first: float = 1.0
    alike: bool = False
    largest: float = 0.0
    biases: float = 0.0

    @property
    def suited(self) -> bool:
        """The first weights were about as large as suits the layer."""
        return 1 / NEAR <= self.first <= NEAR


def weights_of(program: Program, node: str) -> Weights:
    """Look at the weights of a layer as they are, and as they were drawn."""
    plan = program.plan
    first, alike, largest, biases = 1.0, False, 0.0, 0.0
    for p in plan.lowered.build.records[node].parameters:
        if p.key.endswith("/bias"):
            biases = max(biases, abs(p.initialiser.value) if isinstance(p.initialiser, Constant) else 0.0)
        if not p.decay or len(p.shape) < 2:
            continue
        values = program.view(p.value, p.shape)[:DRAWN]
        size = float(np.abs(values).max(initial=0.0))
        largest = max(largest, size)
        ratio = _first(p.initialiser, p.fan_in, p.fan_out, getattr(program.document.node(node).layer, "activation", ""))
        first = ratio if abs(np.log(max(ratio, 1e-30))) > abs(np.log(max(first, 1e-30))) else first
        if p.key.endswith("/weight") and p.shape[-1] > 1:
            alike = float(np.ptp(values, axis=-1).max()) <= ALIKE * size
    return Weights(first, alike, largest, biases)


@lru_cache(maxsize=256)
def _first(initialiser: Initialiser, fan_in: int, fan_out: int, activation: str) -> float:
    """Spread of the first weights over √(2/fan_in) for ReLU and its kin (He et al. 2015), √(1/fan_in) for the rest."""
    if isinstance(initialiser, VarianceScaling | Automatic):
        return 1.0
    if isinstance(initialiser, Orthogonal):
        return initialiser.gain
    shape = (min(fan_in, DRAWN), min(fan_out, DRAWN))
    values = initialiser.draw(np.random.default_rng(0), shape, fan_in, fan_out)
    suited = sqrt((2 if activation in ("relu", "leaky_relu", "elu", "gelu", "silu", "mish") else 1) / max(fan_in, 1))
    return float(np.sqrt(np.mean(values**2))) / suited
