"""The edits that mend a problem: a field set, a layer put in or appended, a wire or a node taken away."""

from __future__ import annotations

from engine.design.document import Document, Node, Wire
from engine.design.problems import Problem
from engine.layers import Layer

COLUMN = 224.0  # px from layer to layer, as the canvas arranges them


def apply_fix(document: Document, problem: Problem) -> Document:
    """The document with the problem's fix made; unchanged where it has none.

    A "set" without a node sets a field of the training settings. ``Fix.value`` says more where an action needs it.
    "insert": the wire to bring in, drawn or not (None: every wire that ends at the node goes through a layer of its
    own); "append": the new layer's fields; "remove": the wire, the number of the free input to close, or None for
    the node itself.

    Raises:
        ValueError: the fix no longer fits the document (pydantic's error, or an unknown node).
    """
    fix = problem.fix
    if fix is None:
        return document
    if fix.action == "set" and not problem.node:
        return document.but(training=document.training.but(**{fix.field: fix.value}))
    if problem.node not in document.by_id:
        raise ValueError(f"the node {problem.node!r} is no longer there")
    node = document.node(problem.node)
    if fix.action == "set":
        return document.set_fields(node.id, **{fix.field: fix.value})
    if fix.action == "insert":
        return _insert(document, node, Layer.parse(fix.layer), fix.value)
    if fix.action == "append":
        fields = fix.value if isinstance(fix.value, dict) else {}
        return _append(document, node, Layer.parse({"type": fix.layer, **fields}))
    if isinstance(fix.value, Wire):
        return document.disconnect(fix.value)
    if isinstance(fix.value, int):
        return _close_port(document, node, fix.value)
    return document.remove([node.id])


def _insert(document: Document, node: Node, layer: Layer, wire: object) -> Document:
    if isinstance(wire, Wire) and wire not in document.wires:
        return _join(document, node, layer, wire)
    wires = (wire,) if isinstance(wire, Wire) else document.inputs(node.id)
    for each in wires:
        source = document.node(each.source)
        document = document.insert(each, layer, (source.x + node.x) / 2, (source.y + node.y) / 2)
    if not wires:
        id = document.fresh_id(layer.kind)
        document = document.add(layer, node.x - COLUMN, node.y, id=id).connect(id, node.id)
    return document


def _join(document: Document, node: Node, layer: Layer, wire: Wire) -> Document:
    """A layer before ``node`` that takes the refused wire, and the one that stood in its way."""
    id = document.fresh_id(layer.kind)
    there = next((w for w in document.inputs(node.id) if w.port == wire.port), None)
    source = document.node(wire.source)
    joined = document.add(layer, (source.x + node.x) / 2, (source.y + node.y) / 2, id=id)
    if there is not None:
        joined = joined.disconnect(there).connect(there.source, id)
    return joined.connect(wire.source, id).connect(id, node.id, wire.port)


def _append(document: Document, node: Node, layer: Layer) -> Document:
    id = document.fresh_id(layer.kind)
    return document.add(layer, node.x + COLUMN, node.y, id=id).connect(node.id, id)


def _close_port(document: Document, node: Node, port: int) -> Document:
    def closed(wire: Wire) -> Wire:
        return wire.but(port=wire.port - 1) if wire.target == node.id and wire.port > port else wire

    return document.but(wires=tuple(map(closed, document.wires)))
