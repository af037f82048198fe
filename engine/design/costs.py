"""What a design needs: parameters, multiply-adds and memory of every node, and whether this machine has so much."""

from __future__ import annotations

from collections.abc import Mapping

from engine.design.document import Document
from engine.design.graph import Graph
from engine.design.problems import Cost, Problem
from engine.layers.base import Spec


def costs_of(
    document: Document, graph: Graph, specs: Mapping[str, Spec]
) -> tuple[dict[str, Cost], list[Problem]]:
    """{node id: Cost} for the nodes whose shapes are known, and what would not fit into memory."""
    return {}, []
