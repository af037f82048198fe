"""A program that holds one example, run operation by operation, so that what the next one overwrites is seen.

The kernels are those of training. The memory of one batch is read between them, through the places of the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.insight.trace.record import TraceError
from engine.kernels import contract as c
from engine.kernels.activations import ACTIVATIONS
from engine.kernels.affine import affine, affine_kernels
from engine.kernels.combine import add_gradients
from engine.kernels.normalise import batch_norm, batch_norm_backward
from engine.program.builder import Area, Operation, Tensor
from engine.program.loop import BACKWARD, EVALUATE, FORWARD, LOSS, UPDATE, WIDTH
from engine.program.program import Program
from engine.training.losses import class_counts

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.design.document import Document
    from engine.program.state import State

Array = NDArray[Any]
GROUPS = 10  # the argument of batch norm that says how many values of a feature an example has
FUSED = {affine_kernels(name)[0]: name for name, row in ACTIVATIONS.items() if row.from_output}


@dataclass(eq=False)
class Seen:
    """What a node did: ∂E by its output and by its inputs, and what its operations left in their own areas."""

    output: Array | None = None
    inputs: list[Array | None] = field(default_factory=list)
    areas: dict[Area, Array] = field(default_factory=dict)


@dataclass(eq=False)
class Steps:
    """What the update did.

    Attributes:
        before, decayed, stepped, after: (P,) all parameters: at first, after weight decay, after the optimizer's step,
            after max-norm.
        gradient, used: (P,) as the backward pass left it; after penalties and clipping.
        slots: {name: (before, after)}: what the optimizer keeps, (P,) each; "scalars": its single numbers.
        rate: the learning rate that was in force.
        taken: False where training would have stopped before it; all that follows the gradient is then as before.
    """

    before: Array
    gradient: Array
    used: Array
    decayed: Array
    stepped: Array
    after: Array
    slots: dict[str, tuple[Array, Array]]
    rate: float
    taken: bool = True


class Tape:
    """One example, alone in a program, at a saved moment of a run.

    The step that it takes is the very step that training would take from there on a batch of this row: same masks of
    dropout, same learning rate, same bits. Only where batch norm would have one value alone, though training gives it
    more, it takes the running mean and variance: of one value nothing would be left, forwards or back.

    Attributes:
        running: the nodes that do so.
    """

    def __init__(
        self,
        document: Document,
        prepared: Prepared,
        row: int,
        state: State | None = None,
        dtype: type = np.float32,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """``state`` None: the first weights of the design's seed. ``progress``: somebody watches, see `Program`.

        Raises:
            TraceError: there is no such row.
            DataError: there are no rows at all.
        """
        prepared.require_rows()
        if not 0 <= row < prepared.rows:
            raise TraceError(f"row {row + 1}", "there is no such row", f"The data have rows 1 to {prepared.rows}")
        training, self.row = document.training, row
        balanced = training.loss.balanced and prepared.task != "regression"
        batch = training.optimizer.batch(training.batch_size, prepared.train.stop - prepared.train.start)
        counts = class_counts(prepared.y[prepared.train], max(2, len(prepared.dataset.classes))) if balanced else ()
        training = training.but(batch_size=1, loss=training.loss.weighed(counts))
        one = slice(row, row + 1)
        alone = replace(
            prepared, x=prepared.x[one].copy(), y=prepared.y[one].copy(), train=slice(0, 1), validation=slice(1, 1),
            test=slice(1, 1),
        )  # fmt: skip
        self.program = Program(document.but(training=training), alone, dtype=dtype, progress=progress, state=state)
        self.plan, self.build = self.program.plan, self.program.plan.lowered.build
        counters = state.counters if state is not None else {}
        # the time by which schedules go is that of the whole run, not of the one row
        self._position, self._rows = int(counters.get("position", 0)), prepared.train.stop - prepared.train.start
        self._epochs = int(counters.get("limit", 0)) or document.training.epochs
        self.diverged = False  # the loss was no finite number: training would stop here
        build = self.build
        self._in_par = {state.value for state in build.states} | {area for area, _ in build.constants}
        self._in_par |= {area for each in build.parameters for area in (each.value, each.grad)}
        alone_there = [op for op in build.forward_ops if op.kernel is batch_norm and op.arguments[GROUPS] == 1]
        self.running = {op.node for op in alone_there} if batch > 1 else set()
        self._running_rows = [
            row for row, op in enumerate(self.plan.rows)
            if op.node in self.running and op.kernel in (batch_norm, batch_norm_backward)
        ]  # fmt: skip
        self.step, self.epoch = int(self.program.ctx[c.STEP]), int(self.program.ctx[c.EPOCH])

    # -- memory

    def read(self, area: Area, shape: Sequence[int] | None = None) -> Array:
        """A copy of what lies in an area, for the one row."""
        memory = self.program.par if area in self._in_par else self.program.act
        at = self.plan.places[area]
        values = memory[at : at + area.size].copy()
        return values if shape is None else values.reshape(tuple(shape))

    def write(self, area: Area, values: Array | float) -> None:
        at = self.plan.places[area]
        self.program.act[at : at + area.size] = values

    def own_operations(self, node: str) -> list[Operation]:
        """What a node's forward pass is made of."""
        return [operation for operation in self.build.forward_ops if operation.node == node]

    # -- the four stages

    def forward(self) -> None:
        ctx = self.program.ctx
        # there is memory for the order of one row
        ctx[c.POSITION], ctx[c.TRAIN_ROWS], ctx[c.STEP] = 0, 1, self.step
        self._run(self.plan.sections[FORWARD], self.plan.sections[LOSS])

    def loss(self) -> float:
        """E of the example."""
        self.program.section(LOSS, BACKWARD)
        self.diverged = bool(self.program.ctx[c.STOP])
        self.program.ctx[c.STOP] = c.RUNNING
        return float(self.program.meters[c.BATCH_LOSS])

    def backward(self) -> dict[str, Seen]:
        """Node by node from the last to the first; each gradient is copied before it is overwritten."""
        seen: dict[str, Seen] = {}
        for node, sums, own in self._backward_rows():
            record = self.build.records[node]
            self.program.rows(*sums)
            one = seen[node] = Seen(self._gradient(record.output))
            self._run(*own)
            one.inputs = [self._gradient(tensor) for tensor in record.inputs]
            first = self.plan.sections[BACKWARD]
            for operation in self.build.backward_ops[own[0] - first : own[1] - first]:
                areas = [each for each in operation.arguments if isinstance(each, Area) and each.per_example]
                one.areas |= {area: self.read(area) for area in areas}
        return seen

    def _run(self, first: int, last: int) -> None:
        """Rows of the table, those of `running` nodes as for an answer."""
        ctx, at = self.program.ctx, first
        for row in [row for row in self._running_rows if first <= row < last]:
            self.program.rows(at, row)
            ctx[c.TRAINING] = 0
            self.program.rows(row, row + 1)
            ctx[c.TRAINING] = 1
            at = row + 1
        self.program.rows(at, last)

    def _backward_rows(self) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
        """(node, rows that add up what its readers send, rows of its own), the last node first."""
        operations, row = self.build.backward_ops, self.plan.sections[BACKWARD]
        found, at = [], 0
        for node in reversed(list(self.build.records)):
            sums = at
            while at < len(operations) and operations[at].node == node and operations[at].kernel is add_gradients:
                at += 1
            own = at
            while at < len(operations) and operations[at].node == node:
                at += 1
            found.append((node, (row + sums, row + own), (row + own, row + at)))
        return found

    def pull_back(self, node: str, element: int) -> tuple[list[Array | None], dict[str, Array]]:
        """The derivatives of one number that a node gives: by every input, and by every parameter, by key.

        By the node's own backward kernels, so that it is right for every layer. To be called after `backward`: it
        spoils the gradients that were there.
        """
        record = self.build.records[node]
        assert record.output.grad is not None
        self.write(record.output.grad, 0.0)
        self.program.act[self.plan.places[record.output.grad] + element] = 1.0
        own = next(own for name, _, own in self._backward_rows() if name == node)
        self._run(*own)
        size = self.plan.parameters_size
        by_parameter = {p.key: self.program.view(p.value, p.shape, size).copy() for p in record.parameters}
        return [self._gradient(tensor) for tensor in record.inputs], by_parameter

    def update(self) -> Steps:
        """The step, with what every part of it leaves behind."""
        program, size = self.program, self.plan.parameters_size
        ctx, par = program.ctx, program.par
        slots = {name: (start, par[start : start + length].copy()) for name, start, length in self.plan.slots}
        before, gradient = par[:size].copy(), par[size : 2 * size].copy()
        if self.diverged:
            still = {name: (old, old) for name, (_, old) in slots.items()}
            rate = float(par[self.plan.rate])
            return Steps(before, gradient, gradient, before, before, before, still, rate, taken=False)
        first, last = self.plan.sections[UPDATE], self.plan.sections[EVALUATE]
        kernel = program.document.training.optimizer.update().kernel
        at = next(row for row in range(first, last) if self.plan.rows[row].kernel is kernel)
        ctx[c.POSITION], ctx[c.TRAIN_ROWS], ctx[c.EPOCHS] = self._position, self._rows, self._epochs
        program.rows(first, at)
        decayed, used = par[:size].copy(), par[size : 2 * size].copy()
        program.rows(at, at + 1)
        stepped = par[:size].copy()
        program.rows(at + 1, last)
        after = {name: (old, par[start : start + len(old)].copy()) for name, (start, old) in slots.items()}
        return Steps(
            before, gradient, used, decayed, stepped, par[:size].copy(), after, float(par[self.plan.rate])
        )  # fmt: skip

    def loss_at(self, area: Area, index: int, value: float) -> float:
        """E with one parameter another; it is set back. Nothing else of the program is moved."""
        at = self.plan.places[area] + index
        kept, passing = self.program.par[at], self.program.passing()
        self.program.par[at] = value
        self.forward()
        found = self.loss()
        self.program.par[at] = kept
        self.program.pass_back(passing)
        return found

    # -- what a fused kernel keeps to itself

    def sums_before(self, operation: Operation) -> Array:
        """z = x·W + b of a fused operation, by the same kernel without its activation, flat."""
        assert operation.kernel.function is affine.function
        out = operation.arguments[1]
        assert isinstance(out, Area)
        if FUSED[operation.kernel] == "linear":
            return self.read(out)
        row = np.zeros((1, WIDTH), np.int64)
        row[0, 0] = affine_kernels("linear")[0].address(self.program.dtype)
        first = self.plan.sections[FORWARD] + 1  # behind what gathers the batch
        arguments = self.plan.rows[first + self.build.forward_ops.index(operation)].arguments
        # into the workspace of evaluation, which nobody uses meanwhile
        place = self.plan.evaluation_places[out]
        row[0, 1 : 1 + len(arguments)] = (arguments[0], place, *arguments[2:])
        self.program.rows(0, 1, row)
        return self.program.act[place : place + out.size].copy()

    def _gradient(self, tensor: Tensor) -> Array | None:
        return None if tensor.grad is None else self.read(tensor.grad, tensor.spec.shape)
