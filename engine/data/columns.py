"""What a column of a table is: numbers, categories, or nothing to learn from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.design.declared import Value
from engine.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

Real = NDArray[np.float64]
Role = Literal["number", "category", "target", "left out"]
DATE = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ]\d{1,2}:\d{2}.*)?")
COUNTER = re.compile(r"(id|index|idx|row|rownames?|nr|no|number|column 1)|.*[ _]id", re.IGNORECASE)
SAME = "it has the same value in every row"
MOSTLY_NUMBERS = 0.8  # from this share of numbers on, a word among them is a slip of the pen, not a category


class Column(Value):
    """What became of one column of a file.

    Attributes:
        role: "number": one input. "category": an input per category, 1 where it applies. "target": what is asked.
            "left out": not used, for ``reason``.
        categories: of a category, or the classes of a target; empty for numbers.
        fill: what stands in for a missing value, one number per input; empty where a missing value is refused.
    """

    name: str
    role: Role
    categories: tuple[str, ...] = ()
    fill: tuple[float, ...] = ()
    reason: str = ""

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the inputs that it makes."""
        if self.role == "number":
            return (self.name,)
        return tuple(f"{self.name} = {category}" for category in self.categories) if self.role == "category" else ()


def is_numeric(values: pd.Series[Any]) -> bool:
    return values.dtype.kind in "iuf"


def numbers(thing: str, values: pd.Series[Any]) -> Real:
    """A column as numbers, (N,), missing ones NaN.

    Raises:
        DataError: a value is a word or infinite; says its row, counted from 1 below the names.
    """
    import pandas as pd

    if is_numeric(values):
        found: Real = values.to_numpy(np.float64)
    else:
        found = pd.to_numeric(values.astype(str).where(values.notna()), errors="coerce").to_numpy(np.float64)
        wrong = np.flatnonzero(np.isnan(found) & values.notna().to_numpy())
        if len(wrong):
            raise DataError(
                f"{thing}, row {wrong[0] + 1}, column {values.name!r}",
                f"{str(values.iloc[wrong[0]])!r} is not a number",
                "Correct it, add it to the missing markers, or take the column as categories.",
            )
    with np.errstate(over="ignore", invalid="ignore"):
        total = found.sum()
    if not np.isfinite(total):
        infinite = np.flatnonzero(np.isinf(found))
        if len(infinite):
            raise DataError(
                f"{thing}, row {infinite[0] + 1}, column {values.name!r}",
                f"{found[infinite[0]]} is not a finite number",
                "Correct it, or add it to the missing markers.",
            )
    return found


def words(values: pd.Series[Any]) -> pd.Series[Any]:
    """A column as text without blanks around it, missing values left missing; whole numbers have no point."""
    if values.dtype.kind == "f":
        present = values.dropna()
        if np.equal(np.mod(present, 1), 0).all():
            values = values.astype("Int64")
    return values.astype(str).str.strip().where(values.notna())


def category_names(values: pd.Series[Any]) -> tuple[str, ...]:
    """The different words of a column: in numeric order where all are numbers, else as in a dictionary."""
    found = [str(value) for value in values.dropna().unique()]
    try:
        return tuple(sorted(found, key=float))
    except ValueError:
        return tuple(sorted(found))


def numeric_share(values: pd.Series[Any]) -> float:
    """The share of the present values that are written as numbers."""
    import pandas as pd

    present = values.dropna()
    return float(pd.to_numeric(present.astype(str), errors="coerce").notna().mean()) if len(present) else 0.0


def describe(
    thing: str,
    values: pd.Series[Any],
    *,
    wanted: Literal["number", "category"] | None = None,
    most_categories: int = 20,
    fill: bool = False,
) -> Column:
    """What a column of inputs is to become; ``wanted`` overrides the guess, ``fill`` stands in for missing values.

    Raises:
        DataError: a word stands between numbers.
    """
    name = str(values.name)
    present = int(values.notna().sum())
    if present == 0:
        return left_out(name, "it is empty")
    if wanted is None and present < len(values) / 2:
        return left_out(name, f"{100 * (len(values) - present) // len(values)} % of it is missing")
    numeric = is_numeric(values)
    if wanted == "number" or (wanted is None and (numeric or numeric_share(values) >= MOSTLY_NUMBERS)):
        found = numbers(thing, values)
        if wanted is None and np.nanmin(found) == np.nanmax(found):
            return left_out(name, SAME)
        if wanted is None and COUNTER.fullmatch(name) and values.dtype.kind == "i" and values.is_unique:
            return left_out(name, "it only numbers the rows")
        return Column(name=name, role="number", fill=(float(np.nanmean(found)),) if fill else ())
    text = words(values)
    categories = category_names(text)
    if wanted is None:
        if len(categories) == 1:
            return left_out(name, SAME)
        if all(DATE.fullmatch(category) for category in categories):
            return left_out(name, "it holds dates; a number such as the year or the hour could be learnt from")
        if len(categories) > most_categories:
            nearly = len(categories) > 0.9 * present
            return left_out(
                name,
                "it has another text in nearly every row, like a name"
                if nearly
                else f"it has {len(categories)} categories, more than {most_categories}",
            )
    shares = text.value_counts(normalize=True)
    return Column(
        name=name,
        role="category",
        categories=categories,
        fill=tuple(float(shares[category]) for category in categories) if fill else (),
    )


def left_out(name: str, reason: str) -> Column:
    return Column(name=name, role="left out", reason=reason)
