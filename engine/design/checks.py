"""Whether a design can be trained: one pass that puts a shape on every wire and names every problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.design.answers import answer_problems
from engine.design.costs import costs_of
from engine.design.document import Document, Node, Wire
from engine.design.fixes import apply_fix
from engine.design.flow import INPUT, flow
from engine.design.graph import Graph
from engine.design.problems import Cost, Problem, Report
from engine.design.straight import straight_problems
from engine.design.wiring import Wiring, refuse_wire
from engine.layers.base import Fix
from engine.layers.unknown import Unknown

if TYPE_CHECKING:
    from engine.data.prepare import Prepared

__all__ = ["Cost", "Problem", "Report", "Wiring", "apply_fix", "check", "refuse_wire"]


def check(document: Document, prepared: Prepared | None = None) -> Report:
    """Shapes, problems and costs of a design; with ``prepared`` also whether it fits the data.

    Never raises for what a user can build. Linear in nodes and wires.
    """
    if not document.nodes:
        return Report(problems=(Problem("error", "", "", "the canvas is empty: drag an Input onto it, then layers"),))
    graph = Graph(document)
    problems = [*_input_problems(document, graph), *_cycle_problems(document, graph)]
    for id in graph.order:
        problems += _port_problems(document.node(id), graph.incoming[id])
    specs, misfits = flow(document, graph, prepared)
    problems += misfits
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
    if sound:
        problems += straight_problems(document, graph, specs)
    problems.sort(key=lambda problem: problem.severity != "error")
    names = {node.id: node.name for node in document.nodes if node.name}
    return Report(specs, tuple(problems), costs, sink, names)


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
            "error",
            ring[0],
            "",
            f"the wires run in a circle, {names}: a network only runs forward",
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


def _find_sink(document: Document, graph: Graph) -> tuple[str, list[Problem]]:
    """The one node whose output is the answer, and what keeps it from being the only one.

    A layer that lies on the canvas without any wire is said to lack its input, not to be a second answer.
    """
    ends = [
        id
        for id, wires in graph.outgoing.items()
        if not wires and (graph.incoming[id] or document.node(id).layer.kind == INPUT)
    ]
    if not ends:
        ends = [id for id, wires in graph.outgoing.items() if not wires]
    if len(ends) <= 1:
        return (ends[0] if ends else ""), []
    names = ", ".join(document.node(id).label for id in ends)
    reason = f"nothing takes its output, and a network has one answer; the loose ends are {names}"
    return "", [Problem("error", id, "", reason, Fix(f"Remove {document.node(id).label}", "remove")) for id in ends]
