"""Missing values of a table: where they are, and what stands in for them while a network learns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.data.columns import Column
from engine.data.encoding import column_of

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.dataset import Dataset
    from engine.data.splitting import Rows

Gaps = NDArray[np.bool_]


def gaps_of(thing: str, frame: pd.DataFrame, columns: Sequence[Column]) -> Gaps | None:
    """(N, features) which inputs of a table are filled in; None where no column is to be filled."""
    used = [column for column in columns if column.features]
    if not any(column.fill for column in used):
        return None
    missing = np.column_stack([column_of(thing, frame, column.name).isna().to_numpy() for column in used])
    return np.repeat(missing, [len(column.features) for column in used], axis=1)


def refilled(dataset: Dataset, training: Rows, spend: bool = False) -> Dataset:
    """What is missing filled with means and shares of the training rows alone: of the others nothing may be known.

    Where no training row has a value, the mean of all rows stays. ``spend`` allows to write into the rows themselves.
    """
    gaps = dataset.gaps
    if gaps is None:
        return dataset
    x, fills = dataset.x if spend else dataset.x.copy(), np.zeros(dataset.x.shape[1])
    for at, known in _features(dataset.columns):
        rows = training[~gaps[training, at]]
        fills[at] = x[rows, at].mean() if len(rows) else known
        x[gaps[:, at], at] = fills[at]
    values, columns, at = fills.tolist(), [], 0
    for column in dataset.columns:
        count = len(column.features)
        columns.append(column.but(fill=tuple(values[at : at + count])) if column.fill else column)
        at += count
    return replace(dataset, x=x, columns=tuple(columns), gaps=None)


def _features(columns: Sequence[Any]) -> Iterator[tuple[int, float]]:
    """(number of the input, what it was filled with)."""
    return enumerate(fill for column in columns if column.features for fill in column.fill)
