"""Who feeds whom in a document: wires by node, an order that runs forward, paths and cycles."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from engine.design.document import Document, Wire


class Graph:
    """The wires of a document, indexed once so that a check is linear in the size of the design.

    Attributes:
        incoming: {node id: wires that end there, by port}.
        outgoing: {node id: wires that begin there}.
        order: node ids so that every wire goes forward; nodes on or behind a cycle are left out.
    """

    def __init__(self, document: Document) -> None:
        self.incoming: dict[str, list[Wire]] = {node.id: [] for node in document.nodes}
        self.outgoing: dict[str, list[Wire]] = {node.id: [] for node in document.nodes}
        for wire in document.wires:
            self.incoming[wire.target].append(wire)
            self.outgoing[wire.source].append(wire)
        for wires in self.incoming.values():
            wires.sort(key=_port)
        self.order = self._forward()

    def _forward(self) -> tuple[str, ...]:
        waiting = {id: len(wires) for id, wires in self.incoming.items()}
        ready = deque(id for id, count in waiting.items() if count == 0)
        done = []
        while ready:
            id = ready.popleft()
            done.append(id)
            for wire in self.outgoing[id]:
                waiting[wire.target] -= 1
                if waiting[wire.target] == 0:
                    ready.append(wire.target)
        return tuple(done)

    def path(self, source: str, target: str) -> tuple[str, ...]:
        """The nodes of a shortest way along the wires, both ends included; empty where there is none."""
        came_from = {source: ""}
        ahead = deque([source])
        while ahead:
            id = ahead.popleft()
            if id == target:
                return tuple(reversed(tuple(_walk_back(came_from, id))))
            for wire in self.outgoing[id]:
                if wire.target not in came_from:
                    came_from[wire.target] = id
                    ahead.append(wire.target)
        return ()

    def cycles(self) -> list[tuple[str, ...]]:
        """Cycles without a node in common, each as its nodes in the direction of the wires; no cycle: empty."""
        left = self._without_dead_ends(set(self.incoming) - set(self.order))
        found = []
        for start in self.incoming:
            if start not in left:
                continue
            ring = self._ring(start, left)
            left -= {start, *ring}
            if ring:
                found.append(ring)
        return found

    def _without_dead_ends(self, ids: set[str]) -> set[str]:
        """Those of ``ids`` from which wires lead on for ever: a long tail behind a cycle would be searched in vain."""
        leads_to = {id: sum(wire.target in ids for wire in self.outgoing[id]) for id in ids}
        ends = [id for id, count in leads_to.items() if count == 0]
        while ends:
            id = ends.pop()
            del leads_to[id]
            for wire in self.incoming[id]:
                if wire.source in leads_to:
                    leads_to[wire.source] -= 1
                    if leads_to[wire.source] == 0:
                        ends.append(wire.source)
        return set(leads_to)

    def _ring(self, start: str, among: set[str]) -> tuple[str, ...]:
        """A shortest cycle through ``start`` over the nodes of ``among``; empty where there is none."""
        came_from: dict[str, str] = {}
        ahead = deque([start])
        while ahead:
            id = ahead.popleft()
            for wire in self.outgoing[id]:
                if wire.target == start:
                    came_from[start] = ""
                    return tuple(reversed(tuple(_walk_back(came_from, id))))
                if wire.target in among and wire.target not in came_from:
                    came_from[wire.target] = id
                    ahead.append(wire.target)
        return ()


def _walk_back(came_from: dict[str, str], id: str) -> Iterable[str]:
    while id:
        yield id
        id = came_from[id]


def _port(wire: Wire) -> int:
    return wire.port
