"""From a program's memory to a `State` and back: what is kept by name, and what of it still means something."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import ProjectError
from engine.kernels import contract as c
from engine.program.state import State

if TYPE_CHECKING:
    from engine.design.document import Document
    from engine.program.plan import Plan
    from engine.program.program import Program

Array = NDArray[Any]
Kept = Literal["parameter", "optimizer", "schedule", "state"]

COUNTERS = {
    "step": c.STEP, "epoch": c.EPOCH, "position": c.POSITION, "seed": c.SEED, "waited": c.WAITED,
    "best_epoch": c.BEST_EPOCH,
}  # fmt: skip
SUMS = (c.LOSS_SUM, c.METRIC_SUM, c.COUNT)
LARGEST = 2**62  # of a counter: the loop counts in int64
DAMAGED = "Use another copy of the file; this one was changed by hand"


@dataclass(frozen=True)
class Part:
    """A named piece of what a program keeps from batch to batch.

    Attributes:
        key: of the parameter or state that it belongs to; empty for what belongs to none.
        at, good, best: where it begins in par, in the last good state, and in the best epoch's weights (None: not
            kept).
    """

    name: str
    kind: Kept
    key: str
    shape: tuple[int, ...]
    at: int
    good: int
    best: int | None = None

    def view(self, memory: Array, start: int) -> Array:
        return memory[start : start + math.prod(self.shape)].reshape(self.shape)


def parts(plan: Plan) -> Iterator[Part]:
    """Parameters, what optimizer and schedule keep, and saved state."""
    size, (kept, kept_size), (state, _) = plan.parameters_size, plan.kept, plan.state

    def of_update(name: str, kind: Kept, key: str, shape: tuple[int, ...], at: int) -> Part:
        return Part(name, kind, key, shape, at, size + at - kept)

    for p in plan.parameters:
        place = plan.places[p.value]
        yield Part(f"parameters/{p.key}", "parameter", p.key, p.shape, place, place, place)
        for name, start, _ in plan.slots:
            if name != "scalars":
                yield of_update(f"optimizer/{name}/{p.key}", "optimizer", p.key, p.shape, start + place)
    for name, start, length in plan.slots:
        if name == "scalars":
            yield of_update("optimizer/scalars", "optimizer", "", (length,), start)
    memory, remembered = plan.memory
    if remembered:
        yield of_update("schedule/memory", "schedule", "", (remembered,), memory)
    for s in plan.states:
        place = plan.places[s.value] - state
        yield Part(
            f"state/{s.key}", "state", s.key, s.shape, state + place, size + kept_size + place, size + place
        )  # fmt: skip


def take(program: Program) -> State:
    """The present moment, copied. The last good state is named where it is another than the present one."""
    arrays: dict[str, Array] = {}
    for part in parts(program.plan):
        present, good = part.view(program.par, part.at), part.view(program.good, part.good)
        arrays[part.name] = present.copy()
        if not np.array_equal(present, good):
            arrays[f"good/{part.name}"] = good.copy()
        if part.best is not None and program.ctx[c.BEST_EPOCH]:
            arrays[f"best/{part.name}"] = part.view(program.best, part.best).copy()
    training = program.document.training
    counters: dict[str, int | float | str] = {
        "optimizer": training.optimizer.kind,
        "schedule": training.schedule.kind,
        **marks(program),
        **{name: int(program.ctx[index]) for name, index in COUNTERS.items()},
        **{f"meter_{i}": float(program.meters[i]) for i in range(c.METER_COUNT) if np.isfinite(program.meters[i])},
    }
    return State(arrays, counters, program.prepared.recipe())


def put(program: Program, state: State) -> tuple[str, ...]:
    """Take over whatever of ``state`` fits by name and shape; see `Program.restore`."""
    counters, meters = _counters(state.counters), _meters(state.counters)
    fits = {part: _fitting(state.arrays, part.name, part) for part in parts(program.plan)}
    goods = {part: _fitting(state.arrays, f"good/{part.name}", part) for part in fits}
    bests = {part: _fitting(state.arrays, f"best/{part.name}", part) for part in fits if part.best is not None}
    training, said = program.document.training, state.counters
    usable = {
        "parameter": True,
        "state": True,
        "optimizer": said.get("optimizer") == training.optimizer.kind,
        "schedule": said.get("schedule") == training.schedule.kind,
    }
    fresh = {part.key for part, values in fits.items() if part.kind == "parameter" and values is None}

    program.begin_anew(fresh)
    for part, values in fits.items():
        if values is not None and usable[part.kind] and part.key not in fresh:
            part.view(program.par, part.at)[...] = values
    for name, index in COUNTERS.items():
        if name in counters:
            program.ctx[index] = counters[name]
    program.ctx[c.EPOCH_ENDED] = 0  # no state is saved before an epoch that ends has ended
    program.seed = int(program.ctx[c.SEED])
    program.meters[:] = meters
    _forget(program, {name for name, mark in marks(program).items() if said.get(name, mark) != mark}, bool(fresh))
    program.settle()
    program.keep_good()
    for part, values in goods.items():
        if values is not None and usable[part.kind] and part.key not in fresh:
            part.view(program.good, part.good)[...] = values
    for part, values in bests.items():
        if values is not None and part.best is not None:
            part.view(program.best, part.best)[...] = values
    return tuple(part.key for part in fits if part.kind == "parameter" and part.key in fresh)


def marks(program: Program) -> dict[str, str]:
    """What a loss is a loss of: the rows, and the network with its loss. Losses of other ones are not compared."""
    document = program.document
    if program.marked is not None and program.marked[0] is document:
        return program.marked[1]
    network = {
        "nodes": sorted((node.id, node.layer.dump()) for node in document.nodes),
        "wires": sorted((wire.source, wire.target, wire.port) for wire in document.wires),
        "loss": document.training.loss.dump(),
    }
    found = {"rows": rows_mark(program.prepared.fingerprint, document), "network": _digest(network)}
    program.marked = document, found  # a state is taken many times a second
    return found


def rows_mark(fingerprint: str, document: Document) -> str:
    """The mark of rows as the document splits and scales them."""
    return _digest([fingerprint, document.split.model_dump(mode="json")])


def _digest(value: Any) -> str:
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=8).hexdigest()


def _forget(program: Program, changed: set[str], fresh: bool) -> None:
    """Other rows: the epoch begins anew. Another network or loss: what was best, and the sums so far, mean nothing."""
    ctx, meters = program.ctx, program.meters
    elsewhere = "rows" in changed or not ctx[c.POSITION] < program.asked.rows
    if elsewhere:
        ctx[c.POSITION] = 0
    if elsewhere or changed or fresh:
        meters[[*SUMS, *(c.VALIDATION_METERS + i for i in SUMS)]] = 0.0
        meters[c.BEST_LOSS] = np.inf
        ctx[c.BEST_EPOCH] = ctx[c.WAITED] = 0


def _fitting(arrays: Mapping[str, Array], name: str, part: Part) -> Array | None:
    values = arrays.get(name)
    if values is None or values.shape != part.shape:
        return None
    if values.dtype.kind not in "fiu":
        raise ProjectError("the saved training", f"{name} holds no numbers", DAMAGED)
    return values


def _counters(given: Mapping[str, Any]) -> dict[str, int]:
    return {name: whole_number(given, name) for name in COUNTERS if name in given}


def whole_number(given: Mapping[str, Any], name: str) -> int:
    """A counter of a saved training; 0 where there is none.

    Raises:
        ProjectError: it is no count.
    """
    value = given.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < LARGEST:
        raise ProjectError("the saved training", f"its counter {name} cannot be {value!r}", DAMAGED)
    return value


def real_number(given: Mapping[str, Any], name: str, default: float = 0.0) -> float:
    """A number of a saved training.

    Raises:
        ProjectError: it is none.
    """
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise ProjectError("the saved training", f"its number {name} cannot be {value!r}", DAMAGED)
    return float(value)


def _meters(given: Mapping[str, Any]) -> Array:
    beginning = [math.inf if i == c.BEST_LOSS else 0.0 for i in range(c.METER_COUNT)]
    return np.array([real_number(given, f"meter_{i}", value) for i, value in enumerate(beginning)])
