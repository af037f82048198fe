"""Boxes taken together as one: making and opening groups, and what a folded one stands for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.canvas.geometry import Port, box_geometry, ports_by_node
from app.canvas.look import BoxLook, box_look, sentence
from engine.design.annotations import Group, without_member
from engine.design.checks import Report
from engine.design.document import Document, Wire


@dataclass(frozen=True)
class Folded:
    """What a folded group shows outside: the ports of its members that lead out of it, from above to below.

    Attributes:
        inputs: those that are fed from outside or by nothing. outputs: those that feed what is outside, or nothing.
    """

    group: Group
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]


def grouped(document: Document, ids: Iterable[str]) -> tuple[Document, str]:
    """These boxes as one folded group, taken out of the groups that they were in; and the group's id.

    Raises:
        ValueError: no box is named.
    """
    chosen = set(ids)
    members = tuple(node.id for node in document.nodes if node.id in chosen)
    groups = document.groups
    for member in members:
        groups = without_member(groups, member)
    made = Group(id=free_id("group", (group.id for group in groups)), members=members)
    return document.but(groups=(*groups, made)), made.id


def ungrouped(document: Document, ids: Iterable[str]) -> Document:
    """Without the groups that these boxes are in; the boxes stay."""
    chosen = set(ids)
    return document.but(groups=tuple(group for group in document.groups if not chosen & set(group.members)))


def with_group(document: Document, id: str, **changes: object) -> Document:
    """A group with some of its fields (``folded``, ``name``) changed."""
    return document.but(groups=tuple(g.but(**changes) if g.id == id else g for g in document.groups))


def whole_groups(document: Document, ids: Iterable[str]) -> frozenset[str]:
    """The boxes, and with one of a folded group all of it: the hand cannot take hold of less."""
    chosen = set(ids)
    for group in document.groups:
        if group.folded and chosen & set(group.members):
            chosen |= set(group.members)
    return frozenset(chosen)


def folded_groups(document: Document) -> tuple[Folded, ...]:
    """The folded groups of a document with their outer ports."""
    if not any(group.folded for group in document.groups):
        return ()
    ports = ports_by_node(document)
    return tuple(_folded(document, group, ports) for group in document.groups if group.folded)


def _folded(document: Document, group: Group, ports: dict[str, int]) -> Folded:
    members = set(group.members)
    inside = {(w.target, w.port) for w in document.wires if {w.source, w.target} <= members}
    feeding = {w.source for w in document.wires if w.source in members}
    leading_out = {w.source for w in document.wires if w.source in members and w.target not in members}
    by_place = sorted((document.node(id) for id in group.members), key=lambda node: (node.y, node.x))
    return Folded(
        group,
        tuple(
            Port(node.id, "input", port)
            for node in by_place
            for port in range(ports[node.id])
            if (node.id, port) not in inside
        ),
        tuple(Port(node.id, "output") for node in by_place if node.id in leading_out or node.id not in feeding),
    )


def folded_look(document: Document, folded: Folded, report: Report) -> BoxLook:
    """What a folded group shows: the members' layers, what leaves it, all parameters, and the first problem inside."""
    nodes = [document.node(id) for id in folded.group.members]
    problems = [problem for problem in report.problems if problem.node in folded.group.members]
    shapes = [str(report.specs[port.node]) for port in folded.outputs if port.node in report.specs]
    parameters = sum(report.costs[node.id].parameters for node in nodes if node.id in report.costs)
    first = problems[0] if problems else None
    count = f"{len(nodes)} boxes" if len(nodes) > 1 else "1 box"
    lines = [f"{folded.group.label} ({count}; a double click opens it)"]
    lines += [box_look(node, 0, report).help.split("\n")[0] for node in nodes[:12]]
    lines += [f"… {len(nodes) - 12} more"] if len(nodes) > 12 else []
    lines += [f"{document.node(problem.node).label}: {sentence(problem.reason)}" for problem in problems]
    return BoxLook(
        name=folded.group.label,
        fields=f"{count}: {', '.join(_titles([node.layer.title or node.layer.kind for node in nodes]))}",
        shape=", ".join(shapes),
        parameters=parameters,
        category="",
        ports=len(folded.inputs),
        severity=first.severity if first else "",
        sentence=f"{document.node(first.node).label}: {first.reason}" if first else "",
        help="\n".join(lines),
        outputs=len(folded.outputs),
        folded=True,
    )


def _titles(titles: list[str]) -> list[str]:
    """``3 Dense``, ``Add``: each kind once, with its number."""
    return [f"{titles.count(title)} {title}" if titles.count(title) > 1 else title for title in dict.fromkeys(titles)]


def reduced(document: Document) -> tuple[Document, dict[str, tuple[str, ...]]]:
    """The design as it is seen: each folded group as its first member alone, at the group's place, with outer wires.

    It is for places and ways only: wires are numbered anew, and it may hold circles that the design has not.

    Returns:
        the document, and {that member: all members}.
    """
    folded = folded_groups(document)
    if not folded:
        return document, {}
    stands_for = {id: each.group.members[0] for each in folded for id in each.group.members}
    corners = {each.group.members[0]: corner(document, each.group) for each in folded}
    nodes = tuple(
        node.but(x=corners[node.id][0], y=corners[node.id][1]) if node.id in corners else node
        for node in document.nodes
        if stands_for.get(node.id, node.id) == node.id
    )
    wires, taken = [], dict.fromkeys((node.id for node in nodes), 0)
    for wire in document.wires:
        source, target = (stands_for.get(end, end) for end in (wire.source, wire.target))
        if source != target:
            wires.append(Wire(source=source, target=target, port=taken[target]))
            taken[target] += 1
    members = {each.group.members[0]: each.group.members for each in folded}
    return Document(nodes=nodes, wires=tuple(wires)), members


def heights_of(document: Document) -> dict[str, float]:
    """{node id: height of its box}."""
    return {id: box_geometry(ports).box.height() for id, ports in ports_by_node(document).items()}


def height_of(folded: Folded) -> float:
    return box_geometry(len(folded.inputs), len(folded.outputs)).box.height()


def free_id(kind: str, taken: Iterable[str]) -> str:
    """``dense_1``, ``dense_2`` …: the first that is not taken."""
    used, number = set(taken), 1
    while f"{kind}_{number}" in used:
        number += 1
    return f"{kind}_{number}"


def corner(document: Document, group: Group) -> tuple[float, float]:
    """The top left corner of a group's boxes together: there its box stands."""
    nodes = [document.node(id) for id in group.members]
    return min(node.x for node in nodes), min(node.y for node in nodes)
