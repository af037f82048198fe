"""Looking raw rows over: what cannot be learnt from is refused with the row, the column and the way out."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset
from engine.errors import DataError

BLOCK = 131_072  # numbers looked at once


def refuse_unusable(dataset: Dataset) -> None:
    """Nothing, when the rows can be learnt from.

    Raises:
        DataError: rows of x and y do not match, there are none, a value is not finite, a class index is none, or
            all rows are of one class.
    """
    name, x, y = dataset.name, dataset.x, dataset.y
    if x.ndim < 2 or y.ndim < 2:
        raise DataError(
            name, f"x has {x.ndim} and y {y.ndim} axes", "Both need one for the rows and at least one more."
        )
    if len(x) != len(y):
        raise DataError(name, f"there are {len(x)} rows of inputs and {len(y)} of targets", "Give one target per row.")
    if len(x) == 0:
        raise DataError(name, "there are no rows", "Give at least two rows.")
    if prod(x.shape[1:]) == 0 or prod(y.shape[1:]) == 0:
        raise DataError(name, "a row holds no values", "Give at least one input and one target.")
    refuse_not_finite(name, "inputs", x, dataset.features)
    refuse_not_finite(name, "targets", y, dataset.targets)
    if dataset.tokens:
        refuse_not_indices(name, "token", x, dataset.tokens)
    if dataset.task != "regression":
        count = 2 if dataset.task == "binary" else len(dataset.classes)
        refuse_not_indices(name, "class", y, count)
        if y.min() == y.max():
            only = dataset.classes[int(y.flat[0])] if dataset.classes else str(int(y.flat[0]))
            raise DataError(
                name, f"all rows are of one class, {only!r}", "Give rows of a second class, or choose another target."
            )


def refuse_not_finite(name: str, what: str, values: NDArray[Any], columns: tuple[str, ...]) -> None:
    """Nothing, when all values are finite numbers.

    Raises:
        DataError: one is NaN or infinite; says its row and column, both counted from 1.
    """
    if values.dtype.kind in "biu":
        return
    if values.dtype.kind != "f":
        raise DataError(name, f"the {what} hold {values.dtype}, not numbers", "Give an array of real numbers.")
    step = max(1, BLOCK // max(1, prod(values.shape[1:])))
    for first in range(0, len(values), step):
        block = values[first : first + step]
        # A sum is finite only where all values are; it is several times quicker than asking each of them.
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(block.sum(dtype=np.float64)):
                continue
        wrong = np.argwhere(~np.isfinite(block))
        if len(wrong):
            row, *place = (int(index) for index in wrong[0])
            raise DataError(
                name,
                f"row {first + row + 1}, {called(place, columns)} of the {what} is {block[(row, *place)]}",
                "Every value must be a finite number: mend or remove the row.",
            )


def called(place: list[int], columns: tuple[str, ...]) -> str:
    """What a user calls the place of a value within its row."""
    if columns and len(columns) > place[-1] and len(place) == 1:
        return f"column {columns[place[0]]!r}"
    return "column " + ", ".join(str(index + 1) for index in place)


def refuse_not_indices(name: str, what: str, values: NDArray[Any], count: int) -> None:
    """Nothing, when all values are whole numbers from 0 to ``count`` - 1.

    Raises:
        DataError: one is not; says its row.
    """
    wrong = (values < 0) | (values >= count)
    if values.dtype.kind == "f":
        wrong |= values != np.floor(values)
    if wrong.any():
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        raise DataError(
            name,
            f"row {place[0] + 1} has the {what} {values[place]}",
            f"There are {count}: give whole numbers from 0 to {count - 1}.",
        )
