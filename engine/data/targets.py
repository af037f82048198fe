"""Which column of a table is asked for, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.data.columns import SAME, Column, Real, is_numeric, levels, looks_numeric, numbers
from engine.data.dataset import Task
from engine.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

USUAL = (
    "target",
    "label",
    "class",
    "y",
    "output",
    "outcome",
    "species",
    "diagnosis",
    "survived",
    "result",
    "response",
    "price",
    "quality",
)
FEW = 10  # so many different whole numbers at most are taken for classes


def guess_target(columns: Sequence[Column]) -> str:
    """The column with a name that is usual for targets, else the last that is of use.

    One that is the same in every row is a candidate too: that a table has one class only must be said, not hidden by
    asking for something else.
    """
    usable = [column.name for column in columns if column.role != "left out" or column.reason == SAME]
    names = {name.strip().lower(): name for name in reversed(usable)}
    for usual in USUAL:
        if usual in names:
            return names[usual]
    return usable[-1] if usable else columns[-1].name


def guess_task(values: pd.Series[Any]) -> Task:
    """Words and few whole numbers are classes, other numbers a regression."""
    if not looks_numeric(values):
        return "binary" if values.nunique() <= 2 else "multiclass"
    if not is_numeric(values):
        return "regression"
    found = values.dropna().to_numpy(np.float64)
    # A look at the first rows spares large tables of real numbers the rest.
    if not len(found) or not whole(found[:1000]) or not whole(found):
        return "regression"
    if found.max() - found.min() > 100 * FEW:
        return "regression"
    different = len(np.unique(found))
    if different <= 2:
        return "binary"
    return "multiclass" if different <= FEW and different * 5 <= len(found) else "regression"


def whole(values: Real) -> bool:
    """Whether all values are finite whole numbers."""
    return bool(np.isfinite(values).all() and (values == np.floor(values)).all())


def describe_target(thing: str, values: pd.Series[Any], task: Task) -> Column:
    """The column that is asked for.

    Raises:
        DataError: it is empty, has one class, more than two for a binary task, nearly as many as rows, or a word
            where a number is asked.
    """
    name = str(values.name)
    place = f"{thing}, target {name!r}"
    if not values.notna().any():
        raise DataError(place, "is empty", "Choose another target.")
    if task == "regression":
        numbers(thing, values)
        return Column(name=name, role="target")
    _, classes = levels(values)
    present = int(values.notna().sum())
    if len(classes) < 2:
        raise DataError(
            place, f"has one class, {classes[0]!r}", "Give rows of a second class, or choose another target."
        )
    if task == "binary" and len(classes) > 2:
        shown = ", ".join(classes[:5]) + (" …" if len(classes) > 5 else "")
        raise DataError(place, f"has {len(classes)} classes ({shown})", "Choose the task multiclass.")
    if len(classes) > 2 and len(classes) > present / 2:
        raise DataError(
            place,
            f"has {len(classes)} different values in {present} rows, so hardly any class comes twice",
            "Choose another target" + (", or the task regression." if is_numeric(values) else "."),
        )
    return Column(name=name, role="target", categories=tuple(classes))
