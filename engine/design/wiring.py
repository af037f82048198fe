"""Whether a wire may be drawn, asked while it is being drawn."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from engine.design.document import Document, Node, Wire
from engine.design.flow import flow, shape_problem
from engine.design.graph import Graph
from engine.design.problems import Problem
from engine.layers import Layer
from engine.layers.base import Fix, ShapeError, Spec

if TYPE_CHECKING:
    from engine.data.prepare import Prepared


def refuse_wire(
    document: Document, source: str, target: str, port: int, prepared: Prepared | None = None
) -> Problem | None:
    """Why a wire may not be drawn; None when it fits."""
    return Wiring(document, prepared).refuse(source, target, port)


class Wiring:
    """Answers about many wires of one document: what they have in common is worked out once."""

    def __init__(self, document: Document, prepared: Prepared | None = None) -> None:
        self._document, self._prepared = document, prepared
        self._graph = Graph(document)

    @cached_property
    def _specs(self) -> dict[str, Spec]:
        return flow(self._document, self._graph, self._prepared)[0]

    def refuse(self, source: str, target: str, port: int) -> Problem | None:
        """Why a wire may not be drawn; None when it fits."""
        document, graph = self._document, self._graph

        def refusal(reason: str, field: str = "", fix: Fix | None = None) -> Problem:
            return Problem("error", target if target in document.by_id else "", field, reason, fix)

        for end in (source, target):
            if end not in document.by_id:
                return refusal(f"there is no node {end!r}")
        begin, end_node = document.node(source), document.node(target)
        if source == target:
            return refusal(f"{begin.label} cannot feed itself: a network only runs forward")
        wire = Wire(source=source, target=target, port=max(port, 0))
        if wire in graph.incoming[target]:
            return refusal(f"{begin.label} is already joined to {end_node.label} here")
        if reason := _port_refusal(document, end_node, graph, port):
            return refusal(reason, fix=_way_in(end_node, wire))
        if circle := graph.path(target, source):
            names = " → ".join(document.node(id).label for id in (*circle, target))
            return refusal(f"this would close a circle, {names}: a network only runs forward")
        specs = self._specs
        wires = sorted((*graph.incoming[target], wire), key=lambda each: each.port)
        if len(wires) < end_node.layer.arity[0] or any(each.source not in specs for each in wires):
            return None
        try:
            end_node.layer.output([specs[each.source] for each in wires])
        except ShapeError as error:
            problem = shape_problem(end_node, error, wires, specs)
            if problem.fix and problem.fix.action == "insert":
                problem = replace(problem, fix=replace(problem.fix, value=wire))
            return problem
        return None


def _port_refusal(document: Document, node: Node, graph: Graph, port: int) -> str:
    """Why nothing may be wired to this input; empty when it is free."""
    layer, wires = node.layer, graph.incoming[node.id]
    fewest, most = layer.arity
    if most == 0:
        return f"{node.label} takes no input: the data enter there"
    there = next((wire for wire in wires if wire.port == port), None)
    if most == 1 and wires:
        return f"{node.label} takes one input, and {document.node(wires[0].source).label} feeds it already"
    if there is not None:
        return f"input {port + 1} of {node.label} is taken by {document.node(there.source).label}"
    ports = max(fewest, len(wires) + 1) if most is None else most
    if not 0 <= port < ports:
        return f"{node.label} has no input {port + 1}: it has {ports}"
    return ""


def _way_in(node: Node, wire: Wire) -> Fix | None:
    """How a second wire can still reach a node with one input."""
    if node.layer.arity[1] == 1 and "concat" in Layer.kinds:
        return Fix("Join them with Concat", "insert", value=wire.but(port=0), layer="concat")
    return None
