"""Which rows train, which validate, which test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError

if TYPE_CHECKING:
    from engine.training.spec import DataSplit

Rows = NDArray[np.int64]


def sizes(rows: int, split: DataSplit) -> tuple[int, int, int]:
    """How many rows train, validate and test; a share above zero gets at least one row.

    Raises:
        DataError: fewer than two rows would be left to train on.
    """
    held = [max(1, round(rows * share)) if share > 0 else 0 for share in (split.validation, split.test)]
    left = rows - sum(held)
    if left < 2:
        kept = f"{held[0]} of the {rows} rows are kept for validation and {held[1]} for testing"
        raise DataError(
            "the data",
            f"there are too few rows to learn from: {kept}" if sum(held) else f"there are too few rows: {rows}",
            "Give more rows, or choose smaller validation and test shares." if sum(held) else "Give more rows.",
        )
    return left, held[0], held[1]


def order(rows: int, split: DataSplit, labels: NDArray[np.floating] | None = None) -> tuple[Rows, tuple[int, int, int]]:
    """The rows in the order train | validation | test, shuffled, and the size of each part.

    With ``labels`` (N,), one class index per row, every part gets its share of each class, as far as whole rows
    allow; the first row of a class always trains while there is room, so that no class is only tested.
    """
    parts = sizes(rows, split)
    random = np.random.Generator(np.random.PCG64(split.seed))
    chosen = random.permutation(rows)
    if labels is not None:
        chosen = chosen[interleaved(labels[chosen])]
    ends = np.cumsum(parts)
    for first, last in zip((0, *ends[:-1]), ends, strict=True):
        random.shuffle(chosen[first:last])
    return chosen, parts


def interleaved(labels: NDArray[np.floating]) -> Rows:
    """An order in which each stretch holds all classes in their overall proportion.

    Row number r of the n rows of its class stands at (r + ½)/n of the way; the first of each class stands in front.
    """
    by_class = np.argsort(labels, kind="stable")
    _, first, counts = np.unique(labels[by_class], return_index=True, return_counts=True)
    rank = np.arange(len(labels)) - np.repeat(first, counts)
    place = np.where(rank == 0, 0.0, (rank + 0.5) / np.repeat(counts, counts))
    return by_class[np.argsort(place, kind="stable")]
