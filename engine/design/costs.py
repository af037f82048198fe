"""What a design needs: parameters, multiply-adds and memory of every node, and whether this machine has so much."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from engine.design.document import Document
from engine.design.graph import Graph
from engine.design.memory import free_memory, in_words
from engine.design.problems import Cost, Problem
from engine.layers import Layer
from engine.layers.base import Spec
from engine.program.builder import Builder

if TYPE_CHECKING:
    from engine.data.prepare import Prepared

REAL = 4  # bytes of a float32, in which designs are trained
ALWAYS_FITS = 100_000_000  # bytes below which the system need not be asked


class Counts(NamedTuple):
    """What lowering a layer gives, in numbers instead of bytes."""

    parameters: int
    state: int
    multiply_adds: int
    reals_per_example: int


def costs_of(
    document: Document, graph: Graph, specs: Mapping[str, Spec], prepared: Prepared | None
) -> tuple[dict[str, Cost], list[Problem]]:
    """{node id: Cost} for the nodes whose shapes are known, and what would not fit into memory.

    Nothing is allocated for it, however large the layers are.
    """
    training = document.training
    rows = training.batch_size
    if prepared is not None:
        rows = training.optimizer.batch(rows, prepared.train.stop - prepared.train.start)
    slots = training.optimizer.update().slots
    copies = 4 + 2 * slots  # value, gradient and slots; the last good value with its slots; the best value
    costs: dict[str, Cost] = {}
    for id in graph.order:
        if id in specs:
            layer, wires = document.node(id).layer, graph.incoming[id]
            # A wire may end at an Input, wrongly: nothing comes from there.
            enters = layer.arity[1] == 0
            counts = _entering(specs[id]) if enters else _counts(layer, tuple(specs[wire.source] for wire in wires))
            readers = len(graph.outgoing[id])
            sums = specs[id].size * readers if readers > 1 else 0  # a gradient for each reader, to be summed
            reals = counts.parameters * copies + counts.state * 3 + (counts.reals_per_example + sums) * rows
            costs[id] = Cost(counts.parameters, counts.multiply_adds, reals * REAL)
    return costs, _too_large(document, costs, rows)


@lru_cache(maxsize=4096)
def _counts(layer: Layer, arriving: tuple[Spec, ...]) -> Counts:
    """Lower one layer on its own; the builder only writes down what would be needed."""
    build = Builder()
    inputs = [build.tensor(spec) for spec in arriving]
    build.enter("node")
    build.leave(layer.lower(build, inputs))
    record = build.records["node"]
    return Counts(
        sum(parameter.size for parameter in record.parameters),
        sum(state.value.size for state in record.states),
        record.multiply_adds,
        record.reals_per_example,
    )


def _entering(spec: Spec) -> Counts:
    return Counts(0, 0, 0, spec.size)


def _too_large(document: Document, costs: Mapping[str, Cost], rows: int) -> list[Problem]:
    needed = sum(cost.bytes for cost in costs.values())
    free = free_memory() if needed > ALWAYS_FITS else None
    if free is None or needed <= free:
        return []
    here = f"this machine has {in_words(free)} free"
    batch = f" with {rows:,} examples in a batch" if rows > 1 else ""
    alone = [id for id, cost in costs.items() if cost.bytes > free]
    if alone:
        return [_refusal(document, id, f"would need {in_words(costs[id].bytes)}{batch}; {here}") for id in alone]
    largest = max(costs, key=lambda id: costs[id].bytes)
    share = f"is the largest part of a design that would need {in_words(needed)}{batch}; {here}"
    return [_refusal(document, largest, share)]


def _refusal(document: Document, id: str, reason: str) -> Problem:
    node = document.node(id)
    field = "units" if "units" in type(node.layer).model_fields else ""
    return Problem("error", id, field, f"{node.label} {reason}")
