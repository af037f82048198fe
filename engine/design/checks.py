"""Whether a design can be trained: one pass that puts a shape on every wire and names every problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.design.answers import answer_problems
from engine.design.costs import costs_of
from engine.design.document import Document, Node, Wire
from engine.design.fixes import apply_fix
from engine.design.graph import Graph
from engine.design.problems import Cost, Problem, Report
from engine.layers import Layer
from engine.layers.base import Fix, ShapeError, Spec
from engine.layers.unknown import Unknown

if TYPE_CHECKING:
    from engine.data.prepare import Prepared

__all__ = ["Cost", "Problem", "Report", "apply_fix", "check", "refuse_wire"]

INPUT = "input"  # the kind of the layer where the data enter


def check(document: Document, prepared: Prepared | None = None) -> Report:
    """Shapes, problems and costs of a design; with ``prepared`` also whether it fits the data.

    Never raises for what a user can build. Linear in nodes and wires.
    """
    if not document.nodes:
        return Report(problems=(Problem("error", "", "", "the canvas is empty: drag an Input onto it, then layers"),))
    graph = Graph(document)
    problems = [*_input_problems(document, graph), *_cycle_problems(document, graph)]
    specs: dict[str, Spec] = {}
    for id in graph.order:
        node = document.node(id)
        problems += _port_problems(node, graph.incoming[id])
        try:
            spec = _output(node, graph, specs, prepared)
        except ShapeError as error:
            problems.append(_shape_problem(node, error, graph.incoming[id], specs))
        else:
            if spec is not None:
                specs[id] = spec
    sink, sink_problems = _find_sink(document, graph)
    problems += sink_problems
    if sink in specs:
        problems += answer_problems(document, graph, specs, sink, prepared)
    costs, cost_problems = costs_of(document, graph, specs, prepared)
    problems += cost_problems
    sound = len(costs) == len(document.nodes) and all(problem.severity != "error" for problem in problems)
    if sound and not any(cost.parameters for cost in costs.values()):
        reason = "nothing in this network can learn: no layer has weights"
        problems.append(Problem("error", sink, "", reason, Fix("Add a Dense behind it", "append", layer="dense")))
    problems.sort(key=lambda problem: problem.severity != "error")
    return Report(specs, tuple(problems), costs, sink)


def refuse_wire(
    document: Document, source: str, target: str, port: int, prepared: Prepared | None = None
) -> Problem | None:
    """Why a wire may not be drawn; None when it fits."""

    def refusal(reason: str, field: str = "", fix: Fix | None = None) -> Problem:
        return Problem("error", target if target in document.by_id else "", field, reason, fix)

    for end in (source, target):
        if end not in document.by_id:
            return refusal(f"there is no node {end!r}")
    begin, end_node = document.node(source), document.node(target)
    if source == target:
        return refusal(f"{begin.label} cannot feed itself: a network only runs forward")
    graph = Graph(document)
    wire = Wire(source=source, target=target, port=max(port, 0))
    if wire in document.wires:
        return refusal(f"{begin.label} is already joined to {end_node.label} here")
    if reason := _port_refusal(end_node, graph, port):
        return refusal(reason, fix=_way_in(end_node, wire))
    if circle := graph.path(target, source):
        names = " → ".join(document.node(id).label for id in (*circle, target))
        return refusal(f"this would close a circle, {names}: a network only runs forward")
    specs = _specs(document, graph, prepared)
    wires = sorted((*graph.incoming[target], wire), key=lambda each: each.port)
    if len(wires) < end_node.layer.arity[0] or any(each.source not in specs for each in wires):
        return None
    try:
        end_node.layer.output([specs[each.source] for each in wires])
    except ShapeError as error:
        problem = _shape_problem(end_node, error, wires, specs)
        if problem.fix and problem.fix.action == "insert":
            problem = replace(problem, fix=replace(problem.fix, value=wire))
        return problem
    return None


def _specs(document: Document, graph: Graph, prepared: Prepared | None) -> dict[str, Spec]:
    specs: dict[str, Spec] = {}
    for id in graph.order:
        try:
            spec = _output(document.node(id), graph, specs, prepared)
        except ShapeError:
            continue
        if spec is not None:
            specs[id] = spec
    return specs


def _output(node: Node, graph: Graph, specs: dict[str, Spec], prepared: Prepared | None) -> Spec | None:
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


def _shape_problem(node: Node, error: ShapeError, wires: Sequence[Wire], specs: dict[str, Spec]) -> Problem:
    fix = error.fix
    if isinstance(node.layer, Unknown):
        fix = Fix(f"Remove {node.label}", "remove")
    elif node.layer.kind == INPUT:
        fix = Fix("Take the shape from the data", "set", "shape", None)
    elif fix and fix.action == "insert" and len(wires) > 1:
        fix = replace(fix, value=_wire_to_mend(node, fix, wires, specs))
    return Problem("error", node.id, error.field, error.reason, fix)


def _wire_to_mend(node: Node, fix: Fix, wires: Sequence[Wire], specs: dict[str, Spec]) -> Wire | None:
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


def _input_problems(document: Document, graph: Graph) -> Iterator[Problem]:
    inputs = [node for node in document.nodes if node.layer.kind == INPUT]
    if not inputs:
        first = next((id for id, wires in graph.incoming.items() if not wires), "")
        fix = Fix("Put an Input before it", "insert", layer=INPUT) if first else None
        yield Problem("error", first, "", "there is no Input, so no data can enter the network", fix)
    for node in inputs[1:]:
        reason = f"there is an Input already, {inputs[0].label}; a network has one"
        yield Problem("error", node.id, "", reason, Fix(f"Remove {node.label}", "remove"))


def _cycle_problems(document: Document, graph: Graph) -> Iterator[Problem]:
    for ring in graph.cycles():
        names = " → ".join(document.node(id).label for id in (*ring, ring[0]))
        back = next(wire for wire in graph.incoming[ring[0]] if wire.source == ring[-1])
        label = document.node(ring[-1]).label
        yield Problem(
            "error", ring[0], "", f"the wires run in a circle, {names}: a network only runs forward",
            Fix(f"Remove the wire from {label}", "remove", value=back),
        )


def _port_problems(node: Node, wires: Sequence[Wire]) -> Iterator[Problem]:
    fewest, most = node.layer.arity
    if most is not None and len(wires) > most:
        reason = f"{_inputs(most)}, and {len(wires)} wires arrive"
        last = wires[-1]
        yield Problem("error", node.id, "", reason, Fix(f"Remove the wire from {last.source}", "remove", value=last))
    elif len(wires) < fewest and (wires or fewest > 0):
        arrive = "no wire arrives" if not wires else f"only {len(wires)} arrives"
        if node.layer.kind != INPUT:
            reason = f"{_inputs(fewest, at_least=most != fewest)}, and {arrive}: draw a wire to it"
            yield Problem("error", node.id, "", reason)
    for place, wire in enumerate(wires):
        if wire.port != place and not isinstance(node.layer, Unknown):
            reason = f"input {place + 1} is free while input {wire.port + 1} is wired"
            yield Problem("error", node.id, "", reason, Fix("Close the gap", "remove", value=place))
            break


def _inputs(count: int, at_least: bool = False) -> str:
    words = {0: "it takes no input", 1: "it takes one input"}.get(count, f"it takes {count} inputs")
    return words.replace("takes", "takes at least") if at_least and count else words


def _port_refusal(node: Node, graph: Graph, port: int) -> str:
    """Why nothing may be wired to this input; empty when it is free."""
    layer, wires = node.layer, graph.incoming[node.id]
    fewest, most = layer.arity
    if most == 0:
        return f"{node.label} takes no input: the data enter there"
    there = next((wire for wire in wires if wire.port == port), None)
    if most == 1 and wires:
        return f"{node.label} takes one input, and {wires[0].source} feeds it already"
    if there is not None:
        return f"input {port + 1} of {node.label} is taken by {there.source}"
    ports = max(fewest, len(wires) + 1) if most is None else most
    if not 0 <= port < ports:
        return f"{node.label} has no input {port + 1}: it has {ports}"
    return ""


def _way_in(node: Node, wire: Wire) -> Fix | None:
    """How a second wire can still reach a node with one input."""
    if node.layer.arity[1] == 1 and "concat" in Layer.kinds:
        return Fix("Join them with Concat", "insert", value=wire.but(port=0), layer="concat")
    return None


def _find_sink(document: Document, graph: Graph) -> tuple[str, list[Problem]]:
    """The one node whose output is the answer, and what keeps it from being the only one.

    A layer that lies on the canvas without any wire is said to lack its input, not to be a second answer.
    """
    ends = [
        id for id, wires in graph.outgoing.items()
        if not wires and (graph.incoming[id] or document.node(id).layer.kind == INPUT)
    ]
    if not ends:
        ends = [id for id, wires in graph.outgoing.items() if not wires]
    if len(ends) <= 1:
        return (ends[0] if ends else ""), []
    names = ", ".join(document.node(id).label for id in ends)
    reason = f"nothing takes its output, and a network has one answer; the loose ends are {names}"
    return "", [Problem("error", id, "", reason, Fix(f"Remove {document.node(id).label}", "remove")) for id in ends]
