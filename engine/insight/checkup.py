"""What every layer gives over the whole training set: dead and saturated units, mean and spread of the outputs."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.insight.judging import sample, work_of
from engine.kernels.activations import ACTIVATIONS

if TYPE_CHECKING:
    from engine.program.program import Program

Array = NDArray[Any]

MOST_ROWS: Final = 4000  # a larger training set is judged by this many rows, evenly over it
FEWEST_ROWS: Final = 200
WORK: Final = 40_000_000  # multiply-adds of one pass: some milliseconds, for which Pause may have to wait
REALS: Final = 2_000_000  # outputs of all layers that one pass looks at
BLOCK: Final = 512  # rows at once: what they give stays in the cache

# Outputs beyond which little of the gradient passes: f' < 6 % of its largest for tanh, 3/25 of it for sigmoid.
SATURATED: Final = {"tanh": (-0.97, 0.97), "sigmoid": (0.03, 0.97), "hard_sigmoid": (0.0, 1.0), "softsign": (-0.8, 0.8)}


@dataclass(frozen=True)
class Outputs:
    """What a layer gives over the training rows, as for an answer: nothing is dropped, norms use what they gathered.

    Attributes:
        dead: share of units that give zero for every row. saturated: share of outputs where the slope has gone; both
            0 where there is no activation, and for the last layer, whose answer may well be zero or sure.
        mean, spread: mean and standard deviation of the outputs over rows and units.
    """

    dead: float
    saturated: float
    mean: float
    spread: float


def rows_of(program: Program) -> Array:
    """The training rows that a checkup looks at: all of them, or as many as can be afforded, always the same."""
    reals = sum(record.output.spec.size for record in program.plan.lowered.build.records.values())
    affordable = max(min(WORK // work_of(program), REALS // max(reals, 1)), FEWEST_ROWS)
    return sample(program.prepared.train, int(min(MOST_ROWS, affordable)))


def checkup(program: Program) -> dict[str, Outputs]:
    """{node: what it gives}, for the weights as they are; trains nothing and changes nothing.

    Raises:
        DataError: there are no rows.
    """
    program.prepared.require_rows()
    nodes = list(program.plan.lowered.build.records)
    tallies = {node: _Tally(program, node) for node in nodes}
    rows = rows_of(program)
    for first in range(0, len(rows), BLOCK):
        given = program.layer_outputs(program.x[rows[first : first + BLOCK]], nodes)
        for node, tally in tallies.items():
            tally.take(given[node])
    return {node: tally.outputs() for node, tally in tallies.items()}


class _Tally:
    """Sums over blocks of rows."""

    def __init__(self, program: Program, node: str) -> None:
        activation = getattr(program.document.node(node).layer, "activation", "")
        judged = activation in ACTIVATIONS and node != program.plan.lowered.output_node
        self._limits = SATURATED.get(activation) if judged else None
        self._alive: Array | None = None
        self._judged = judged
        self._count, self._flat, self._sum, self._squares = 0, 0, 0.0, 0.0

    def take(self, given: Array) -> None:
        y = given.reshape(-1, given.shape[-1])  # rows·places, units
        self._count += y.size
        exact = y.ravel().astype(np.float64)
        self._sum += float(exact.sum())
        self._squares += float(exact @ exact)
        if self._judged:
            alive = (y != 0).any(axis=0)
            self._alive = alive if self._alive is None else self._alive | alive
        if self._limits is not None:
            low, high = self._limits
            self._flat += int(np.count_nonzero((y <= low) | (y >= high)))

    def outputs(self) -> Outputs:
        mean = self._sum / self._count
        variance = max(self._squares / self._count - mean * mean, 0.0)
        dead = 0.0 if self._alive is None else float(np.mean(~self._alive))
        return Outputs(dead, self._flat / self._count, mean, sqrt(variance))
