"""The loss over a plane through the weights, first coarse, then fine, with the paths that training has taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.compare.directions import CELLS, Kind, Slice, path_slice, random_slice
from engine.compare.path import weights_of
from engine.errors import DesignError
from engine.insight.judging import FEWEST, WORK, work_of
from engine.program.program import Program

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.design.document import Document
    from engine.program.state import State

Array = NDArray[Any]
FINEST = 64  # cells along a side
PATIENCE = 8.0  # s that the finest grid may take: else it stays coarser
TOLD_EVERY = 0.1  # s


@dataclass(frozen=True, eq=False)
class Surface:
    """A loss surface, as far as it is known.

    Attributes:
        slice: where it lies. kind: of its directions.
        values: (n, n) loss, row 0 at b low; NaN where it has not been computed yet, or is not finite.
        centre: the loss of the weights in the middle.
        paths: {key: (moments, 2)} where the runs have passed, projected onto the plane; the newest moment last.
        rows: how many training rows are judged, of ``of``.
        done: the share of the finest grid that is known.
    """

    slice: Slice
    kind: Kind
    values: Array
    centre: float
    paths: Mapping[int, Array]
    rows: int
    of: int
    done: float


@dataclass(frozen=True)
class Whole:
    """A question for all that a surface is made of: design, data and the weights of the moment."""

    def answer(self, program: Program) -> tuple[Document, Prepared, State]:
        return program.document, program.prepared, program.state()


def surface(
    document: Document, prepared: Prepared, state: State, kind: Kind, paths: Mapping[int, Array], seed: int = 0
) -> Iterator[Surface]:
    """The surface through the weights of a state: again and again, each time better.

    The loss is that of the training rows as validation measures it: nothing is dropped, and norms use what they have
    gathered in the middle. Of a large network or set the first rows stand for all.

    Args:
        paths: {key: (moments, P)} of runs with the same parameters.

    Raises:
        DesignError: the runs have not moved yet, so that their path has no direction.
    """
    program = Program(document, prepared, state=state)
    centre = weights_of(program)
    if kind == "path":
        if not any(np.any(path != centre) for path in paths.values()):
            raise DesignError("Surface", "nobody has moved yet, so the paths have no direction", "Train a little first")
        plane = path_slice(centre, list(paths.values()), seed)
    else:
        plane = random_slice(program, centre, seed, list(paths.values()))
    rows = int(min(program.asked.rows, max(WORK // work_of(program), FEWEST)))
    ways = {key: plane.coordinates(path) for key, path in paths.items()}
    middle = program.loss_over(0, rows)
    values = np.full((FINEST + 1, FINEST + 1), np.nan)
    a, b = np.linspace(*plane.span[:2], FINEST + 1), np.linspace(*plane.span[2:], FINEST + 1)
    told, known, total = perf_counter(), 0, (FINEST + 1) ** 2

    def so_far(step: int) -> Surface:
        return Surface(
            plane, kind, values[::step, ::step].copy(), middle, ways, rows, program.asked.rows, known / total
        )

    began, step, before = perf_counter(), FINEST // CELLS, 0
    while True:
        for row in range(0, FINEST + 1, step):
            for column in range(0, FINEST + 1, step):
                if before and row % before == 0 and column % before == 0:
                    continue  # of the coarser grid
                values[row, column] = loss_at(program, plane, float(a[column]), float(b[row]), rows)
                known += 1
                if perf_counter() - told > TOLD_EVERY:
                    told = perf_counter()
                    yield so_far(step)
        each = (perf_counter() - began) / known
        if step == 1 or each * 4 * known > PATIENCE:
            known = total  # as fine as it gets
            yield so_far(step)
            return
        yield so_far(step)
        before, step = step, step // 2


def loss_at(program: Program, plane: Slice, a: float, b: float, rows: int) -> float:
    """The loss at centre + a·first + b·second on the first ``rows`` training rows; NaN where it is not finite."""
    weights = plane.centre + a * plane.directions[0] + b * plane.directions[1]  # (P,)
    program.par[: len(weights)] = weights
    loss = program.loss_over(0, rows)
    return loss if np.isfinite(loss) else float("nan")
