"""Whether the network's answer and its loss fit what the data ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.data.scaling import NONE
from engine.design.document import Document
from engine.design.graph import Graph
from engine.design.problems import Problem
from engine.layers.base import Fix, Shape, Spec
from engine.training.losses import Automatic, Loss, resolve

if TYPE_CHECKING:
    from engine.data.prepare import Prepared

# What the activations give that do not reach every number.
LIMITED = {
    "relu": "nothing below 0", "softplus": "nothing below 0", "elu": "nothing below −1", "gelu": "nothing below −0.17",
    "silu": "nothing below −0.28", "mish": "nothing below −0.31", "selu": "nothing below −1.76",
    "sigmoid": "only 0 to 1", "hard_sigmoid": "only 0 to 1", "gaussian": "only 0 to 1", "softmax": "only 0 to 1",
    "tanh": "only −1 to 1", "softsign": "only −1 to 1", "sin": "only −1 to 1",
}  # fmt: skip
TASKS = {"regression": "numbers", "binary": "two classes", "multiclass": "several classes"}


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
    training = document.training
    if prepared.task not in training.loss.tasks:
        reason = f"{training.loss.title} cannot judge {TASKS[prepared.task]}, which {prepared.dataset.name} asks for"
        yield Problem("error", "", "loss", reason, Fix("Choose the loss by the data", "set", "loss", Automatic()))
        return
    loss = resolve(training.loss, prepared.task, answer.shape[-1])
    wanted = _wanted(prepared, training.loss)
    if answer.shape not in (wanted, _wanted(prepared, loss)):
        yield _misfit(document, graph, specs, sink, wanted, prepared)
        return
    yield from _limited(document, sink, prepared, loss)


def _limited(document: Document, sink: str, prepared: Prepared, loss: Loss) -> Iterator[Problem]:
    """Warn of a last activation that keeps the answer from where it should be able to go."""
    activation = getattr(document.node(sink).layer, "activation", "")
    limits = LIMITED.get(activation)
    if limits is None or activation == loss.link:  # the loss contains its link, and works on what comes before it
        return
    if loss.link != "identity":
        meant = f"{loss.title} wants a free number for every class"
    elif prepared.y_scaling is not NONE:
        meant = "the target is scaled to mean 0 and spread 1"
    else:
        return
    reason = f"its {activation} gives {limits}, and {meant}: some answers can never be reached"
    yield Problem("warning", sink, "activation", reason, Fix("Set activation to linear", "set", "activation", "linear"))


def _wanted(prepared: Prepared, loss: Loss) -> Shape:
    """The shape of one answer: as the data say, and two numbers where two classes are judged by softmax."""
    if prepared.task == "binary" and loss.link == "softmax":
        return (*prepared.answer_shape[:-1], 2)
    return prepared.answer_shape


def _misfit(
    document: Document, graph: Graph, specs: Mapping[str, Spec], sink: str, wanted: Shape, prepared: Prepared
) -> Problem:
    answer, units, dataset = specs[sink], wanted[-1], prepared.dataset
    asked = {
        "regression": f"{dataset.name} asks for {_numbers(units)}",
        "binary": f"{dataset.name} has two classes, told apart by {_numbers(units)}",
        "multiclass": f"{dataset.name} has {units} classes",
    }[dataset.task]
    if answer.shape[:-1] != wanted[:-1]:
        reason = f"the network answers with {answer}, and {asked}: {Spec(wanted)}"
        flat_first = len(wanted) == 1 and sink == _widest(document, graph, specs, sink)
        fix = Fix("Insert Flatten", "insert", layer="flatten") if flat_first else None
        return Problem("error", sink, "", reason, fix)
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
        if len(wires) != 1 or specs.get(wires[0].source) != specs[id]:
            return ""
        id = wires[0].source
    return id


def _numbers(count: int) -> str:
    return "one number" if count == 1 else f"{count} numbers"


def _units(count: int) -> str:
    return "1 unit" if count == 1 else f"{count} units"
