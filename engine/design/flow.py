"""What flows through a design: the shape on every wire, and what is said where one does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.design.document import Document, Node, Wire
from engine.design.graph import Graph
from engine.design.problems import Problem
from engine.layers import Layer
from engine.layers.base import Fix, ShapeError, Spec
from engine.layers.unknown import Unknown

if TYPE_CHECKING:
    from engine.data.prepare import Prepared

INPUT = "input"  # the kind of the layer where the data enter


def flow(document: Document, graph: Graph, prepared: Prepared | None) -> tuple[dict[str, Spec], list[Problem]]:
    """{node id: what leaves it}, for all that can be known, and a problem for each node that takes offence."""
    specs: dict[str, Spec] = {}
    problems: list[Problem] = []
    for id in graph.order:
        node = document.node(id)
        try:
            spec = _output(node, graph, specs, prepared)
        except ShapeError as error:
            problems.append(shape_problem(node, error, graph.incoming[id], specs))
        else:
            if spec is not None:
                specs[id] = spec
    return specs, problems


def _output(node: Node, graph: Graph, specs: Mapping[str, Spec], prepared: Prepared | None) -> Spec | None:
    """What leaves a node; None where that cannot be known, or where its wires are wrong already.

    Raises:
        ShapeError: what arrives does not fit.
    """
    layer, wires = node.layer, graph.incoming[node.id]
    if layer.kind == INPUT:
        return _entering(layer, prepared)
    if isinstance(layer, Unknown):
        return layer.output(())
    fewest, most = layer.arity
    if len(wires) < fewest or (most is not None and len(wires) > most):
        return None
    if any(wire.source not in specs for wire in wires):
        return None
    return layer.output([specs[wire.source] for wire in wires])


def _entering(layer: Layer, prepared: Prepared | None) -> Spec | None:
    """What the data bring; without data, what the Input says of itself, if anything.

    Raises:
        ShapeError: data and Input disagree.
    """
    if prepared is not None:
        return layer.output([prepared.input])
    return None if getattr(layer, "shape", None) is None else layer.output([])


def shape_problem(node: Node, error: ShapeError, wires: Sequence[Wire], specs: Mapping[str, Spec]) -> Problem:
    """A layer's refusal with the node, and with a fix that is aimed at the wire which does not fit."""
    fix = error.fix
    if isinstance(node.layer, Unknown):
        fix = Fix(f"Remove {node.label}", "remove")
    elif node.layer.kind == INPUT:
        fix = Fix("Take the shape from the data", "set", "shape", None)
    elif fix and fix.action == "insert" and len(wires) > 1:
        fix = replace(fix, value=_wire_to_mend(node, fix, wires, specs))
    return Problem("error", node.id, error.field, error.reason, fix)


def _wire_to_mend(node: Node, fix: Fix, wires: Sequence[Wire], specs: Mapping[str, Spec]) -> Wire | None:
    """The one wire through which the layer to be inserted makes the others fit."""
    arriving = [specs[wire.source] for wire in wires]
    for place, wire in enumerate(wires):
        try:
            mended = Layer.parse(fix.layer).output([arriving[place]])
            node.layer.output([*arriving[:place], mended, *arriving[place + 1 :]])
        except ValueError:
            continue
        return wire
    return None
