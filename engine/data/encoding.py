"""Columns of a table as inputs and targets: the same for the table that was learnt from and for a new one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.data.columns import Codes, Column, Real, levels, numbers
from engine.errors import DataError

if TYPE_CHECKING:
    import pandas as pd


def column_of(thing: str, frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column by its name.

    Raises:
        DataError: it is not there; names the nearest that are.
    """
    if name not in frame.columns:
        have = [str(column) for column in frame.columns]
        near = get_close_matches(name, have, n=3, cutoff=0.5) or have[:10]
        more = " …" if len(near) == 10 < len(have) else ""
        raise DataError(
            thing, f"there is no column {name!r}", f"{'Near' if len(near) < 4 else 'It has'}: {', '.join(near)}{more}."
        )
    return frame[name]


def indices(thing: str, values: pd.Series[Any], categories: Sequence[str]) -> Codes:
    """The number of each value's category, (N,); -1 where it is missing.

    Raises:
        DataError: a value is none of them; says row, column and value.
    """
    codes, names = levels(values)
    place = {category: number for number, category in enumerate(categories)}
    unknown = np.array([name not in place for name in names] + [False])
    wrong = np.flatnonzero(unknown[codes])
    if len(wrong):
        name = names[codes[wrong[0]]]
        near = get_close_matches(name, categories, n=3) or list(categories[:10])
        raise DataError(
            f"{thing}, row {wrong[0] + 1}, column {values.name!r}",
            f"{name!r} is not one of the categories that were learnt",
            f"Known: {', '.join(near)}{' …' if len(near) < len(categories) else ''}.",
        )
    known: Codes = np.array([*(place[name] for name in names), -1], np.int64)[codes]
    return known


def encode_frame(thing: str, frame: pd.DataFrame, columns: Sequence[Column], strict: bool = True) -> Real:
    """The inputs (N, features) that ``columns`` make of a table; missing values are filled, or NaN if not ``strict``.

    Raises:
        DataError: a column is not there, a word stands for a number, a category is unknown, or a value is missing
            and was not filled in training either.
    """
    used = [column for column in columns if column.role in ("number", "category")]
    x = np.empty((len(frame), sum(len(column.features) for column in used)))
    at = 0
    for column in used:
        values = column_of(thing, frame, column.name)
        part = x[:, at : at + len(column.features)]
        at += len(column.features)
        if column.role == "number":
            part[:, 0] = numbers(thing, values)
            missing = np.isnan(part[:, 0])
        else:
            codes = indices(thing, values, column.categories)
            missing = codes < 0
            part[:] = codes[:, None] == np.arange(len(column.categories))
            part[missing] = np.nan
        if column.fill:
            part[missing] = column.fill
        elif strict and missing.any():
            raise DataError(
                f"{thing}, row {int(np.argmax(missing)) + 1}, column {column.name!r}",
                "there is no value",
                "Fill it in, or train on a table whose missing values are replaced by the mean.",
            )
    return x


def encode_target(thing: str, frame: pd.DataFrame, columns: Sequence[Column]) -> Real:
    """The targets (N, m) of a table: numbers, or the index of the class; NaN where the value is missing.

    Raises:
        DataError: a column is not there, a word stands for a number, or a class is unknown.
    """
    found = []
    for column in columns:
        if column.role != "target":
            continue
        values = column_of(thing, frame, column.name)
        if column.categories:
            codes = indices(thing, values, column.categories).astype(np.float64)
            codes[codes < 0] = np.nan
            found.append(codes)
        else:
            found.append(numbers(thing, values))
    return np.column_stack(found) if found else np.empty((len(frame), 0))
