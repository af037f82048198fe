"""Some rows of the data with what the network answers to them, as many as can be afforded between two chunks."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.insight.metrics import chosen
from engine.insight.pictures import Points

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.program.program import Program

Array = NDArray[Any]

SHOWN: Final = 1000  # points of data in a picture: more hide each other on a screen
FEWEST: Final = 200  # rows that are judged, however large the network
WORK: Final = 100_000_000  # multiply-adds of a picture: some milliseconds, for which Pause may have to wait


def work_of(program: Program) -> int:
    """Multiply-adds of one example."""
    return max(1, sum(record.multiply_adds for record in program.plan.lowered.build.records.values()))


def affordable(program: Program, most: int) -> int:
    """How many rows may be judged: a large network answers for fewer."""
    return int(min(most, max(WORK / work_of(program), FEWEST)))


def sample(rows: slice, most: int) -> Array:
    """At most ``most`` row numbers, evenly over the slice, so that the same rows are shown every time."""
    count = rows.stop - rows.start
    if count <= most:
        return np.arange(rows.start, rows.stop)
    return np.linspace(rows.start, rows.stop - 1, most).astype(np.int64)


def judged_part(prepared: Prepared) -> tuple[str, slice]:
    if prepared.validation.stop > prepared.validation.start:
        return "validation", prepared.validation
    return "training", prepared.train


def points(prepared: Prepared, part: slice, features: tuple[int, ...] = (0, 1)) -> Points:
    """Some rows of a part, with the inputs that are drawn."""
    rows = sample(part, SHOWN)
    x = np.asarray(prepared.unscale_x(prepared.x[rows])).reshape(len(rows), prepared.input.size)
    return Points(x[:, features] if x.shape[1] > 1 else x, targets(prepared, rows), rows)


def targets(prepared: Prepared, rows: Array) -> Array:
    """(n,) the first target in the user's units, or class indices."""
    y = np.asarray(prepared.y[rows])
    if prepared.task == "regression":
        y = np.asarray(prepared.unscale_y(y))
    first: Array = y[:, 0]
    return first


def judge(program: Program, rows: Array) -> tuple[Array, Array]:
    """(n,) true and predicted values of the first target."""
    prepared = program.prepared
    if not len(rows):
        return np.empty(0), np.empty(0)
    return targets(prepared, rows), one_value(program.predict(prepared.unscale_x(prepared.x[rows])))


def answered(program: Program, rows: Array) -> tuple[Array, Array, Array]:
    """True and answered class indices, and the probabilities of the classes: (n,), (n,), (n, classes).

    Where every time step has its own class, every step counts.
    """
    prepared = program.prepared
    answers = np.asarray(program.predict(prepared.unscale_x(prepared.x[rows])), np.float64)
    true = np.asarray(prepared.y[rows]).ravel().astype(np.int64)
    probabilities = answers.reshape(-1, answers.shape[-1])
    picked = chosen(prepared.task, probabilities)
    if prepared.task == "binary":
        probabilities = np.column_stack([1 - probabilities, probabilities])
    return true, picked, probabilities


def one_value(answers: Array) -> Array:
    """(n,) the first column of what a network answers."""
    answers = np.asarray(answers)
    return answers.reshape(len(answers), -1)[:, 0]


def r2_of(true: Array, predicted: Array) -> float:
    """1 - residual / total sum of squares; NaN where the truth does not vary."""
    total = float(((true - true.mean()) ** 2).sum()) if len(true) else 0.0
    return 1.0 - float(((true - predicted) ** 2).sum()) / total if total > 0 else float("nan")


def outputs_of(program: Program, node: str, blocks: list[Array]) -> list[Array]:
    """What a layer gives for blocks of examples as the network takes them, in one pass: (n, units) for each."""
    ends = np.cumsum([len(block) for block in blocks])[:-1]
    outputs = program.layer_outputs(np.concatenate(blocks), (node,))[node]
    return np.split(outputs.reshape(len(outputs), prod(outputs.shape[1:])), ends)


def flat(places: Array) -> Array:
    """(n, m, k) as (n · m, k)."""
    return places.reshape(-1, places.shape[-1])
