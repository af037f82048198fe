"""One weight's chain: ∂E/∂w as products and sums along the ways to the loss, beside the slope that is measured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.insight.trace.difference import Difference, difference
from engine.insight.trace.formulas.common import by
from engine.insight.trace.reading import read
from engine.insight.trace.record import TraceError, place_of
from engine.insight.trace.tape import Tape
from engine.insight.trace.way import Link, Way, region, ways
from engine.insight.trace.words import Line, factor, figure

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.design.document import Document
    from engine.program.state import State


@dataclass(frozen=True, eq=False)
class Chain:
    """Why one weight's gradient is what it is; all in float64.

    Attributes:
        key, index: "node/weight" and the place in the flat parameter. name: "node/weight[0, 2]". value: w.
        says: what it is, in words.
        factors: symbol and value along the way that carries most; strongest: their product.
        ways: over how many ways the sum goes; 1: the product is the gradient.
        links: from the weight to the loss. nodes, wires: all through which its gradient comes, wires as
            (source, target, port).
        gradient: ∂E/∂w by the backward pass; measured: beside it, by differences.
    """

    key: str
    index: int
    name: str
    value: float
    says: str
    factors: tuple[tuple[str, float], ...]
    ways: int
    links: tuple[Link, ...]
    nodes: tuple[str, ...]
    wires: tuple[tuple[str, str, int], ...]
    gradient: float
    measured: Difference

    @property
    def strongest(self) -> float:
        return prod(value for _, value in self.factors)

    @cached_property
    def headline(self) -> tuple[Line, ...]:
        """The deck's formula with the numbers of the one way, or of the one that carries most of all."""
        symbols = " · ".join(symbol for symbol, _ in self.factors)
        filled = " · ".join(factor(value) for _, value in self.factors)
        if self.ways == 1:
            return (Line(by("w"), symbols, filled, self.gradient),)
        return (
            Line(f"strongest of {self.ways:,} ways", symbols, filled, self.strongest),
            Line(by("w"), "the sum over all of them", "", self.gradient),
        )

    @property
    def comparison(self) -> str:
        """What the differences say, in a sentence."""
        step = figure(self.measured.step, 1)
        if self.measured.value != self.measured.value:
            return "The loss is no finite number here, and has no slope."
        if self.measured.corner:
            return (
                f"The loss has a corner exactly here: {figure(self.measured.left)} on the left, "
                f"{figure(self.measured.right)} on the right; the network "
                f"{'takes a slope between them' if self.measured.agrees else 'says something else'}."
            )
        value = figure(self.measured.value, 6)
        return f"Finite difference, float64, Δw = {step}: {value}; they {self.measured.verdict}."


def explain(document: Document, prepared: Prepared, row: int, weight: str, state: State | None = None) -> Chain:
    """The chain of ``weight``, "node/name[i,j]", for one example.

    Raises:
        TraceError: there is no such row or weight; says what there is.
        DataError, ProjectError: as `engine.insight.trace.reading.trace`.
    """
    tape = Tape(document, prepared, row, state, np.float64)
    key, index = find(tape, weight)
    return chain_of(tape, prepared, key, index)


def chain_of(tape: Tape, prepared: Prepared, key: str, index: int) -> Chain:
    """The chain of element ``index`` of a flat parameter; the tape, in float64, has not run yet."""
    with np.errstate(all="ignore"):
        parameter = next(p for p in tape.plan.parameters if p.key == key)
        at = tape.plan.places[parameter.value] + index
        value = float(tape.program.par[at])
        differing = _Measuring(tape, parameter.value, index)
        kept = tape.program.passing()
        trace = read(tape, prepared)
        gradient = float(trace.updated.gradient(key).flat[index])
        # the step has moved the weights; derivatives and losses are those of where they were
        tape.program.par[: tape.plan.parameters_size] = trace.updated.steps.before
        tape.program.pass_back(kept)
        way = Way(tape, trace, key, index)
        links, factors = way.go()
        measured = difference(differing, value, gradient)
    nodes, wires = region(trace, way.node)
    return Chain(
        key, index, f"{key}{place_of(index, parameter.shape)}", value, way.says(), tuple(factors),
        ways(trace, way.node, way.starts), tuple(links), nodes, wires, gradient, measured,
    )  # fmt: skip


@dataclass(frozen=True)
class _Measuring:
    tape: Tape
    area: Any
    index: int

    def __call__(self, value: float) -> float:
        return self.tape.loss_at(self.area, self.index, value)


def find(tape: Tape, weight: str) -> tuple[str, int]:
    """("node/name", place in the flat parameter) of "node/name[i,j]"; a node may be called by its name, too.

    Raises:
        TraceError: it is not there.
    """
    found = re.fullmatch(r"(.+)/([^/\[\]]+)\[([\s\d,]*)\]", weight.strip())
    shapes = {p.key: p.shape for p in tape.plan.parameters}
    there = ", ".join(f"{key}[{'×'.join(map(str, shape))}]" for key, shape in shapes.items())
    if found is None:
        example = next((f"{key}{place_of(0, shape)}" for key, shape in shapes.items()), "dense_1/weight[0, 0]")
        raise TraceError(
            weight, "a weight is named by layer, name and place", f"For example {example}; there are {there}"
        )
    labels = {node.label: node.id for node in tape.program.document.nodes}
    node = labels.get(found[1], found[1]) if f"{found[1]}/{found[2]}" not in shapes else found[1]
    key = f"{node}/{found[2]}"
    if key not in shapes:
        near = get_close_matches(key, shapes, n=1)
        raise TraceError(
            weight, f"there is no {key}", f"{f'Did you mean {near[0]}? ' if near else ''}There are {there}"
        )
    places = [int(part) for part in found[3].split(",") if part.strip()]
    shape = shapes[key]
    if len(places) != len(shape) or any(place >= size for place, size in zip(places, shape, strict=True)):
        last = place_of(prod(shape) - 1, shape)
        raise TraceError(weight, f"{key} has no such place", f"Its places go from {place_of(0, shape)} to {last}")
    return key, int(np.ravel_multi_index(places, shape))
