"""What the user built: nodes, wires, data and training, as one frozen value with its edits."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from pydantic import Field, model_validator

from engine.data.dataset import Source
from engine.data.synthetic import Spiral
from engine.design.annotations import Group, Remark, without_member
from engine.design.declared import Value
from engine.layers import Layer
from engine.training.spec import DataSplit, TrainingSpec

FORMAT = 1


class Node(Value):
    """A layer on the canvas. ``id`` never changes; ``name`` is what the user calls it."""

    id: str = Field(min_length=1, max_length=80, pattern=r"^[^/\x00-\x1f]+$")
    layer: Layer
    name: str = Field("", max_length=80)
    x: float = 0.0
    y: float = 0.0

    @property
    def label(self) -> str:
        return self.name or self.id


class Wire(Value):
    """From the output of ``source`` to input number ``port`` of ``target``."""

    source: str
    target: str
    port: int = Field(0, ge=0)


class Document(Value):
    """A design. Every edit returns a new document; what is invalid is said by `engine.design.checks.problems`."""

    title: str = ""
    notes: str = ""
    nodes: tuple[Node, ...] = ()
    wires: tuple[Wire, ...] = ()
    data: Source = Spiral()
    split: DataSplit = DataSplit()
    training: TrainingSpec = TrainingSpec()
    remarks: tuple[Remark, ...] = ()
    groups: tuple[Group, ...] = ()

    @model_validator(mode="after")
    def _wires_join_nodes(self) -> Document:
        ids = [node.id for node in self.nodes]
        if len(set(ids)) != len(ids):
            twice = next(name for name in ids if ids.count(name) > 1)
            raise ValueError(f"two nodes have the id {twice!r}")
        known, taken = set(ids), set()
        for wire in self.wires:
            for end in (wire.source, wire.target):
                if end not in known:
                    raise ValueError(f"a wire names the node {end!r}, which is not there")
            if (wire.target, wire.port) in taken:
                raise ValueError(f"two wires end at input {wire.port} of {wire.target!r}")
            taken.add((wire.target, wire.port))
        return self

    @model_validator(mode="after")
    def _groups_hold_nodes(self) -> Document:
        known = {node.id for node in self.nodes}
        grouped: set[str] = set()
        for entries in (self.remarks, self.groups):
            ids = [entry.id for entry in entries]
            if len(set(ids)) != len(ids):
                raise ValueError(f"two {'groups' if entries is self.groups else 'notes'} have the same id")
        for group in self.groups:
            for member in group.members:
                if member not in known:
                    raise ValueError(f"the group {group.label!r} names the node {member!r}, which is not there")
                if member in grouped:
                    raise ValueError(f"the node {member!r} is in two groups, or twice in one")
                grouped.add(member)
        return self

    @cached_property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    def node(self, id: str) -> Node:
        return self.by_id[id]

    def inputs(self, id: str) -> tuple[Wire, ...]:
        """The wires that end at a node, by port."""
        return tuple(sorted((w for w in self.wires if w.target == id), key=lambda w: w.port))

    def outputs(self, id: str) -> tuple[Wire, ...]:
        return tuple(w for w in self.wires if w.source == id)

    def fresh_id(self, kind: str) -> str:
        """``dense_1``, ``dense_2`` …: the first that is free."""
        number = 1
        while f"{kind}_{number}" in self.by_id:
            number += 1
        return f"{kind}_{number}"

    def add(self, layer: Layer, x: float = 0.0, y: float = 0.0, id: str = "", name: str = "") -> Document:
        node = Node(id=id or self.fresh_id(layer.kind), layer=layer, name=name, x=x, y=y)
        return self.but(nodes=(*self.nodes, node))

    def replace(self, id: str, **changes: Any) -> Document:
        """A node with some of its own fields (``layer``, ``name``, ``x``, ``y``) changed."""
        return self.but(nodes=tuple(n.but(**changes) if n.id == id else n for n in self.nodes))

    def set_fields(self, id: str, **fields: Any) -> Document:
        """A node's layer with some fields changed.

        Raises:
            ValueError: a value is out of its bounds (pydantic's error, with the field's name).
        """
        return self.replace(id, layer=self.node(id).layer.but(**fields))

    def move(self, places: dict[str, tuple[float, float]]) -> Document:
        return self.but(
            nodes=tuple(n.but(x=places[n.id][0], y=places[n.id][1]) if n.id in places else n for n in self.nodes)
        )

    def connect(self, source: str, target: str, port: int | None = None) -> Document:
        """A wire to ``port``, or to the first free one; a wire that ends there is replaced."""
        if port is None:
            taken = {w.port for w in self.inputs(target)}
            port = next(p for p in range(len(taken) + 1) if p not in taken)
            most = self.node(target).layer.arity[1]
            if most is not None:
                port = min(port, max(most - 1, 0))
        kept = tuple(w for w in self.wires if (w.target, w.port) != (target, port))
        return self.but(wires=(*kept, Wire(source=source, target=target, port=port)))

    def disconnect(self, wire: Wire) -> Document:
        return self.but(wires=tuple(w for w in self.wires if w != wire))

    def remove(self, ids: Iterable[str], heal: bool = True) -> Document:
        """Without these nodes; a node with one input hands it on to what it fed."""
        document = self
        for id in ids:
            before = document.inputs(id)
            kept = [w for w in document.wires if id not in (w.source, w.target)]
            if heal and len(before) == 1:
                kept += [w.but(source=before[0].source) for w in document.outputs(id)]
            document = document.but(
                nodes=tuple(n for n in document.nodes if n.id != id),
                wires=tuple(kept),
                groups=without_member(document.groups, id),
            )
        return document

    def insert(self, wire: Wire, layer: Layer, x: float, y: float, id: str = "") -> Document:
        """A layer put into a wire."""
        id = id or self.fresh_id(layer.kind)
        document = self.disconnect(wire).add(layer, x, y, id=id)
        return document.connect(wire.source, id, 0).connect(id, wire.target, wire.port)

    def order(self) -> tuple[str, ...]:
        """Node ids so that every wire goes forward, ties in the order of ``nodes``; nodes on a cycle are left out."""
        feeds: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        waiting = dict.fromkeys(feeds, 0)
        for wire in self.wires:
            feeds[wire.source].append(wire.target)
            waiting[wire.target] += 1
        done = [id for id, count in waiting.items() if count == 0]
        for id in done:  # grows while it is walked
            for target in feeds[id]:
                waiting[target] -= 1
                if waiting[target] == 0:
                    done.append(target)
        return tuple(done)
