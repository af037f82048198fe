"""What happened to one example on its way through the network and back, as frozen arrays and equations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import NetloomError
from engine.insight.trace.words import Line, largest_of

if TYPE_CHECKING:
    from engine.insight.trace.updates import Updated
    from engine.layers.base import Layer

Array = NDArray[Any]
Stage = Literal["forward", "loss", "backward", "update"]
STAGES: tuple[Stage, ...] = ("forward", "loss", "backward", "update")


@dataclass(frozen=True, eq=False)
class Quantity:
    """A tensor of a layer.

    Attributes:
        symbol: as in formulas: "x", "z", "a", "y", "μ". title: in words.
        value: as the forward pass left it. gradient: ∂E by it, of the same shape; None where nobody needs it.
    """

    symbol: str
    title: str
    value: Array
    gradient: Array | None = None


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One layer.

    Attributes:
        node, label: its id, and what the user calls it. layer: what it is.
        sources: for every port the node that feeds it.
        inputs: what arrives at every port; the gradient is this layer's own share, before shares are added up.
        inner: what it computes on the way: z before an activation, a mean, a mask.
        output: what it gives; its gradient is complete: all readers' shares together.
        activation, constant: the one that bends z and its parameter; "" where none does.
        parameters: keys of what it learns.
        running: it takes running statistics, as for an answer.
    """

    node: str
    label: str
    layer: Layer
    sources: tuple[str, ...]
    inputs: tuple[Quantity, ...]
    inner: tuple[Quantity, ...]
    output: Quantity
    activation: str
    constant: float
    parameters: tuple[str, ...]
    running: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """All that is worth showing: where nothing bends z, it is what the layer gives."""
        inner = tuple(each for each in self.inner if (each.symbol, self.activation) != ("z", "linear"))
        return (*self.inputs, *inner, self.output)

    def named(self, symbol: str) -> Quantity | None:
        """The inner tensor of this symbol."""
        return next((each for each in self.inner if each.symbol == symbol), None)


@dataclass(frozen=True, eq=False)
class LossTrace:
    """How wrong the answer is.

    Attributes:
        kind, title: of the loss. link: what turns the last layer's output into the answer.
        value: E, as the loop sums it.
        answer: ŷ, numbers as the loss sees them, or probabilities. target: y as the loss sees it.
        shown, wanted: answer and target in the user's units, or as classes.
        gradient: ∂E by the last layer's output.
        lines: the formula with its numbers.
    """

    kind: str
    title: str
    link: str
    value: float
    answer: Array
    target: Array
    shown: str
    wanted: str
    gradient: Array
    lines: tuple[Line, ...]


@dataclass(frozen=True, eq=False)
class Trace:
    """One example through forward pass, loss, backward pass and update.

    Attributes:
        row: its number in the prepared data, from 0, of ``rows``. part: "training", "validation" or "test".
        example: the inputs in the user's units, by name.
        step, epoch: how far training had come.
        layers: in the order in which the signal runs.
        updated: what the step makes of every parameter.
        remarks: what one has to know to read it: that dropout drops, that one example has no spread.
    """

    row: int
    part: str
    rows: int
    example: tuple[tuple[str, float], ...]
    step: int
    epoch: int
    layers: tuple[LayerTrace, ...]
    loss: LossTrace
    updated: Updated
    remarks: tuple[str, ...]

    @cached_property
    def by_node(self) -> dict[str, LayerTrace]:
        return {layer.node: layer for layer in self.layers}

    def readers(self, node: str) -> list[tuple[LayerTrace, int]]:
        """Who reads a layer's output, and at which port."""
        return [(layer, port) for layer in self.layers for port, source in enumerate(layer.sources) if source == node]


class TraceError(NetloomError):
    """There is no such row, or no such weight."""


def telling(layer: LayerTrace) -> int:
    """The number of a layer's output whose story tells most: the one by which the loss is steepest before it bends."""
    z = layer.named("z")
    gradient = layer.output.gradient
    if z is not None and z.gradient is not None and z.gradient.shape == layer.output.value.shape:
        gradient = z.gradient
    return 0 if gradient is None else largest_of(gradient, 1)[0]


def place_of(index: int, shape: tuple[int, ...]) -> str:
    """Element ``index`` of a flat tensor as it is written in brackets: [3, 0]."""
    return f"[{', '.join(str(int(each)) for each in np.unravel_index(index, shape))}]"
