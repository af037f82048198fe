"""What a box and a wire say: words and marks, from the document and its checks. Pure; it knows no item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from app.canvas.geometry import ports_by_node
from engine.design.document import Document, Node, Wire
from engine.design.problems import Problem, Report

PortState = Literal["", "fits", "refused", "chosen"]


@dataclass(frozen=True)
class BoxLook:
    """Everything that a box shows, as words.

    Attributes:
        name, fields, shape: its lines; empty where there is nothing to say.
        parameters: how many numbers it learns.
        category: of its layer; gives the edge its colour.
        ports: how many input ports it has.
        severity: "error", "warning" or ""; sentence: the problem in words. help: the tooltip.
        outputs: how many output ports it has. folded: it stands for several boxes.
    """

    name: str
    fields: str
    shape: str
    parameters: int
    category: str
    ports: int
    severity: Literal["error", "warning", ""] = ""
    sentence: str = ""
    help: str = ""
    outputs: int = 1
    folded: bool = False


@dataclass(frozen=True)
class BoxState:
    """What the user's hand does to a box at the moment; ``lit``: it is on the way that is being explained."""

    selected: bool = False
    hovered: bool = False
    lit: bool = False
    inputs: tuple[PortState, ...] = ()
    outputs: tuple[PortState, ...] = ()


def box_look(node: Node, ports: int, report: Report, problems: Sequence[Problem] = ()) -> BoxLook:
    """What a box shows; ``problems`` are those of this node."""
    spec, cost = report.specs.get(node.id), report.costs.get(node.id)
    layer = node.layer
    lines = [f"{node.label} ({layer.title or layer.kind})", layer.key_fields()]
    if spec:
        lines.append(f"gives {spec}")
    if cost and cost.parameters:
        lines.append(f"{cost.parameters:,} parameters")
    lines += [sentence(problem.reason) for problem in problems]
    return BoxLook(
        name=node.label,
        fields=layer.key_fields() or layer.title,
        shape=str(spec) if spec else "",
        parameters=cost.parameters if cost else 0,
        category=layer.category,
        ports=ports,
        severity=problems[0].severity if problems else "",
        sentence=sentence(problems[0].reason) if problems else "",
        help="\n".join(line for line in lines if line),
    )


def box_looks(document: Document, report: Report) -> Iterator[tuple[str, BoxLook]]:
    """What each box of a document shows."""
    problems: dict[str, list[Problem]] = {}
    for problem in report.problems:
        problems.setdefault(problem.node, []).append(problem)
    ports = ports_by_node(document)
    for node in document.nodes:
        yield node.id, box_look(node, ports[node.id], report, problems.get(node.id, ()))


def differing(document: Document, report: Report, before: Report) -> Iterator[tuple[str, BoxLook]]:
    """What those boxes show of which one report says something else than the other: most say the same."""
    problems = {problem.node for problem in (*report.problems, *before.problems)}
    ports = ports_by_node(document)
    for node in document.nodes:
        now, then = ((each.specs.get(node.id), each.costs.get(node.id)) for each in (report, before))
        if now != then or node.id in problems:
            yield node.id, box_look(node, ports[node.id], report, report.of(node.id))


def sentence(reason: str) -> str:
    """A reason as it stands alone: with a capital, unless it begins with the id of a node."""
    first = reason.split(" ", 1)[0]
    return reason[:1].upper() + reason[1:] if first.isalpha() else reason


def spoken(node: Node, report: Report) -> str:
    """A box in one sentence, for a screen reader."""
    return box_look(node, 0, report, report.of(node.id)).help.replace("\n", ", ")


def wire_label(wire: Wire, report: Report) -> str:
    spec = report.specs.get(wire.source)
    return str(spec) if spec else ""


def compact(number: int) -> str:
    """A count in at most five signs: 56, 1,056, 12.4k, 100k, 1.2M."""
    if number < 10_000:
        return f"{number:,}"
    for size, sign in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if number >= size * 0.9995:
            scaled = number / size
            return f"{scaled:.1f}{sign}" if scaled < 99.95 else f"{scaled:.0f}{sign}"
    return str(number)
