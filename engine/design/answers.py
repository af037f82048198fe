"""Whether the network's answer and its loss fit what the data ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.design.document import Document
from engine.design.graph import Graph
from engine.design.problems import Problem
from engine.layers.base import Fix, Spec

if TYPE_CHECKING:
    from engine.data.dataset import Dataset
    from engine.data.prepare import Prepared


def answer_problems(
    document: Document, graph: Graph, specs: Mapping[str, Spec], sink: str, prepared: Prepared | None
) -> Iterator[Problem]:
    """What is wrong with the output of the last node, ``sink``, whose spec is known."""
    answer, label = specs[sink], document.node(sink).label
    if answer.tokens:
        reason = f"{label} is the end of the network, and token ids are no answer that can be learnt"
        yield Problem("error", sink, "", reason, Fix("Add a Dense behind it", "append", layer="dense"))
        return
    if prepared is None:
        return
    wanted = wanted_shape(prepared.dataset, prepared.outputs)
    if answer.shape != wanted:
        yield _misfit(document, graph, specs, sink, wanted, prepared.dataset)


def wanted_shape(dataset: Dataset, units: int) -> tuple[int, ...]:
    """The shape of one answer: ``units`` numbers, or so many at every time step where every step has its target."""
    per_step = dataset.task == "multiclass" and dataset.y.shape[1:] != (1,)
    return (*dataset.y.shape[1:], units) if per_step else (units,)


def _misfit(
    document: Document, graph: Graph, specs: Mapping[str, Spec], sink: str, wanted: tuple[int, ...], dataset: Dataset
) -> Problem:
    answer, units = specs[sink], wanted[-1]
    asked = {
        "regression": f"{dataset.name} asks for {_numbers(units)}",
        "binary": f"{dataset.name} asks for one number, which of two classes it is",
        "multiclass": f"{dataset.name} has {units} classes",
    }[dataset.task]
    if answer.shape[:-1] != wanted[:-1]:
        reason = f"the network answers with {answer}, and {asked}: {Spec(wanted)}"
        fixes = {True: Fix("Insert Flatten", "insert", layer="flatten")}
        flat_first = len(wanted) == 1 and _widest(document, graph, specs, sink) == sink
        return Problem("error", sink, "", reason, fixes.get(flat_first))
    reason = f"the network answers with {_numbers(answer.shape[-1])}, and {asked}"
    wide = _widest(document, graph, specs, sink)
    if not wide:
        text = f"Add a Dense with {_units(units)}"
        return Problem("error", sink, "", reason, Fix(text, "append", value={"units": units}, layer="dense"))
    text = f"Set units to {units}" if wide == sink else f"Set units of {document.node(wide).label} to {units}"
    return Problem("error", wide, "units", reason, Fix(text, "set", "units", units))


def _widest(document: Document, graph: Graph, specs: Mapping[str, Spec], sink: str) -> str:
    """The node whose ``units`` decide how many numbers the answer has; empty where there is none."""
    id = sink
    while "units" not in type(document.node(id).layer).model_fields:
        wires = graph.incoming[id]
        if len(wires) != 1 or specs[wires[0].source] != specs[id]:
            return ""
        id = wires[0].source
    return id


def _numbers(count: int) -> str:
    return "one number" if count == 1 else f"{count} numbers"


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"
