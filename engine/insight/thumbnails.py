"""What a box shows while it learns: its units over the plane of two inputs, its weights as images, or a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.insight.tiles import Neurons, Picture, Thumbnail, Tiles, histogram_of, limit_of, tiles_of
from engine.layers.dense import Dense

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.program.program import Program

Array = NDArray[Any]

UNITS: Final = 16  # of a folded box: more are smaller than the eye can tell apart
UNFOLDED: Final = 32  # units and inputs of a layer that can be unfolded
BUDGET: Final = 0.002  # s that one answer may take, but for its forward pass
WORK: Final = 4_000_000  # multiply-adds that the forward pass may take
SIDES: Final = (24, 16, 12, 8)  # pixels of a heat map: the finest for which the work is allowed
ROWS: Final = (256, 4)  # of data in a histogram, at most and at least
EXAMPLES: Final = 8  # images that the input shows
SMALLEST_IMAGE: Final = 64  # inputs in a row that are taken for a square picture, where their names do not deny it
MARGIN: Final = 0.08  # how far the plane reaches beyond the data, as a share of their range


@dataclass(frozen=True, eq=False)
class Sheet:
    """The boxes for which there was time, and what the answer cost in seconds."""

    boxes: dict[str, Thumbnail]
    seconds: float


@dataclass(frozen=True)
class Thumbnails:
    """Pictures of some boxes, the most urgent first; those for which the time does not suffice are left out.

    Attributes:
        nodes: their ids; what the program does not have is passed over.
        unfolded: those of them whose neurons are wanted.
    """

    nodes: tuple[str, ...]
    unfolded: frozenset[str] = frozenset()

    def answer(self, program: Program) -> Sheet:
        began = perf_counter()
        records = program.plan.lowered.build.records
        wanted = [node for node in self.nodes if node in records]
        sketch = _Sketch(program, wanted, self.unfolded)
        boxes: dict[str, Thumbnail] = {}
        drawing = perf_counter()
        for node in wanted:
            boxes[node] = sketch.thumbnail(node)
            if perf_counter() - drawing > BUDGET:
                break
        return Sheet(boxes, perf_counter() - began)


def unfoldable(layer: object) -> bool:
    """Whether a box has neurons to show, and few enough."""
    return isinstance(layer, Dense) and layer.units <= UNFOLDED


class _Sketch:
    """One forward pass, and the pictures that can be made of it."""

    def __init__(self, program: Program, nodes: Sequence[str], unfolded: frozenset[str]) -> None:
        self.program, self.prepared, self._unfolded = program, program.prepared, unfolded
        self._image = image_shape(program.prepared)
        self._plane = program.prepared.input.shape == (2,) and not program.prepared.input.tokens
        feeding = [self._source(node) for node in nodes if self._opened(node)]
        drawn = [node for node in dict.fromkeys((*nodes, *feeding)) if not self._is_image(node)]
        records = program.plan.lowered.build.records
        work = sum(record.multiply_adds for record in records.values()) or 1
        if self._plane:
            side = next((side for side in SIDES if side * side * work <= WORK), SIDES[-1])
            x, self._shape = plane(program.prepared, side), (side, side)
        else:
            most, least = ROWS
            x = _sample(program.prepared, int(np.clip(WORK // work, least, most)))
        self._outputs = program.layer_outputs(x, drawn) if drawn else {}

    def thumbnail(self, node: str) -> Thumbnail:
        return Thumbnail(self._picture(node), self._neurons(node) if self._opened(node) else None)

    def _opened(self, node: str) -> bool:
        return node in self._unfolded and unfoldable(self.program.document.node(node).layer)

    def _source(self, node: str) -> str:
        return self.program.document.inputs(node)[0].source

    def _is_image(self, node: str) -> bool:
        return self._image is not None and (self._is_input(node) or self._sees_image(node))

    def _is_input(self, node: str) -> bool:
        return self.program.document.node(node).layer.kind == "input"

    def _sees_image(self, node: str) -> bool:
        """Whether a dense layer's weights lie as the pixels of the data do."""
        document, records = self.program.document, self.program.plan.lowered.build.records
        layer = document.node(node).layer
        if not isinstance(layer, Dense) or records[node].parameters[0].shape[0] != self.prepared.input.size:
            return False
        while not self._is_input(node):
            wires = document.inputs(node)
            if len(wires) != 1:
                return False
            node = wires[0].source
            record = records[node]
            if record.parameters or record.output.spec.size != self.prepared.input.size:
                return False
        return True

    def _picture(self, node: str) -> Picture:
        most = UNFOLDED if self._opened(node) else UNITS
        if self._is_image(node):
            return self._examples() if self._is_input(node) else self._weights(node, most)
        if self._plane:
            return self._maps(node, most)
        return histogram_of(self._outputs[node])

    def _maps(self, node: str, most: int) -> Tiles:
        outputs, limit = self._outputs[node], 0.0
        if node == self.program.plan.lowered.output_node and self.prepared.task != "regression":
            outputs, limit = 2 * self.program.probabilities(outputs) - 1, 1.0
        values = outputs.reshape(len(outputs), -1)
        units = _evenly(values.shape[1], most)
        # the plane's y points up, rows of pixels down
        pixels = values.T[list(units)].reshape(len(units), *self._shape)[:, ::-1]
        return tiles_of(units, values.shape[1], pixels, "plane", limit or limit_of(values))

    def _weights(self, node: str, most: int) -> Tiles:
        weight = _parameter(self.program, node, 0)
        units = _evenly(weight.shape[1], most)
        return tiles_of(units, weight.shape[1], self._as_image(weight.T[list(units)]), "weights", limit_of(weight))

    def _examples(self) -> Tiles:
        x = _sample(self.prepared, EXAMPLES)
        raw = self.prepared.unscale_x(x).reshape(len(x), -1)
        return tiles_of(tuple(range(len(x))), len(x), self._as_image(raw), "examples", float(np.abs(raw).max()))

    def _as_image(self, rows: Array) -> Array:
        """(n, rows, columns) from (n, numbers); colours are averaged."""
        assert self._image is not None
        images: Array = rows.reshape(len(rows), *self._image, -1).mean(axis=-1)
        return images

    def _neurons(self, node: str) -> Neurons:
        weight, bias = (_parameter(self.program, node, number) for number in (0, 1))
        source = self._source(node)
        few = weight.shape[0] <= UNFOLDED
        feeding = self._maps(source, UNFOLDED) if self._plane and few else None
        return Neurons(weight.copy() if few else None, bias.copy(), self._names(source, weight.shape[0]), feeding)

    def _names(self, source: str, count: int) -> tuple[str, ...]:
        """What the inputs of a layer are called."""
        features = self.prepared.dataset.features
        if self._is_input(source) and len(features) == count:
            return features
        label = self.program.document.node(source).label
        return tuple(f"{label} {number + 1}" for number in range(count))


def plane(prepared: Prepared, side: int) -> Array:
    """(side², 2) places over the data's two inputs, scaled as the network takes them; the first row lies lowest."""
    x = prepared.x[prepared.train]
    low, high = x.min(axis=0), x.max(axis=0)
    margin = np.where(high > low, (high - low) * MARGIN, 1.0)
    low, high = low - margin, high + margin
    grid: Array = np.empty((side, side, 2), x.dtype)
    grid[..., 0] = np.linspace(low[0], high[0], side)
    grid[..., 1] = np.linspace(low[1], high[1], side)[:, None]
    return grid.reshape(-1, 2)


def image_shape(prepared: Prepared) -> tuple[int, int] | None:
    """(rows, columns) where an example is a picture: by its shape, or a square of pixels in one row."""
    shape = prepared.input.shape
    if prepared.input.tokens:
        return None
    if len(shape) in (2, 3) and min(shape[:2]) >= 4 and (len(shape) == 2 or shape[2] in (1, 3)):
        return shape[0], shape[1]
    if len(shape) == 1 and shape[0] >= SMALLEST_IMAGE and isqrt(shape[0]) ** 2 == shape[0] and _pixels(prepared):
        return isqrt(shape[0]), isqrt(shape[0])
    return None


def _pixels(prepared: Prepared) -> bool:
    """Whether the columns can be pixels: they have no names of their own, but one and a number, or none."""
    return len({name.strip("0123456789_, ") for name in prepared.dataset.features}) <= 1


def _parameter(program: Program, node: str, number: int) -> Array:
    """A look at a parameter's values, not a copy."""
    parameter = program.plan.lowered.build.records[node].parameters[number]
    at = program.plan.places[parameter.value]
    return program.par[at : at + parameter.size].reshape(parameter.shape)


def _evenly(count: int, most: int) -> tuple[int, ...]:
    """At most ``most`` of ``count`` numbers, evenly spread."""
    if count <= most:
        return tuple(range(count))
    return tuple(int(number) for number in np.linspace(0, count - 1, most).round())


def _sample(prepared: Prepared, most: int) -> Array:
    """Training rows, evenly, and always the same ones."""
    train = prepared.train
    rows = np.linspace(train.start, train.stop - 1, min(most, train.stop - train.start)).astype(np.int64)
    return prepared.x[rows]
