"""Where a network's answer changes from one class to another, as a layer sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.insight.contour import parting_lines, zero_segments
from engine.insight.judging import flat, outputs_of
from engine.insight.places import spaced
from engine.layers.dense import Dense

if TYPE_CHECKING:
    from engine.insight.places import Coordinates, Span
    from engine.insight.principal import Plane
    from engine.program.program import Program

Array = NDArray[Any]

FIELD: Final = 48  # places to a side on which the answer is asked for, to find where it changes
BEYOND: Final = 20.0  # how many times the picture's size a straight boundary reaches out of it
PASSING: Final = ("dropout", "gaussian_noise", "flatten")  # layers that answer with what they are given


def parting_of(program: Program, node: str) -> tuple[Array, Array] | None:
    """(weight, bias) of the output layer where it parts the two numbers of this layer by straight lines."""
    document, lowered = program.document, program.plan.lowered
    if lowered.build.records[node].output.spec.shape != (2,) or program.prepared.task == "regression":
        return None
    while True:
        wires = document.outputs(node)
        if len(wires) != 1:
            return None
        node = wires[0].target
        layer = document.node(node).layer
        if isinstance(layer, Dense):
            break
        if layer.kind not in PASSING:
            return None
    # a sigmoid or softmax that the loss contains is none of the layer's: what it gives are sums
    if node != lowered.output_node or layer.activation not in ("linear", lowered.loss.link):
        return None
    weight, bias = (
        program.view(parameter.value, parameter.shape).astype(np.float64)
        for parameter in lowered.build.records[node].parameters
    )
    return weight, bias


def straight_borders(weight: Array, bias: Array, plane: Plane | None, span: Span) -> Array:
    """Segments (k, 2, 2), far beyond the picture, on which an output layer of these numbers changes its mind."""
    left, right, bottom, top = span
    center = np.array([(left + right) / 2, (bottom + top) / 2])
    if plane is not None:  # two units in a plane: all of their space, turned
        weight, bias = plane.axes.T @ weight, bias + plane.middle @ weight
    return parting_lines(weight, bias, center, BEYOND * max(right - left, top - bottom))


def bent_borders(program: Program, node: str, coordinates: Coordinates, budget: int) -> Array:
    """What the layer gives along the boundary in the plane of the inputs: (k, 2, its size)."""
    prepared = program.prepared
    size = program.plan.lowered.build.records[node].output.spec.size
    if prepared.task == "regression" or prepared.target_shape != (1,):
        return np.empty((0, 2, size))
    side = int(np.clip(np.sqrt(budget), 8, FIELD))
    x, y = (spaced(ends, side) for ends in coordinates.ends)
    plane = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    (heights,) = outputs_of(program, program.plan.lowered.output_node, [coordinates.inputs(plane)])
    heights = heights.reshape(side, side, -1).astype(np.float64)
    segments = np.concatenate([zero_segments(margin, x, y) for margin in _margins(heights)])
    (outputs,) = outputs_of(program, node, [coordinates.inputs(flat(segments))])
    return outputs.reshape(len(segments), 2, size)


def _margins(heights: Array) -> list[Array]:
    """By how much each class leads the others, from what the last layer gives (rows, columns, outputs)."""
    if heights.shape[-1] == 1:
        return [heights[..., 0]]
    return [
        heights[..., number] - np.delete(heights, number, axis=-1).max(axis=-1) for number in range(heights.shape[-1])
    ]
