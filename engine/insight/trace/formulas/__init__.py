"""What is known of layers in formulas: one row per kind; a layer without a row shows its numbers alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.insight.trace.formulas import combine, dense, normalise, regularise, sequence, shape
from engine.insight.trace.record import LayerTrace, Trace
from engine.insight.trace.words import Line

Lines = Callable[[Trace, LayerTrace, int], list[Line]]


@dataclass(frozen=True)
class Formulas:
    """How one number of a layer's output comes about, and how the gradient goes back through it."""

    forward: Lines
    backward: Lines


FORMULAS: Final = {
    "dense": Formulas(dense.forward, dense.backward),
    "activation": Formulas(dense.bend, dense.bend_back),
    "prelu": Formulas(dense.prelu, dense.prelu_back),
    "maxout": Formulas(dense.maxout, dense.maxout_back),
    "batch_norm": Formulas(normalise.forward, normalise.batch_back),
    "layer_norm": Formulas(normalise.forward, normalise.layer_back),
    "dropout": Formulas(regularise.drop, regularise.drop_back),
    "gaussian_noise": Formulas(regularise.noise, regularise.noise_back),
    "add": Formulas(combine.add, combine.add_back),
    "multiply": Formulas(combine.multiply, combine.multiply_back),
    "concat": Formulas(combine.concat, combine.concat_back),
    "flatten": Formulas(shape.passed, shape.passed_back),
    "reshape": Formulas(shape.passed, shape.passed_back),
    "global_average": Formulas(shape.average, shape.average_back),
    "last_step": Formulas(shape.last, shape.last_back),
    "embedding": Formulas(sequence.embed, sequence.embed_back),
    "simple_rnn": Formulas(sequence.recur, sequence.recur_back),
}


def forward_lines(trace: Trace, node: str, unit: int) -> tuple[Line, ...]:
    """How number ``unit`` of a layer's output, counted flat, comes about."""
    return _lines(trace, node, unit, "forward")


def backward_lines(trace: Trace, node: str, unit: int) -> tuple[Line, ...]:
    """How the gradient reaches that number, and what it makes of the layer's weights."""
    return _lines(trace, node, unit, "backward")


def _lines(trace: Trace, node: str, unit: int, way: str) -> tuple[Line, ...]:
    layer = trace.by_node[node]
    row = FORMULAS.get(layer.layer.kind)
    if row is None or unit >= layer.output.value.size:
        return ()
    return tuple((row.forward if way == "forward" else row.backward)(trace, layer, unit))
