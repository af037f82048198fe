"""A compiled design: its parameters, its saved moments, and what it answers."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.errors import DesignError
from engine.kernels import contract as c
from engine.program.loop import BACKWARD, EVALUATE, FORWARD, UPDATE
from engine.program.machine import Machine
from engine.program.saving import COUNTERS, put, take
from engine.program.state import State
from engine.training.initialisers import draw_parameter

Array = NDArray[Any]


class Program(Machine):
    """A design, compiled for its data: parameters, saved moments, answers and gradients.

    Attributes:
        began_anew: keys of the parameters that the state it was made with did not have.
        since: (step, epoch) from which on this very design has been trained; what was before was another one.
    """

    def __init__(
        self,
        document: Document,
        prepared: Prepared,
        seed: int | None = None,
        dtype: type = np.float32,
        progress: Callable[[int, int], None] | None = None,
        state: State | None = None,
    ) -> None:
        """As `compile`; with ``state`` it begins there, and draws first weights for ``began_anew`` alone."""
        super().__init__(document, prepared, seed, dtype, progress)
        self._to_first_step()
        self.began_anew: tuple[str, ...] = ()
        if state is None:
            self.reset()
        else:
            self.began_anew = self.restore(state)
        self.since = int(self.ctx[c.STEP]), int(self.ctx[c.EPOCH])

    # -- parameters and state

    def reset(self, seed: int | None = None) -> None:
        """Back to the first step: first weights, empty slots, same seed unless another is given."""
        self.seed = self.seed if seed is None else seed
        self.begin_anew({p.key for p in self.plan.parameters})
        self._to_first_step()
        self.since = 0, 0
        self.settle()
        self.keep_good()

    def _to_first_step(self) -> None:
        for index in (*COUNTERS.values(), c.STOP, c.LOG_USED, c.EPOCH_ENDED):
            self.ctx[index] = 0
        self.ctx[c.SEED] = self.seed
        self.meters[:] = 0
        self.meters[c.BEST_LOSS] = np.inf

    def parameters(self) -> dict[str, Array]:
        """{"layer/parameter": a copy of its values}."""
        return {p.key: self.view(p.value, p.shape).copy() for p in self.plan.parameters}

    def set_parameters(self, values: dict[str, Array]) -> None:
        """Set some or all parameters.

        Raises:
            DesignError: a name is unknown, a shape does not fit or a value is no number; nothing is set then.
        """
        known = {p.key: p for p in self.plan.parameters}
        for key, value in values.items():
            if key not in known:
                raise DesignError(key, "the design has no such parameter", f"It has {', '.join(known)}")
            as_numbers(key, value)
            if np.shape(value) != known[key].shape:
                raise DesignError(key, f"its shape is {known[key].shape}, and {np.shape(value)} was given")
        for key, value in values.items():
            self.view(known[key].value, known[key].shape)[...] = value
        self.keep_good()

    def set_elements(self, values: Mapping[tuple[str, int], float]) -> None:
        """Set single numbers, {("node/parameter", place in the flat parameter): value}, as by hand.

        They hold beyond a return to the last good moment. What is not there, or no finite number, is passed over: the
        network may have become another one meanwhile.
        """
        known = {p.key: p for p in self.plan.parameters}
        for (key, index), value in values.items():
            if key in known and 0 <= index < known[key].size and math.isfinite(value):
                at = self.plan.places[known[key].value] + index
                self.par[at] = self.good[at] = value

    def state(self) -> State:
        """The present moment, copied."""
        return take(self)

    def restore(self, state: State) -> tuple[str, ...]:
        """Go to a saved moment, of this design or of another one.

        What fits by name and shape is taken over; other parameters begin anew, as does what the optimizer and the
        schedule keep when another kind had kept it. Where the network, its loss or the rows are others, the best epoch
        so far is forgotten; where the rows are, the epoch begins again.

        Returns:
            The keys of the parameters that begin anew.

        Raises:
            ProjectError: the state is damaged; nothing is changed then.
        """
        return put(self, state)

    def begin_anew(self, keys: Collection[str]) -> None:
        """First weights for these parameters; empty slots, schedule and state for all."""
        kept = slice(self.plan.kept[0], sum(self.plan.state))
        self.par[kept] = 0
        for p in self.plan.parameters:
            if p.key in keys:
                self.view(p.value, p.shape)[...] = draw_parameter(
                    p.initialiser, self.seed, p.key, p.shape, p.fan_in, p.fan_out
                )
        for s in self.plan.states:
            self.view(s.value, s.shape)[...] = s.fill
        self.order[:] = 0  # of another epoch; `gather` draws it anew

    def parameter_hash(self) -> str:
        """A short hash of all parameters' bits: equal runs have equal hashes."""
        digest = hashlib.sha256()
        for p in self.plan.parameters:
            digest.update(p.key.encode() + self.view(p.value, p.shape).tobytes())
        return digest.hexdigest()[:16]

    # -- answers

    def outputs(self, x: Array) -> Array:
        """What the last layer gives, before any link, for examples as the network takes them: (n, *output shape)."""
        node = self.plan.lowered.output_node
        return self.layer_outputs(x, (node,))[node]

    def layer_outputs(self, x: Array, nodes: Collection[str]) -> dict[str, Array]:
        """What these nodes give, in one pass over examples as the network takes them: {node: (n, *its shape)}.

        As for an answer: nothing is dropped, and norms use what they have gathered.
        """
        x = np.ascontiguousarray(self._examples(x), self.dtype)
        records = self.plan.lowered.build.records
        tensors = {node: records[node].output for node in nodes}
        found: dict[str, Array] = {
            node: np.empty((len(x), tensor.spec.size), self.dtype) for node, tensor in tensors.items()
        }
        ctx = self.ctx
        kept = ctx.copy()
        ctx[c.TRAINING], ctx[c.FIRST], ctx[c.STOP_ROW], ctx[c.X], ctx[c.Y] = 0, 0, len(x), x.ctypes.data, 0
        while ctx[c.FIRST] < len(x):
            first = int(ctx[c.FIRST])
            self.section(EVALUATE, EVALUATE + 1)
            rows = int(ctx[c.ROWS])
            for node, tensor in tensors.items():
                at, size = self.plan.evaluation_places[tensor.value], tensor.spec.size
                found[node][first : first + rows] = self.act[at : at + rows * size].reshape(rows, size)
        ctx[:] = kept
        return {node: values.reshape(len(x), *tensors[node].spec.shape) for node, values in found.items()}

    def answers(self, outputs: Array) -> Array:
        """Outputs as answers: user's units for regression, probabilities for classes.

        Of two classes it is the probability of the second, (n, …, 1), however many outputs tell them apart.
        """
        if self.plan.lowered.loss.link == "identity":
            flat = outputs.reshape(len(outputs), math.prod(outputs.shape[1:]))
            return self.prepared.unscale_y(flat).reshape(outputs.shape)
        probabilities = self.probabilities(outputs)
        return probabilities[..., -1:] if self.prepared.task == "binary" else probabilities

    def probabilities(self, outputs: Array) -> Array:
        """Outputs that tell classes apart as probabilities, one for every output."""
        z = outputs.astype(np.float64)
        if self.plan.lowered.loss.link == "sigmoid":
            e = np.exp(-np.abs(z))
            return np.where(z >= 0, 1.0, e) / (1.0 + e)
        z = np.exp(z - z.max(axis=-1, keepdims=True))
        probabilities: Array = z / z.sum(axis=-1, keepdims=True)
        return probabilities

    def predict(self, x: Array) -> Array:
        """Answers for examples in the user's units.

        They are (n, targets) values, (n, 1) probabilities of the second of two classes, or (n, classes) probabilities.

        Raises:
            DesignError: the examples have another shape than the network's input, or are no numbers.
        """
        return self.answers(self.outputs(self.prepared.scale_x(self._examples(x))))

    def gradients(self, x: Array, y: Array) -> tuple[float, dict[str, Array]]:
        """Mean loss over a batch and its gradient by every parameter, as the next step of training would see them.

        Dropout and noise are those of that step, and batch normalisation takes the statistics of these rows.

        Args:
            x: (n, *input shape) in the user's units, of at most as many rows as the network trains on.
            y: (n, values per row) in the user's units; class indices for classes.

        Raises:
            DesignError: their shapes do not fit the network, a class is none, or there are too many rows.
            DataError: the program was made to predict only, without rows.
        """
        prepared = self.prepared
        y = as_numbers("gradients", y)
        y = y.reshape(len(y), -1) if y.ndim and y.size else y
        if prepared.task != "regression" and not np.isin(y, np.arange(max(2, len(prepared.dataset.classes)))).all():
            raise DesignError("gradients", "a target is no class", "Give the index of the class, from 0 on")
        return self.batch_gradients(prepared.scale_x(self._examples(x)), prepared.scale_y(y))

    def batch_gradients(self, x: Array, y: Array) -> tuple[float, dict[str, Array]]:
        """As `gradients`, for examples and targets as the network takes them."""
        self.prepared.require_rows()  # there is no memory for a batch without
        x, y = self._examples(x), as_numbers("targets", y)
        n = len(x)
        if y.shape != (n, self.asked.target):
            raise DesignError("targets", f"their shape is {y.shape}", f"These rows need {(n, self.asked.target)}")
        if not 0 < n <= self.asked.rows:
            raise DesignError("gradients", f"{n} rows were given", f"Give from 1 to {self.asked.rows}")
        if n > self.plan.batch:
            return self.sibling(n).batch_gradients(x, y)
        x, y = np.ascontiguousarray(x, self.dtype), np.ascontiguousarray(y, self.dtype)
        order = np.arange(n)
        kept, passing = self.ctx.copy(), self.passing()
        ctx = self.ctx
        ctx[c.X], ctx[c.Y], ctx[c.ORDER], ctx[c.TRAIN_ROWS] = x.ctypes.data, y.ctypes.data, order.ctypes.data, n
        ctx[c.POSITION] = 0
        # the order of a fresh epoch is drawn by `gather`; a mean does not depend on it
        self.section(FORWARD, BACKWARD)
        self.section(BACKWARD, UPDATE)
        loss = float(self.meters[c.BATCH_LOSS])
        self.ctx[:] = kept
        self.pass_back(passing)
        size = self.plan.parameters_size
        return loss, {p.key: self.view(p.value, p.shape, size).copy() for p in self.plan.parameters}

    def _examples(self, x: Array) -> Array:
        x, expected = as_numbers("examples", x), self.prepared.input
        if x.shape[1:] != expected.shape or not x.ndim:
            raise DesignError("examples", f"their shape is {x.shape}", f"The input takes (rows, {expected})")
        return x

    def sibling(self, batch_size: int) -> Program:
        """The same network with the same parameters and another batch size."""
        from engine.training.optimizers import MiniBatch

        training = self.document.training.but(batch_size=batch_size, optimizer=MiniBatch())
        document = self.document.but(training=training)
        return Program(document, self.prepared, self.seed, self.dtype, state=self.state())


def as_numbers(thing: str, values: Any) -> Array:
    """Values as an array of numbers.

    Raises:
        DesignError: they are none.
    """
    array: Array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise DesignError(thing, "they hold something else than numbers", "Give an array of numbers")
    return array


def compile(
    document: Document, data: Prepared | None = None, seed: int | None = None, dtype: type = np.float32
) -> Program:
    """A program from a design and its data.

    Args:
        document: the design.
        data: prepared data; None: those that the design names.
        seed: of the first weights and the order of the batches; None: the design's.
        dtype: float32 or float64.

    Raises:
        DesignError: the design cannot be trained; says which node, why, and the way out.
        DataError: the data cannot be read.
    """
    from engine.data.prepare import prepare
    from engine.design.checks import check

    prepared = data if data is not None else prepare(document.data, document.split, dtype)
    check(document, prepared).require()
    return Program(document, prepared, seed, dtype)
