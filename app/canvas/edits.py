"""What the keyboard and the menus do to the boxes of a document. Pure: a document in, a document out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from math import ceil

from PySide6.QtCore import QRectF

from app.canvas.geometry import BELOW, COLUMN, FRAME, GAP, GRID, STRIP, TITLE, WIDTH
from app.canvas.grouping import free_id, heights_of, with_group
from app.canvas.remarks import moved as notes_moved
from engine.design.annotations import Remark
from engine.design.checks import Problem, apply_fix
from engine.design.document import Document, Node, Wire
from engine.errors import DesignError
from engine.exchange.design_json import dumps, loads
from engine.layers import Layer


def copied(document: Document, ids: Iterable[str], remarks: Iterable[str] = ()) -> str:
    """The boxes with the wires and groups among them, and the notes, as the text of a design, for the clipboard.

    Empty where there is nothing.
    """
    chosen, noted = set(ids), set(remarks)
    part = Document(
        nodes=tuple(node for node in document.nodes if node.id in chosen),
        wires=tuple(wire for wire in document.wires if {wire.source, wire.target} <= chosen),
        groups=tuple(group for group in document.groups if chosen.issuperset(group.members)),
        remarks=tuple(remark for remark in document.remarks if remark.id in noted),
    )
    return dumps(part) if part.nodes or part.remarks else ""


@dataclass(frozen=True)
class Pasted:
    """A document with what was pasted into it, and the ids that the new nodes and notes have been given."""

    document: Document
    ids: tuple[str, ...]
    remarks: tuple[str, ...]


def pasted(document: Document, text: str, at: tuple[float, float] | None = None) -> Pasted:
    """The document with the boxes of a design's text, their top left corner ``at`` a place or beside the originals.

    Raises:
        DesignError: the text is no design, or holds no boxes.
    """
    part = loads(text)
    things = (*part.nodes, *part.remarks)
    if not things:
        raise DesignError("The clipboard", "holds no boxes", "Copy some on a canvas first.")
    left, top = min(thing.x for thing in things), min(thing.y for thing in things)
    by = (at[0] - left, at[1] - top) if at is not None else _free_step(document, part)
    names: dict[str, str] = {}
    nodes, wires = [], []
    for node in part.nodes:
        id = names[node.id] = free_id(node.layer.kind, (*document.by_id, *names.values()))
        nodes.append(node.but(id=id, x=node.x + by[0], y=node.y + by[1]))
    for wire in part.wires:
        wires.append(Wire(source=names[wire.source], target=names[wire.target], port=wire.port))
    whole = document.but(nodes=(*document.nodes, *nodes), wires=(*document.wires, *wires))
    for group in part.groups:
        id = free_id("group", (each.id for each in whole.groups))
        whole = whole.but(groups=(*whole.groups, group.but(id=id, members=tuple(names[m] for m in group.members))))
    noted = []
    for remark in part.remarks:
        noted.append(free_id("note", (each.id for each in whole.remarks)))
        copy = remark.but(id=noted[-1], x=remark.x + by[0], y=remark.y + by[1])
        whole = whole.but(remarks=(*whole.remarks, copy))
    return Pasted(whole, tuple(names.values()), tuple(noted))


def _free_step(document: Document, part: Document) -> tuple[float, float]:
    """How far copies have to step aside so that they do not lie on the originals."""
    places = {(thing.x, thing.y) for thing in (*document.nodes, *document.remarks)}
    step = 0.0
    while any((thing.x + step, thing.y + step) in places for thing in (*part.nodes, *part.remarks)):
        step += 3 * GRID
    return step, step


def nudged(document: Document, ids: Iterable[str], dx: float, dy: float) -> Document:
    chosen = {id: document.node(id) for id in ids}
    return document.move({id: (node.x + dx, node.y + dy) for id, node in chosen.items()})


def opened(document: Document, id: str) -> Document:
    """A group's boxes to be seen again; what stands where they are to be moves aside, to the right and below.

    A note that lay beside the group's box moves below what it would lie on; one that lay under it stays there.
    """
    document = with_group(document, id, folded=False)
    members = next(group.members for group in document.groups if group.id == id)
    heights = heights_of(document)
    boxes = {node.id: QRectF(node.x, node.y, WIDTH, heights[node.id] + STRIP) for node in document.nodes}
    taken = reduce(QRectF.united, [boxes.pop(member) for member in members])
    lower = _hidden(taken, boxes.values())
    document = nudged(document, members, 0, lower)
    taken.translate(0, lower)
    column = taken.left() + WIDTH  # where the folded box ended
    hit = [box for box in boxes.values() if box.intersects(taken)]
    right = max((taken.right() + COLUMN - WIDTH - box.left() for box in hit if box.left() >= column), default=0.0)
    down = max((taken.bottom() + 2 * GRID - box.top() for box in hit if box.left() < column), default=0.0)
    beside = [id for id, box in boxes.items() if box.left() >= column]
    below = [
        id for id, box in boxes.items() if box.left() < column < box.right() + WIDTH and box.bottom() > taken.top()
    ]
    document = nudged(nudged(document, beside, right, 0), below, 0, down)
    box = QRectF(taken.left(), taken.top(), WIDTH, 9 * GRID)
    beside_it = [note for note in document.remarks if not _area(note).intersects(box)]
    return _notes_below(document, beside_it, taken.adjusted(-FRAME, -FRAME - TITLE, FRAME, BELOW))


def _area(note: Remark) -> QRectF:
    return QRectF(note.x, note.y, note.width, note.height)


def _notes_below(document: Document, notes: Iterable[Remark], frame: QRectF) -> Document:
    """The document with these notes below a frame and below all boxes on which they would come to lie."""
    heights = heights_of(document)
    boxes = [QRectF(node.x, node.y, WIDTH, heights[node.id] + STRIP) for node in document.nodes]
    places = {}
    for note in notes:
        area = _area(note)
        if not area.intersects(frame):
            continue
        while hit := [each for each in (frame, *boxes) if each.intersects(area)]:
            area.moveTop(GRID * ceil(max(each.bottom() for each in hit) / GRID + 1))
        places[note.id] = area.x(), area.y()
    return notes_moved(document, places)


def _hidden(taken: QRectF, boxes: Iterable[QRectF]) -> float:
    """How much of a frame's title lies behind what stands right above its boxes, or touches it: so far down they go."""
    title = taken.adjusted(-FRAME, -FRAME - TITLE - GRID, FRAME, 0)
    above = [box.bottom() for box in boxes if box.intersects(title) and not box.intersects(taken)]
    lowest = max((bottom for bottom in above if bottom <= taken.top()), default=title.top())
    return GRID * ceil((lowest - title.top()) / GRID)


def removed(document: Document, ids: Iterable[str], wires: Iterable[Wire]) -> Document:
    """Without these boxes (their wires heal) and these wires."""
    for wire in wires:
        document = document.disconnect(wire)
    return document.remove(sorted(ids))


def added_after(document: Document, layer: Layer, after: str | None) -> tuple[Document, str]:
    """A layer right of ``after``, fed by it and handing on to what it fed; without ``after``, in a free place.

    A layer that takes no input is put beside it and left unwired.
    """
    id = document.fresh_id(layer.kind)
    if after is None:
        x, y = free_place(document, *_beginning(document))
        return document.add(layer, x, y, id=id), id
    node = document.node(after)
    follows = document.outputs(after)
    if not follows or layer.arity[1] == 0:
        x, y = free_place(document, node.x + COLUMN, node.y)
        document = document.add(layer, x, y, id=id)
        return (document if layer.arity[1] == 0 else document.connect(after, id, 0)), id
    document = make_room(document, after)
    x, y = free_place(document, node.x + COLUMN, node.y)
    document = document.add(layer, x, y, id=id)
    wires = tuple(wire.but(source=id) if wire in follows else wire for wire in document.wires)
    return document.but(wires=wires).connect(after, id, 0), id


def make_room(document: Document, after: str) -> Document:
    """Everything right of a box further to the right, where what it feeds stands too near for another box between."""
    node = document.node(after)
    nearest = min(document.node(wire.target).x for wire in document.outputs(after))
    by = node.x + 2 * COLUMN - nearest
    if nearest <= node.x or by <= 0:
        return document
    return nudged(document, [other.id for other in document.nodes if other.x >= nearest], by, 0)


def mended(document: Document, problem: Problem) -> Document:
    """The document with the problem's fix made, and room for the box that it may bring.

    Raises:
        ValueError: the fix no longer fits the document.
    """
    after = apply_fix(document, problem)
    feeding = document.inputs(problem.node) if problem.node in document.by_id else ()
    if feeding and _stacked(document, after):
        after = apply_fix(make_room(document, feeding[0].source), problem)
    for id in _stacked(document, after):
        node = after.node(id)
        others = after.remove([id], heal=False)
        after = after.move({id: free_place(others, node.x, node.y)})
    return after


def with_room(before: Document, after: Document) -> Document:
    """An edit that has put layers behind others, each in a column of its own; what follows moves on."""
    for id in after.order():
        feeding = after.inputs(id)
        if id in before.by_id or not feeding:
            continue
        source = after.node(feeding[0].source)
        roomy = make_room(after.remove([id]), source.id)
        places = {node.id: (node.x, node.y) for node in roomy.nodes}
        after = after.move(places | {id: (source.x + COLUMN, source.y)})
    return after


def _stacked(before: Document, after: Document) -> list[str]:
    """The new boxes that lie on another."""
    new = [node for node in after.nodes if node.id not in before.by_id]
    return [n.id for n in new if free_place(after.remove([n.id], heal=False), n.x, n.y) != (n.x, n.y)]


def _beginning(document: Document) -> tuple[float, float]:
    if not document.nodes:
        return 0.0, 0.0
    last = max(document.nodes, key=lambda node: node.x)
    return last.x + COLUMN, last.y


def free_place(document: Document, x: float, y: float) -> tuple[float, float]:
    """The first place from (x, y) downwards where a box lies on no other."""
    while any(abs(node.x - x) < WIDTH and abs(node.y - y) < 9 * GRID for node in document.nodes):
        y += 9 * GRID + GAP
    return x, y


def aligned(document: Document, ids: Iterable[str], edge: str) -> Document:
    """Boxes brought to one line: "left", "center" or "right" makes a column, "top", "middle" or "bottom" a row."""
    nodes = [document.node(id) for id in ids]
    if len(nodes) < 2:
        return document
    heights = heights_of(document)
    places = {node.id: (node.x, node.y) for node in nodes}
    if edge in ("left", "right", "center"):
        # All boxes are of one width, so that these are one and the same but for which box gives the line.
        line = {"left": min, "right": max}.get(edge, _mean)([node.x for node in nodes])
        places = {node.id: (_on_grid(line), node.y) for node in nodes}
    elif edge in ("top", "bottom", "middle"):
        share = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[edge]
        lines = [node.y + share * heights[node.id] for node in nodes]
        line = {"top": min, "bottom": max}.get(edge, _mean)(lines)
        places = {node.id: (node.x, _on_grid(line - share * heights[node.id])) for node in nodes}
    return document.move(places)


def distributed(document: Document, ids: Iterable[str], axis: str) -> Document:
    """Boxes at equal distances between the outermost two; ``axis`` is "x" or "y"."""
    nodes = sorted((document.node(id) for id in ids), key=lambda node: getattr(node, axis))
    if len(nodes) < 3:
        return document
    first, last = getattr(nodes[0], axis), getattr(nodes[-1], axis)
    places = {}
    for number, node in enumerate(nodes):
        at = _on_grid(first + (last - first) * number / (len(nodes) - 1)) if node not in (nodes[0], nodes[-1]) else None
        here = getattr(node, axis) if at is None else at
        places[node.id] = (here, node.y) if axis == "x" else (node.x, here)
    return document.move(places)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _on_grid(value: float) -> float:
    return round(value / GRID) * GRID


def renamed(document: Document, node: Node, name: str) -> Document:
    return document.replace(node.id, name="" if name == node.id else name)
