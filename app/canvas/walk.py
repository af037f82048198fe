"""From box to box by keyboard: along the wires to the sides, by place up and down. Pure."""

from __future__ import annotations

from engine.design.document import Document


def neighbour(document: Document, here: str | None, dx: int, dy: int) -> str | None:
    """The box that an arrow leads to: right and left follow a wire, up and down go to the next box in sight.

    From nowhere the walk begins at the leftmost box. None where there is nothing to go to.
    """
    if not document.nodes:
        return None
    if here is None:
        return min(document.nodes, key=lambda node: (node.x, node.y)).id
    wired = [w.target for w in document.outputs(here)] if dx > 0 else [w.source for w in document.inputs(here)]
    if dx and wired:
        return wired[0]
    node = document.node(here)
    ahead = []
    for other in document.nodes:
        x, y = other.x - node.x, other.y - node.y
        forward, aside = (x * dx, abs(y)) if dx else (y * dy, abs(x))
        if other.id != here and forward > 0:
            ahead.append((forward + 2 * aside, other.id))
    return min(ahead)[1] if ahead else None
