"""The memory and the loop of a compiled design: arenas, op table, context, and what runs over them."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.kernels import contract as c
from engine.kernels.batch import LOG_COLUMNS
from engine.kernels.blas import gemm_address
from engine.program.ahead import compile_ahead
from engine.program.loop import CLOSE, EVALUATE, entries
from engine.program.plan import Asked, Plan, lay_out, lower
from engine.training.losses import class_counts

Array = NDArray[Any]
PARALLEL_FROM = 20_000_000  # multiply-adds of a batch from which BLAS may use all cores
LOG_ROWS = 4096  # epochs that one call of the loop may finish before it must report


def aligned(size: int, dtype: type) -> Array:
    """Zeros that begin at a cache line."""
    room = np.zeros(size * np.dtype(dtype).itemsize + 64, np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + size * np.dtype(dtype).itemsize].view(dtype)


class Machine:
    """A design's memory and its loop, before any parameter has a value. Not for several threads at once.

    Attributes:
        par: (par_size,) persistent memory: parameters at [0, P), gradients at [P, 2P), slots, state, constants.
        act: (act_size,) one batch's memory, then the workspace of evaluation.
        ctx: (CONTEXT,) int64; see `engine.kernels.contract`.
        meters: (METER_COUNT,) float64: sums of the epoch, and what decides when to stop.
        order: (training rows,) the order of the present epoch; zeros: `gather` is to draw it.
        good: parameters, slots and state of the last epoch that was well; best: parameters and state of the best one.
    """

    def __init__(
        self,
        document: Document,
        prepared: Prepared,
        seed: int | None = None,
        dtype: type = np.float32,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.document, self.prepared, self.dtype = document, prepared, dtype
        self.marked: tuple[Document, dict[str, str]] | None = None  # what `saving.marks` has found for a document
        self.seed = document.training.seed if seed is None else seed
        train = prepared.train
        balanced = document.training.loss.balanced and prepared.task != "regression"
        counts = class_counts(prepared.y[train], max(2, len(prepared.dataset.classes))) if balanced else ()
        # One that only predicts has no rows; its memory is laid out as for one, and `run` refuses.
        rows = max(1, train.stop - train.start)
        self.asked = Asked(prepared.input, prepared.y.shape[1], prepared.task, rows, counts)
        self.plan: Plan = lay_out(lower(document, self.asked), document.training, self.asked)
        if progress is not None:
            compile_ahead(document, self.asked, self.plan, dtype, progress)
        self.table = self.plan.table(dtype)
        self._entries = entries(dtype)
        self._bounds = np.array(self.plan.sections, np.int64)
        self.par, self.act = aligned(self.plan.par_size, dtype), aligned(max(self.plan.act_size, 1), dtype)
        self.ctx = np.zeros(c.CONTEXT, np.int64)
        self.meters = np.zeros(c.METER_COUNT)
        self.log = np.zeros((LOG_ROWS, LOG_COLUMNS))
        self.order = np.zeros(self.asked.rows, np.int64)
        self.good: Array = np.zeros(self.plan.parameters_size + self.plan.kept[1] + self.plan.state[1], dtype)
        self.best: Array = np.zeros(self.plan.parameters_size + self.plan.state[1], dtype)
        self.x: Array = np.ascontiguousarray(prepared.x, dtype)
        self.y: Array = np.ascontiguousarray(prepared.y, dtype)
        self.settle()

    def settle(self) -> None:
        """Write into the context and the constants what the document says."""
        training, ctx = self.document.training, self.ctx
        rows, batch = self.asked.rows, self.plan.batch
        validation = self.prepared.validation
        for index, value in (
            (c.TRAINING, 1), (c.SEED, self.seed), (c.X, self.x.ctypes.data), (c.Y, self.y.ctypes.data),
            (c.ORDER, self.order.ctypes.data), (c.TRAIN_ROWS, rows), (c.BATCH, batch),
            (c.GEMM, gemm_address("sgemm" if self.dtype is np.float32 else "dgemm")),
            (c.METERS, self.meters.ctypes.data), (c.METER, c.TRAIN_METERS), (c.EPOCHS, training.epochs),
            (c.VALIDATE_EVERY, training.validate_every), (c.VALIDATION_START, validation.start),
            (c.VALIDATION_STOP, validation.stop), (c.LOG, self.log.ctypes.data), (c.LOG_ROWS, LOG_ROWS),
            (c.PIECES, self.plan.validation_pieces),
            (c.GOOD, self.good.ctypes.data), (c.BEST, self.best.ctypes.data), (c.PATIENCE, training.patience),
        ):  # fmt: skip
            ctx[index] = value
        self.meters[c.MIN_DELTA], self.meters[c.STOP_LOSS] = training.min_delta, training.stop_loss
        for place, values in self.plan.constants:
            self.par[place : place + len(values)] = values

    @property
    def position(self) -> int:
        """Rows of the present epoch that were used."""
        return int(self.ctx[c.POSITION])

    @property
    def blas_threads(self) -> int:
        """How many threads pay for a batch's matrix products: one, or for large ones all cores but the window's.

        Decided by the work alone, with a window or without, because bits depend on it.
        """
        work = self.plan.batch * sum(record.multiply_adds for record in self.plan.lowered.build.records.values())
        return max(1, (os.cpu_count() or 1) - 1) if work >= PARALLEL_FROM else 1

    # -- states to fall back on

    def keep_good(self) -> None:
        """Take the present state for the last good one, as the end of an epoch does."""
        size, (kept, slots), (state, states) = self.plan.parameters_size, self.plan.kept, self.plan.state
        self.good[:size] = self.par[:size]
        self.good[size : size + slots] = self.par[kept : kept + slots]
        self.good[size + slots :] = self.par[state : state + states]

    def return_to_good(self) -> None:
        """Back to the last good parameters, slots and state."""
        size, (kept, slots), (state, states) = self.plan.parameters_size, self.plan.kept, self.plan.state
        self.par[:size] = self.good[:size]
        self.par[kept : kept + slots] = self.good[size : size + slots]
        self.par[state : state + states] = self.good[size + slots :]

    def return_to_best(self) -> None:
        """Back to the parameters of the best epoch, where there was one."""
        if self.ctx[c.BEST_EPOCH]:
            size, (state, states) = self.plan.parameters_size, self.plan.state
            self.par[:size] = self.best[:size]
            self.par[state : state + states] = self.best[size:]

    def view(self, area: Any, shape: tuple[int, ...], start: int | None = None) -> Array:
        """The memory of an area of par, counted from ``start`` on: 0 the values, P the gradients."""
        at = self.plan.places[area] if start is None else start + self.plan.places[area]
        return self.par[at : at + area.size].reshape(shape)

    def passing(self) -> tuple[Array, Array]:
        """What a forward pass of training moves before any update: running statistics, and the sums of the epoch."""
        return self.par[self.plan.state[0] : sum(self.plan.state)].copy(), self.meters.copy()

    def pass_back(self, before: tuple[Array, Array]) -> None:
        """Undo what forward passes have moved since `passing` gave ``before``."""
        self.par[self.plan.state[0] : sum(self.plan.state)], self.meters[:] = before

    # -- running

    def run(self, steps: int) -> int:
        """Train up to ``steps`` batches; returns how many were finished; ``ctx[STOP]`` tells why fewer.

        With none, and where ``ctx[EPOCH_ENDED]`` is set, it goes on with a validation that an earlier call broke off.

        Raises:
            DataError: there are no rows to train on.
        """
        self.prepared.require_rows()
        return int(
            self._entries.run(
                self.table.ctypes.data, self._bounds.ctypes.data, self.ctx.ctypes.data, self.par.ctypes.data,
                self.act.ctypes.data, steps,
            )
        )  # fmt: skip

    def section(self, first: int, last: int) -> None:
        """Run the sections from ``first`` up to, not including, ``last``."""
        self.rows(self.plan.sections[first], self.plan.sections[last])

    def rows(self, first: int, last: int, table: Array | None = None) -> None:
        """Run the rows of the op table from ``first`` up to, not including, ``last``; or those of another table."""
        self._entries.section(
            (self.table if table is None else table).ctypes.data, first, last, self.ctx.ctypes.data,
            self.par.ctypes.data, self.act.ctypes.data,
        )  # fmt: skip

    def training_loss(self) -> float:
        """Mean loss of the present weights over the training rows, as validation would measure it.

        Raises:
            DataError: there are no such rows.
        """
        return self.loss_over(0, self.asked.rows)

    def loss_over(self, first: int, last: int) -> float:
        """Mean loss of the present weights over the prepared rows from ``first`` up to, not including, ``last``.

        As validation measures it: nothing is dropped, and norms use what they have gathered. NaN for no rows.

        Raises:
            DataError: the program was made to predict only, without rows.
        """
        self.prepared.require_rows()
        ctx, sums = self.ctx, self.meters[c.VALIDATION_METERS : 2 * c.VALIDATION_METERS]
        kept, passing = ctx.copy(), self.passing()
        ctx[c.TRAINING], ctx[c.METER], ctx[c.FIRST], ctx[c.STOP_ROW] = 0, c.VALIDATION_METERS, first, last
        sums[:] = 0.0
        while ctx[c.FIRST] < ctx[c.STOP_ROW]:
            self.section(EVALUATE, CLOSE)
        loss = float(sums[c.LOSS_SUM] / sums[c.COUNT]) if sums[c.COUNT] else math.nan
        ctx[:] = kept
        self.pass_back(passing)
        return loss

    def extend(self, epochs: int) -> None:
        """Move the end of the run back by so many epochs."""
        self.ctx[c.EPOCHS] += epochs

    def take_log(self) -> Array:
        """The epochs finished since the last call: (rows, LOG_COLUMNS) float64, copied."""
        used = int(self.ctx[c.LOG_USED])
        rows = self.log[:used].copy()
        self.ctx[c.LOG_USED] = 0
        if self.ctx[c.STOP] == c.LOG_FULL:
            self.ctx[c.STOP] = c.RUNNING
        return rows
