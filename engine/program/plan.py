"""From a document to a plan: which kernels run on which memory. Nothing is allocated or compiled yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.design.document import Document
from engine.kernels import batch as batches
from engine.kernels import metrics
from engine.kernels.contract import Kernel
from engine.layers.base import Layer, Spec
from engine.program.builder import Area, Argument, Builder, Operation, Parameter, State, Tensor
from engine.program.loop import WIDTH
from engine.program.update import UpdateLayout, update_operations
from engine.training.losses import Link, Loss, resolve
from engine.training.spec import TrainingSpec

ALIGN = 8  # reals: a vector register of float32, and little waste in tiny nets
EVALUATION_REALS = 1 << 20  # how large the workspace for validation and predictions may get, in reals
EVALUATION_ROWS = 512
PIECE_WORK = 400_000_000  # multiply-adds of a piece of validation at the most, if it has more than one row: some 20 ms
CALL_WORK = 30_000_000  # and of all pieces in one call of the loop: small nets do fewer in a second than large ones


@dataclass(frozen=True)
class Asked:
    """What the data ask of a network.

    Attributes:
        input: one example.
        target: numbers per example in y.
        task: "regression", "binary" or "multiclass".
        rows: training rows.
        class_counts: training rows of every class, for a loss with balanced weights.
    """

    input: Spec
    target: int
    task: str
    rows: int
    class_counts: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Lowered:
    """A network as operations: what `lower` gives, independent of batch size and optimizer."""

    build: Builder
    loss: Loss
    loss_name: str
    target: Area
    input: Tensor
    output: Tensor
    judge: tuple[Operation, ...]
    output_node: str


def without_link(layer: Layer, link: Link) -> Layer:
    """The last layer without the sigmoid or softmax that the loss already contains: losses work from logits."""
    if link != "identity" and getattr(layer, "activation", None) == link:
        return layer.but(activation="linear")
    return layer


def lower(document: Document, asked: Asked) -> Lowered:
    """The network of a document as operations. The document must have passed `engine.design.checks`."""
    build = Builder()
    order = document.order()
    readers = {id: len(document.outputs(id)) for id in order}
    output_node = next(id for id in reversed(order) if readers[id] == 0)
    loss = resolve(document.training.loss, asked.task, _width(document, order, asked)).weighed(asked.class_counts)
    waiting: dict[tuple[str, int], Tensor] = {}
    first: Tensor | None = None
    for id in order:
        node, inputs = document.node(id), [waiting.pop((id, wire.port)) for wire in document.inputs(id)]
        build.enter(id)
        if node.layer.kind == "input":
            out = first = build.tensor(asked.input, grad=False)
        else:
            out = (
                without_link(node.layer, loss.link).lower(build, inputs)
                if id == output_node
                else node.layer.lower(build, inputs)
            )
        build.leave(out, inputs)
        forks = build.fork(out, readers[id]) if readers[id] else []
        for wire, fork in zip(document.outputs(id), forks, strict=True):
            waiting[wire.target, wire.port] = fork
    assert first is not None
    output = build.records[output_node].output
    target = Area(asked.target)
    build.node = ""
    before = len(build.forward_ops)
    loss.emit(build, output, target)
    classes = output.spec.shape[-1]
    count = {"identity": metrics.squared_error, "sigmoid": metrics.sign_hits, "softmax": metrics.class_hits}[loss.link]
    build.op([], (count, (output.value, target, output.spec.size // classes, classes)))
    judge = tuple(build.forward_ops[before:])
    del build.forward_ops[before:]
    return Lowered(build, loss, loss.kind, target, first, output, judge, output_node)


def _width(document: Document, order: Sequence[str], asked: Asked) -> int:
    """The width of the last layer, for the choice between one logit and several."""
    specs: dict[str, Spec] = {}
    for id in order:
        layer, inputs = document.node(id).layer, [specs[wire.source] for wire in document.inputs(id)]
        specs[id] = asked.input if layer.kind == "input" else layer.output(inputs)
    return specs[order[-1]].shape[-1]


@dataclass(frozen=True, eq=False)
class Row:
    """A row of the op table before its kernel has an address."""

    node: str
    kernel: Kernel
    arguments: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that a `Program` needs to be allocated.

    Attributes:
        evaluation_rows: rows of a piece of validation or prediction.
        validation_pieces: how many of them one call of the loop does.
        parameters_size: P: parameters lie at [0, P) of par, their gradients at [P, 2P).
        kept: (start, length) in par of what the optimizer and the schedule keep; state: the same for saved state.
        sections: row numbers where FORWARD … CLOSE begin, and the end.
        places, evaluation_places: offset of every area; the second for the workspace of evaluation.
    """

    lowered: Lowered
    batch: int
    evaluation_rows: int
    validation_pieces: int
    parameters_size: int
    kept: tuple[int, int]
    state: tuple[int, int]
    par_size: int
    act_size: int
    rows: tuple[Row, ...]
    sections: tuple[int, ...]
    places: dict[Area, int]
    evaluation_places: dict[Area, int]
    rate: int
    constants: tuple[tuple[int, tuple[float, ...]], ...]
    slots: tuple[tuple[str, int, int], ...]  # name, start, length: what `state()` saves of the optimizer
    memory: tuple[int, int]  # start, length: what it saves of the schedule

    @property
    def parameters(self) -> Sequence[Parameter]:
        return self.lowered.build.parameters

    @property
    def states(self) -> Sequence[State]:
        return self.lowered.build.states

    def table(self, dtype: type) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The op table with the kernels' addresses; compiles what was never compiled on this machine."""
        table = np.zeros((max(len(self.rows), 1), WIDTH), np.int64)
        for number, row in enumerate(self.rows):
            table[number, 0] = row.kernel.address(dtype)
            table[number, 1 : 1 + len(row.arguments)] = row.arguments
        return table


def _place(areas: Iterable[Area], start: int, rows: int) -> tuple[dict[Area, int], int]:
    placed: dict[Area, int] = {}
    for area in areas:
        if area in placed:
            continue
        placed[area] = start
        size = area.size * rows if area.per_example else area.size
        start += -(-size // ALIGN) * ALIGN
    return placed, start


def _areas(operations: Iterable[Operation]) -> Iterable[Area]:
    return (argument for operation in operations for argument in operation.arguments if isinstance(argument, Area))


def lay_out(lowered: Lowered, training: TrainingSpec, asked: Asked) -> Plan:
    """Give every area its place and every operation its row."""
    build = lowered.build
    batch = training.optimizer.batch(training.batch_size, asked.rows)
    values, size = _place((p.value for p in build.parameters), 0, 1)
    par = values | {p.grad: values[p.value] + size for p in build.parameters}
    update = training.optimizer.update()
    kept = 2 * size
    slot_starts = [kept + i * size for i in range(update.slots)]
    scalars = kept + update.slots * size
    memory = scalars + -(-update.scalars // ALIGN) * ALIGN
    remembered = sum(stage.memory for stage in training.schedule.stages())
    kept_size = memory - kept + -(-remembered // ALIGN) * ALIGN
    state, end = _place((s.value for s in build.states), kept + kept_size, 1)
    layout = UpdateLayout(size, tuple(slot_starts), scalars, memory)
    updating = update_operations(training, layout, build.parameters)
    live = (*build.constants, *updating.constants)
    constants, par_size = _place((area for area, _ in live), end, 1)
    par |= state | constants

    forward, backward, judge = build.forward_ops, build.backward_ops, lowered.judge
    in_par = set(par)
    used = [lowered.input.value, lowered.target, *(a for a in _areas((*forward, *backward, *judge)) if a not in in_par)]
    act, stop = _place(used, 0, batch)
    evaluated = [lowered.input.value, lowered.target, *(a for a in _areas((*forward, *judge)) if a not in in_par)]
    evaluated = [a for a in evaluated if a is not lowered.output.grad]
    per_row = sum({a: a.size for a in evaluated if a.per_example}.values()) or 1
    work = per_row + sum(record.multiply_adds for record in build.records.values())  # of a row
    evaluation_rows = max(1, min(EVALUATION_ROWS, EVALUATION_REALS // per_row, PIECE_WORK // work))
    pieces = max(1, CALL_WORK // (work * evaluation_rows))
    act_evaluation, act_size = _place(evaluated, stop, evaluation_rows)

    def resolve_row(operation: Operation, places: dict[Area, int]) -> Row:
        def number(argument: Argument) -> int:
            if argument is None:
                return -1
            if isinstance(argument, Area):
                return par[argument] if argument in in_par else places.get(argument, -1)
            return int(argument)

        return Row(operation.node, operation.kernel, tuple(number(a) for a in operation.arguments))

    x, y, sizes = lowered.input.value, lowered.target, (lowered.input.spec.size, asked.target)
    gather = Row("", batches.gather, (act[x], sizes[0], act[y], sizes[1]))
    in_order = Row(
        "", batches.gather_in_order, (act_evaluation[x], sizes[0], act_evaluation[y], sizes[1], evaluation_rows)
    )
    state_region = (kept + kept_size, end - kept - kept_size)
    close = Row("", batches.close_epoch, (par[updating.rate], 0, size, kept, kept_size, *state_region))
    sections: list[list[Row]] = [
        [gather, *(resolve_row(o, act) for o in forward)],
        [*(resolve_row(o, act) for o in judge), Row("", batches.check_loss, ())],
        [resolve_row(o, act) for o in backward],
        [*(resolve_row(o, act) for o in updating.each), Row("", batches.advance_batch, ())],
        [in_order, *(resolve_row(o, act_evaluation) for o in forward)],
        [resolve_row(o, act_evaluation) for o in judge],
        [*(resolve_row(o, act) for o in updating.closing), close],
    ]
    starts = [0]
    for rows in sections:
        starts.append(starts[-1] + len(rows))
    slots = [(name, start, size) for name, start in zip(update.names, slot_starts, strict=True)]
    if update.scalars:
        slots.append(("scalars", scalars, update.scalars))
    return Plan(
        lowered, batch, evaluation_rows, pieces, size, (kept, kept_size), state_region, par_size, act_size,
        tuple(row for rows in sections for row in rows), tuple(starts), par | act, par | act_evaluation,
        par[updating.rate], tuple((constants[area], values) for area, values in live), tuple(slots),
        (memory, remembered),
    )  # fmt: skip
