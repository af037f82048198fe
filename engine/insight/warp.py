"""The space as a layer sees it: the plane of the inputs bent by the network up to there, and the data in it."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.insight.borders import bent_borders, parting_of, straight_borders
from engine.insight.judging import SHOWN, WORK, flat, outputs_of, sample, targets, work_of
from engine.insight.pictures import Points
from engine.insight.places import Span, coordinates_of, limits_of, span_of
from engine.insight.principal import Plane, principal_plane, share_of

if TYPE_CHECKING:
    from engine.program.program import Program

Array = NDArray[Any]
Way = Literal["units", "pca"]

FEWEST: Final = 100  # rows, however large the network
NUMBERS: Final = 2_000_000  # in the outputs of the layer
WIDE: Final = 4.0  # how many times as far as the data an axis may reach for the grid's sake
NO_LINES: Final = np.empty((0, 2, 2))


@dataclass(frozen=True, eq=False)
class WarpPicture:
    """What a layer makes of the inputs, in the plane of two of its numbers.

    Attributes:
        node: the layer; "" where no layer has two units. nodes: the layers that can be shown, in forward order.
        units: how many numbers it gives for each example.
        way: its first two units, or the plane in which its outputs spread most. plane: that plane.
        share: of the variance of all its units that is seen, 0 to 1; NaN where they do not vary.
        inputs: the names of the coordinates that the grid is made of; () where the data have more than two.
        grid: for each coordinate (lines, places, 2), lines along which that one alone changes.
        borders: (k, 2, 2) pieces of the line on which the network's answer changes from one class to another.
            straight: they are those of the output layer, which parts this very plane with straight lines.
        span: (left, right, bottom, top) that holds all but the borders.
        train, validation: ``x`` are (n, 2) places in the plane.
        target, classes: as in every picture. limits: the values at which the colours end.
        seconds: what the answer cost.
    """

    node: str
    nodes: tuple[str, ...]
    units: int
    way: Way
    plane: Plane | None
    share: float
    inputs: tuple[str, ...]
    grid: tuple[Array, ...]
    borders: Array
    straight: bool
    span: Span
    train: Points
    validation: Points
    target: str
    classes: tuple[str, ...]
    limits: tuple[float, float]
    seconds: float


@dataclass(frozen=True, eq=False)
class Warp:
    """The data, and for one or two inputs their grid, where a layer of two or more units puts them.

    Attributes:
        prefer: ids of layers; the first that can be shown is. None of them: the last one before the output.
        way: how two numbers are made of its units; None: the units where there are two, else PCA.
        resolution: cells of the grid in each direction.
        aspect: width over height of where it will be shown.
        before: the picture before: where it was of the same layer, its plane is left only in small steps.
    """

    prefer: tuple[str, ...] = ()
    way: Way | None = None
    resolution: int = 16
    aspect: float = 1.0
    before: WarpPicture | None = None

    def answer(self, program: Program) -> WarpPicture:
        began = perf_counter()
        nodes = suitable(program)
        if not nodes:
            return _nothing(program, began)
        node, prepared = self._choose(program, nodes), program.prepared
        steps = _steps(program, node)
        size = program.plan.lowered.build.records[node].output.spec.size
        budget = max(int(min(WORK / work_of(program), NUMBERS / size)), FEWEST)
        rows = [sample(part, max(min(SHOWN, budget) // steps, 1)) for part in (prepared.train, prepared.validation)]
        coordinates = coordinates_of(program, np.concatenate(rows))
        lines = coordinates.lines(self.resolution, budget) if coordinates else ()
        values = [
            outputs.reshape(len(outputs) * steps, size // steps)
            for outputs in outputs_of(program, node, [*(prepared.x[part] for part in rows), *map(flat, lines)])
        ]
        way: Way = self.way or ("units" if size == 2 * steps else "pca")
        before = self.before.plane if self.before is not None and self.before.node == node else None
        plane = principal_plane(values[0], before) if way == "pca" else None

        def place(outputs: Array) -> Array:
            return plane.place(outputs) if plane else outputs[:, :2].astype(np.float64)

        train, validation, *bent = map(place, values)
        span = _span(np.concatenate([train, validation]), bent, self.aspect)
        parted = parting_of(program, node)
        if parted is not None:
            borders = straight_borders(*parted, plane, span)
        elif coordinates is not None and len(coordinates.names) == 2:
            borders = place(flat(bent_borders(program, node, coordinates, budget))).reshape(-1, 2, 2)
        else:
            borders = NO_LINES
        true, true_too = (_targets(program, part, steps) for part in rows)
        names = prepared.dataset
        return WarpPicture(
            node=node, nodes=nodes, units=size // steps, way=way, plane=plane,
            share=plane.share if plane else share_of(values[0], 2),
            inputs=coordinates.names if coordinates else (),
            grid=tuple(places.reshape((*line.shape[:2], 2)) for places, line in zip(bent, lines, strict=True)),
            borders=borders, straight=parted is not None, span=span,
            train=Points(train, true, np.repeat(rows[0], steps)),
            validation=Points(validation, true_too, np.repeat(rows[1], steps)),
            target=names.targets[0] if names.targets else "y", classes=names.shown_classes,
            limits=(0.0, 1.0) if names.classes else limits_of(true), seconds=perf_counter() - began,
        )  # fmt: skip

    def _choose(self, program: Program, nodes: tuple[str, ...]) -> str:
        for node in self.prefer:
            if node in nodes:
                return node
        return next((node for node in reversed(nodes) if node != program.plan.lowered.output_node), nodes[-1])


def suitable(program: Program) -> tuple[str, ...]:
    """The layers that give two or more numbers for each example, in forward order."""
    outputs = {node: record.output.spec for node, record in program.plan.lowered.build.records.items()}
    return tuple(node for node, spec in outputs.items() if spec.size >= 2 and not spec.tokens)


def _steps(program: Program, node: str) -> int:
    """Steps of a sequence where each has a class of its own, and is a point of its own; else 1."""
    steps = prod(program.prepared.target_shape)
    shape = program.plan.lowered.build.records[node].output.spec.shape
    return steps if program.prepared.task == "multiclass" and shape[:-1] == (steps,) and shape[-1] >= 2 else 1


def _targets(program: Program, rows: Array, steps: int) -> Array:
    """(n · steps,) the first target in the user's units, or class indices."""
    prepared = program.prepared
    return targets(prepared, rows) if steps == 1 else np.asarray(prepared.y[rows]).ravel()


def _span(data: Array, bent: list[Array], aspect: float) -> Span:
    """What holds data and grid; where the grid flies off, most of it is let go for the data's sake."""
    known = data[np.isfinite(data).all(axis=1)]
    if not len(known):
        return (-1.0, 1.0, -1.0, 1.0)
    low, high = known.min(axis=0), known.max(axis=0)
    room = (WIDE - 1) / 2 * (high - low)
    grid = np.concatenate([known, *bent])
    grid = grid[np.isfinite(grid).all(axis=1)]
    return span_of(np.clip(grid, low - room, high + room), aspect)


def _nothing(program: Program, began: float) -> WarpPicture:
    none = Points(np.empty((0, 2)), np.empty(0), np.empty(0, np.int64))
    return WarpPicture(
        node="", nodes=(), units=0, way="units", plane=None, share=float("nan"), inputs=(), grid=(),
        borders=NO_LINES, straight=False, span=(-1.0, 1.0, -1.0, 1.0), train=none, validation=none,
        target="", classes=program.prepared.dataset.shown_classes, limits=(0.0, 1.0), seconds=perf_counter() - began,
    )  # fmt: skip
