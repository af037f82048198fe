"""Where two layers in a row could be one: nothing bends what runs between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.design.document import Document
from engine.design.graph import Graph
from engine.design.problems import Problem
from engine.layers.base import Fix, Spec
from engine.layers.dense import Dense

PLANE = 2  # units


def straight_problems(document: Document, graph: Graph, specs: Mapping[str, Spec]) -> Iterator[Problem]:
    """Warn of a Dense without a bend before other Dense layers: W₂(W₁x + b₁) + b₂ is one linear layer again.

    A layer of fewer units than go in and come out is left alone: it lowers the rank, which somebody may want. So is one
    of two units: it is a plane to look at.
    """
    for node in document.nodes:
        if not isinstance(node.layer, Dense) or node.layer.activation != "linear" or node.id not in specs:
            continue
        readers = [document.node(wire.target) for wire in graph.outgoing[node.id]]
        before = [wire.source for wire in graph.incoming[node.id]]
        if not readers or len(before) != 1 or before[0] not in specs:
            continue
        widths = [reader.layer.units for reader in readers if isinstance(reader.layer, Dense)]
        if len(widths) < len(readers) or node.layer.units <= PLANE:
            continue
        if node.layer.units >= min(specs[before[0]].shape[-1], *widths):
            names = " and ".join(reader.label for reader in readers)
            reason = f"nothing bends what it gives to {names}: together they are no more than one linear layer"
            yield Problem("warning", node.id, "activation", reason, Fix("Use ReLU", "set", "activation", "relu"))
