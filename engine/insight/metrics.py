"""How good a network is, in numbers that people know: accuracy, R², RMSE, in the user's own units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Task

if TYPE_CHECKING:
    from engine.program.program import Program

Array = NDArray[Any]
BLOCK = 65_536  # rows answered at once

UNITS = {
    "accuracy": "share of answers that are right",
    "log_loss": "cross-entropy per answer, in nats",
    "r2": "share of the spread that is explained; 0: no better than the mean",
    "rmse": "root mean squared error, in the target's unit",
    "mae": "mean absolute error, in the target's unit",
}


def measure(task: Task, answers: Array, targets: Array) -> dict[str, float]:
    """The metrics of a task.

    Args:
        answers: (n, m) values; (n, 1) probabilities of class 1; (n, …, classes) probabilities.
        targets: (n, m) values, or class indices (n, 1) or (n, time).
    """
    if task == "regression":
        return _regression(answers.reshape(len(answers), -1), targets)
    both = np.concatenate([1 - answers, answers], axis=-1) if task == "binary" else answers
    classes = both.reshape(-1, both.shape[-1])  # a row per answer
    index = targets.astype(np.int64).ravel()
    right = classes[np.arange(len(index)), index]
    return {
        "accuracy": float(np.mean(chosen(task, answers).ravel() == index)),
        "log_loss": float(-np.mean(np.log(np.maximum(right, np.finfo(np.float64).tiny)))),
    }


def chosen(task: Task, probabilities: Array) -> NDArray[np.int64]:
    """The index of the most probable class; ``probabilities`` as a network answers: of two classes the second's."""
    if task == "binary":
        return (probabilities[..., 0] > 0.5).astype(np.int64)
    index: NDArray[np.int64] = probabilities.argmax(axis=-1)
    return index


def _regression(answers: Array, targets: Array) -> dict[str, float]:
    """R² is the mean over the targets, as each has a unit of its own; NaN where a target does not vary."""
    errors = (answers - targets).astype(np.float64)
    spread = ((targets - targets.mean(axis=0)) ** 2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        r2 = np.where(spread > 0, 1 - (errors**2).sum(axis=0) / spread, np.nan)
    return {
        "r2": float(r2.mean()),
        "rmse": float(np.sqrt(np.mean(errors**2))),
        "mae": float(np.mean(np.abs(errors))),
    }


def measure_parts(program: Program) -> dict[str, dict[str, float]]:
    """{"train" | "validation" | "test": metrics} for the parts of the program's data that hold rows."""
    prepared = program.prepared
    parts = {"train": prepared.train, "validation": prepared.validation, "test": prepared.test}
    return {
        name: measure(prepared.task, *judged(program, rows)) for name, rows in parts.items() if rows.stop > rows.start
    }


def judged(program: Program, rows: slice) -> tuple[Array, Array]:
    """Answers and targets of some rows of the program's data, in the user's units."""
    prepared = program.prepared
    answers = [
        program.answers(program.outputs(prepared.x[first : min(first + BLOCK, rows.stop)]))
        for first in range(rows.start, rows.stop, BLOCK)
    ]
    targets = prepared.y[rows]
    if prepared.task == "regression":
        targets = prepared.unscale_y(targets)
    return np.concatenate(answers), targets


def confusion(task: Task, answers: Array, targets: Array, classes: int) -> NDArray[np.int64]:
    """(classes, classes) counts: a row per true class, a column per answered one."""
    counts = np.zeros((classes, classes), np.int64)
    np.add.at(counts, (targets.astype(np.int64).ravel(), chosen(task, answers).ravel()), 1)
    return counts
