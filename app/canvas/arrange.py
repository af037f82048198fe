"""Automatic layout: boxes in columns from left to right, few crossings, wires as level as can be. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from app.canvas.geometry import COLUMN, GAP, GRID
from app.canvas.grouping import folded_groups, height_of, heights_of, reduced
from engine.design.document import Document
from engine.design.graph import Graph

SWEEPS: Final = 8  # passes over the columns; after about so many, orders no longer get better
LONE_GAP: Final = 2 * GAP  # between what is wired and what is not


def arranged(document: Document) -> Document:
    """Every box at the place that the layout gives it; the top left corner of the whole stays where it was.

    A folded group goes as one box, and its boxes with it.
    """
    seen, members = reduced(document)
    heights = heights_of(document)
    heights |= {each.group.members[0]: height_of(each) for each in folded_groups(document)}
    placed = _arranged(seen, heights)
    places = {node.id: (node.x, node.y) for node in placed.nodes}
    for first, ids in members.items():
        before, after = seen.node(first), placed.node(first)
        nodes = [document.node(id) for id in ids]
        places |= {node.id: (node.x + after.x - before.x, node.y + after.y - before.y) for node in nodes}
    return document.move(places)


def _arranged(document: Document, heights: Mapping[str, float]) -> Document:
    if not document.nodes:
        return document
    graph = Graph(document)
    columns = _columns(document, graph)
    tops = _tops(_with_few_crossings(columns, graph), graph, heights)
    lone = [node.id for node in document.nodes if node.id not in tops]
    below = max((tops[id] + heights[id] for id in tops), default=0.0) + (LONE_GAP if tops else 0.0)
    places = {id: (number * COLUMN, tops[id]) for number, column in enumerate(columns) for id in column}
    places |= {id: (number * COLUMN, below) for number, id in enumerate(lone)}
    left, top = min(node.x for node in document.nodes), min(node.y for node in document.nodes)
    high = min(y for _, y in places.values())
    return document.move({id: (_on_grid(left + x), _on_grid(top + y - high)) for id, (x, y) in places.items()})


def _columns(document: Document, graph: Graph) -> list[list[str]]:
    """Wired nodes by their longest way from a beginning; those on a cycle follow what feeds them from outside."""
    rank: dict[str, int] = {}
    rest = [node.id for node in document.nodes if node.id not in graph.order]
    for id in (*graph.order, *rest):
        if graph.incoming[id] or graph.outgoing[id]:
            rank[id] = 1 + max((rank[w.source] for w in graph.incoming[id] if w.source in rank), default=-1)
    columns: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for id, number in rank.items():
        columns[number].append(id)
    return columns


def _with_few_crossings(columns: list[list[str]], graph: Graph) -> list[list[str]]:
    """Each column sorted by where its neighbours stand, to and fro (the median heuristic of Eades and Wormald)."""
    place = {id: float(row) for column in columns for row, id in enumerate(column)}
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            wanted = {id: median(_neighbours(id, graph, forward, place) or [place[id]]) for id in column}
            column.sort(key=wanted.__getitem__)
            place |= {id: float(row) for row, id in enumerate(column)}
    return columns


def _neighbours(id: str, graph: Graph, before: bool, place: Mapping[str, float]) -> list[float]:
    ends = [w.source for w in graph.incoming[id]] if before else [w.target for w in graph.outgoing[id]]
    return [place[end] for end in ends if end in place]


def _tops(columns: Sequence[Sequence[str]], graph: Graph, heights: Mapping[str, float]) -> dict[str, float]:
    """The upper edge of each box: as level with its neighbours as its column lets it be."""
    middle: dict[str, float] = {}
    for column in columns:
        whole = sum(heights[id] for id in column) + GAP * (len(column) - 1)
        at = -whole / 2
        for id in column:
            middle[id] = at + heights[id] / 2
            at += heights[id] + GAP
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            wanted = [median(_neighbours(id, graph, forward, middle) or [middle[id]]) for id in column]
            middle |= dict(zip(column, _spread(wanted, [heights[id] for id in column]), strict=True))
    return {id: middle[id] - heights[id] / 2 for id in middle}


def _spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Middles in the given order, as near as can be (least squares) to the wanted ones, without overlap.

    Less the room that the boxes above it take, each middle may not lie above the one before: isotonic regression,
    by pooling neighbours that press against each other.
    """
    room = [0.0]
    for above, height in pairwise(heights):
        room.append(room[-1] + (above + height) / 2 + GAP)
    pools: list[tuple[float, int]] = []  # mean, how many
    for at, taken in zip(wanted, room, strict=True):
        mean, count = at - taken, 1
        while pools and pools[-1][0] >= mean:
            other, many = pools.pop()
            mean, count = (mean * count + other * many) / (count + many), count + many
        pools.append((mean, count))
    means = [mean for mean, count in pools for _ in range(count)]
    return [mean + taken for mean, taken in zip(means, room, strict=True)]


def _on_grid(value: float) -> float:
    return round(value / GRID) * GRID
