"""The way of a network's weights through training, thinned to what memory allows, and its principal directions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.program.program import Program

Array = NDArray[Any]
MOST = 256  # moments of a path
BUDGET = 16 << 20  # bytes of a path
FEWEST = 4


class Path:
    """Weights at moments of a run. One writer, any readers: what was appended never changes.

    Attributes:
        ground: what makes the loss of its weights: layers, wires, data and the kind of loss. Only paths with the same
            one lie on one surface; another activation makes another surface of the same weights.
    """

    def __init__(self) -> None:
        self.ground: tuple[object, ...] = ()
        self._most, self._every, self._seen = MOST, 1, 0
        self._moments: tuple[tuple[int, Array], ...] = ()
        self._last: tuple[int, Array] | None = None

    def begin(self, program: Program) -> None:
        """The first weights."""
        plan, document = program.plan, program.document
        layers = tuple((node.id, node.layer) for node in document.nodes)
        self.ground = layers, document.wires, document.data, document.split, document.training.loss
        self._most = max(FEWEST, min(MOST, BUDGET // max(4 * plan.parameters_size, 1)))
        self._moments, self._every, self._seen, self._last = (), 1, 0, None
        self.append(program, 0)

    def append(self, program: Program, epoch: int) -> None:
        """Take note of the present weights; of too many moments every second is kept, and the last always."""
        now = epoch, weights_of(program)
        if self._seen % self._every == 0:
            if len(self._moments) == self._most:
                self._moments, self._every = self._moments[::2], 2 * self._every
            if self._seen % self._every == 0:
                self._moments = (*self._moments, now)
        self._seen += 1
        self._last = now

    def read(self) -> tuple[Array, Array]:
        """(moments,) epochs and (moments, P) weights, the newest last."""
        moments, last = self._moments, self._last
        if last is not None and (not moments or moments[-1][0] != last[0]):
            moments = (*moments, last)
        if not moments:
            return np.empty(0, np.int64), np.empty((0, 0))
        return np.array([epoch for epoch, _ in moments]), np.stack([weights for _, weights in moments])


def weights_of(program: Program) -> Array:
    """(P,) all parameters, one behind the other, copied."""
    return program.par[: program.plan.parameters_size].copy()


def principal_directions(away: Array) -> tuple[Array, Array]:
    """The two orthonormal directions along which a path reaches furthest from its end (Li et al. 2018, section 7).

    Args:
        away: (moments, P) weights less those at the centre.

    Returns:
        (2, P) directions, and (2,) the share of the squared distances that lies along each. A path on a straight line
        has no second direction: it is zero then.
    """
    away = np.asarray(away, np.float64)
    gram = away @ away.T  # (moments, moments): there are fewer moments than weights
    values, vectors = np.linalg.eigh(gram)
    total = max(float(values.sum()), np.finfo(np.float64).tiny)
    directions = np.zeros((2, away.shape[1]))
    shares = np.zeros(2)
    for place in range(min(2, len(values))):
        value = float(values[-1 - place])
        if value > 1e-12 * total:
            directions[place] = away.T @ vectors[:, -1 - place] / np.sqrt(value)  # (P,)
            shares[place] = value / total
    return directions, shares


def finite(paths: Mapping[int, Path]) -> dict[int, Array]:
    """{key: (moments, P)} the weights along those paths that stay finite; copies all, which takes its time."""
    read = {key: path.read()[1] for key, path in paths.items()}
    return {key: weights for key, weights in read.items() if len(weights) and np.isfinite(weights).all()}
