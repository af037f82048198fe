"""From a tape to a trace: which numbers of which operations make up a layer, and what they are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.insight.trace import losses
from engine.insight.trace.record import LayerTrace, LossTrace, Quantity, Trace
from engine.insight.trace.tape import FUSED, Seen, Tape
from engine.insight.trace.updates import Updated
from engine.insight.trace.words import figure
from engine.kernels import normalise
from engine.kernels.activations import ACTIVATIONS
from engine.kernels.affine import affine, affine_backward
from engine.kernels.contract import Kernel
from engine.kernels.elementwise import map_kernels
from engine.kernels.noise import dropout
from engine.kernels.recurrent import recur_kernels
from engine.program.builder import Area, Operation

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.design.document import Document
    from engine.program.state import State

Array = NDArray[Any]

# What an operation keeps besides its output: the number of the argument, its symbol and its name.
INNER: Final[dict[Kernel, tuple[tuple[int, str, str], ...]]] = {
    normalise.batch_norm: ((8, "μ", "mean"), (9, "1/σ", "one over the spread")),
    normalise.layer_norm: ((5, "μ", "mean"), (6, "1/σ", "one over the spread")),
    dropout: ((4, "mask", "what is kept, divided by 1 − rate"),),
}
BENT: Final = {map_kernels(name)[0]: name for name in ACTIVATIONS}
RESIDUE: Final = 4  # roundings at the most between a zero and what comes back of it
RECURRENT: Final = {recur_kernels(name)[0]: name for name in ("tanh", "relu")}


def trace(
    document: Document,
    prepared: Prepared,
    row: int,
    state: State | None = None,
    dtype: type = np.float32,
    progress: Callable[[int, int], None] | None = None,
) -> Trace:
    """Follow one example through forward pass, loss, backward pass and the step that it alone would cause.

    Args:
        document: as it trains. prepared: its data.
        row: of the prepared data, from 0; of any part.
        state: the moment of the run; None: its first weights.
        dtype: of the run, so that the numbers are its own.
        progress: where somebody watches: kernels are then compiled beside this process, and it hears how far that is.

    Raises:
        TraceError: there is no such row.
        DataError: there are no rows at all.
        ProjectError: the state is damaged.
    """
    with np.errstate(all="ignore"):
        return read(Tape(document, prepared, row, state, dtype, progress), prepared)


def read(tape: Tape, prepared: Prepared) -> Trace:
    """Run a tape through its stages and note all that is worth knowing."""
    tape.forward()
    inputs = {node: [tape.read(t.value, t.spec.shape) for t in r.inputs] for node, r in tape.build.records.items()}
    outputs = {node: tape.read(r.output.value, r.output.spec.shape) for node, r in tape.build.records.items()}
    inner = {node: _inner(tape, node) for node in tape.build.records}
    value = tape.loss()
    slope = tape.read(tape.plan.lowered.output.grad) if tape.plan.lowered.output.grad else np.zeros(0)
    seen = tape.backward()
    layers = tuple(_layer(tape, node, inputs[node], outputs[node], inner[node], seen[node]) for node in inputs)
    loss = _loss(tape, value, slope)
    return Trace(
        tape.row, _part(prepared, tape.row), prepared.rows, _example(tape, prepared), tape.step, tape.epoch, layers,
        loss, Updated.of(tape), tuple(_remarks(tape)),
    )  # fmt: skip


def affine_of(tape: Tape, node: str) -> tuple[Operation, Operation] | None:
    """The operation z = x·W + b of a node with its way back, where it has one."""
    forward = next((op for op in tape.own_operations(node) if op.kernel.function is affine.function), None)
    if forward is None:
        return None
    backward = next(
        op for op in tape.build.backward_ops if op.node == node and op.kernel.function is affine_backward.function
    )
    return forward, backward


def _inner(tape: Tape, node: str) -> list[tuple[Quantity, Area | None]]:
    """What a layer computes on the way, each with the area of its gradient."""
    found: list[tuple[Quantity, Area | None]] = []
    pair = affine_of(tape, node)
    if pair is not None:
        shape = tape.build.records[node].inputs[0].spec.shape[:-1]
        z = tape.sums_before(pair[0]).reshape(*shape, -1)
        gradient = pair[1].arguments[9]  # dy, which the kernel turns into the gradient before the activation
        found.append((Quantity("z", "sums before the activation", z), gradient if isinstance(gradient, Area) else None))
    for operation in tape.own_operations(node):
        for number, symbol, title in INNER.get(operation.kernel, ()):
            area = operation.arguments[number]
            assert isinstance(area, Area)
            found.append((Quantity(symbol, title, tape.read(area)), None))
        if operation.kernel in RECURRENT:
            area, steps, units = operation.arguments[1], *operation.arguments[4:6]
            assert isinstance(area, Area)
            assert isinstance(steps, int)
            assert isinstance(units, int)
            found.append((Quantity("h", "what it remembers, step by step", tape.read(area, (steps, units))), None))
    return found


def _bending(tape: Tape, node: str) -> tuple[str, float]:
    """The activation of a layer and its parameter."""
    name, constant = "", 0.0
    for operation in tape.own_operations(node):
        if operation.kernel in FUSED:
            name, area = FUSED[operation.kernel], operation.arguments[4]
        elif operation.kernel in BENT:
            name, area = BENT[operation.kernel], operation.arguments[2]
        elif operation.kernel in RECURRENT:
            name, area = RECURRENT[operation.kernel], operation.arguments[3]
        else:
            continue
        assert isinstance(area, Area)
        constant = float(tape.read(area)[0])
    return name, constant


def _layer(
    tape: Tape, node: str, inputs: list[Array], output: Array, inner: list[tuple[Quantity, Area | None]], seen: Seen
) -> LayerTrace:
    document, record = tape.program.document, tape.build.records[node]
    sources = tuple(wire.source for wire in document.inputs(node))
    labels = [document.node(source).label for source in sources]
    activation, constant = _bending(tape, node)
    entering = tuple(
        Quantity("x" if len(inputs) == 1 else f"x_{{{port + 1}}}", f"from {labels[port]}", value, seen.inputs[port])
        for port, value in enumerate(inputs)
    )
    within = tuple(
        Quantity(one.symbol, one.title, one.value, _shaped(seen.areas.get(area), one.value) if area else None)
        for one, area in inner
    )
    symbol = "a" if activation else "y"
    if node == tape.plan.lowered.output_node and activation == "linear":
        symbol = "ŷ" if tape.plan.lowered.loss.link == "identity" else "z"
    return LayerTrace(
        node, document.node(node).label, document.node(node).layer, sources, entering, within,
        Quantity("x" if not sources else symbol, "what it gives", output, seen.output), activation, constant,
        tuple(p.key for p in record.parameters), node in tape.running,
    )  # fmt: skip


def _shaped(flat: Array | None, like: Array) -> Array | None:
    return None if flat is None else flat.reshape(like.shape)


def _loss(tape: Tape, value: float, slope: Array) -> LossTrace:
    lowered, program = tape.plan.lowered, tape.program
    prepared, loss = program.prepared, lowered.loss
    output = tape.read(lowered.output.value, lowered.output.spec.shape).astype(np.float64)
    target = tape.read(lowered.target).astype(np.float64)
    classes = output.shape[-1]
    told = program.answers if loss.link == "identity" else program.probabilities
    answered = told(output[None])[0]  # as many as the outputs
    answer = output if loss.link == "identity" else answered
    asked = losses.Asked(
        loss, output.ravel(), answer.ravel(), target, classes, value, slope.astype(np.float64),
        losses.weights_of(loss, classes),
    )  # fmt: skip
    names = prepared.dataset.shown_classes
    if prepared.task == "regression":
        shown = ", ".join(figure(float(each)) for each in answered.ravel()[:4])
        wanted = ", ".join(figure(float(each)) for each in prepared.unscale_y(target[None])[0][:4])
    else:
        wanted = ", ".join(names[int(each)] for each in target[:4])
        shown = ", ".join(_class_words(each, names) for each in answered.reshape(-1, classes)[:4])
    return LossTrace(
        loss.kind, loss.title, loss.link, value, answer, target, shown, wanted, slope.reshape(output.shape),
        losses.lines(asked),
    )  # fmt: skip


def _class_words(probabilities: Array, names: tuple[str, ...]) -> str:
    if len(probabilities) == 1:
        p = float(probabilities[0])
        return f"{names[int(p > 0.5)]} ({figure(100 * max(p, 1 - p), 3)} %)"
    best = int(probabilities.argmax())
    return f"{names[best]} ({figure(100 * float(probabilities[best]), 3)} %)"


def _part(prepared: Prepared, row: int) -> str:
    for name, part in (("training", prepared.train), ("validation", prepared.validation), ("test", prepared.test)):
        if part.start <= row < part.stop:
            return name
    return ""


def _example(tape: Tape, prepared: Prepared) -> tuple[tuple[str, float], ...]:
    x, scaling = prepared.x[tape.row : tape.row + 1], prepared.x_scaling
    raw = prepared.unscale_x(x)
    raw[np.abs(raw) <= RESIDUE * np.finfo(x.dtype).eps * np.abs(scaling.offset)] = 0.0  # what was scaled from zero
    values = np.asarray(raw).ravel()
    names = prepared.dataset.features
    if len(names) != len(values):
        names = tuple(f"x{number + 1}" for number in range(len(values)))
    return tuple((name, float(value)) for name, value in zip(names, values, strict=True))


def _remarks(tape: Tape) -> list[str]:
    """What one has to know in order not to wonder."""
    records, found = tape.build.records, []
    for node in tape.program.document.nodes:
        shape = records[node.id].output.spec.shape
        if node.id in tape.running:
            found.append(
                f"{node.label} takes the mean and variance that it has gathered while training, as for an answer: one "
                "example alone has no spread."
            )
        elif node.layer.kind == "batch_norm" and len(shape) == 1:
            found.append(
                f"{node.label} takes mean and variance of the batch, and in a batch of one there is no spread: it "
                "gives β, and no gradient passes it."
            )
        if node.layer.kind in ("dropout", "gaussian_noise"):
            found.append(f"{node.label} draws the same chance as the next step of training would.")
    return found
