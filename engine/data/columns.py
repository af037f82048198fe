"""What a column of a table is: numbers, categories, or nothing to learn from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.design.declared import Value
from engine.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

Real = NDArray[np.float64]
Codes = NDArray[np.int64]
Role = Literal["number", "category", "target", "left out"]
DATE = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ]\d{1,2}:\d{2}.*)?")
COUNTER = re.compile(r"(id|index|idx|row|rownames?|nr|no|number|column 1)|.*[ _]id", re.IGNORECASE)
SAME = "it has the same value in every row"
WHOLE = re.compile(r"^([+-]?\d+)\.0+$")
MOSTLY, HALF = 0.8, 0.5  # from these shares of numbers on, a word among them is a slip of the pen, not a category
MANY = 1000  # different values that are looked at to tell


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


def levels(values: pd.Series[Any]) -> tuple[Codes, list[str]]:
    """The different words of a column, in order, and the number of each row's, (N,), -1 where it is missing."""
    import pandas as pd

    found, distinct = pd.factorize(values)
    texts = [word(value) for value in distinct]
    names = in_order(set(texts))
    place = {name: number for number, name in enumerate(names)}
    # One more at the end is what -1, a missing value, stands for.
    codes: Codes = np.array([*(place[text] for text in texts), -1], np.int64)[found]
    return codes, names


def word(value: object) -> str:
    """A value as text without blanks around it; a whole number is written the same way whatever file it is from."""
    text = str(value).strip()
    return WHOLE.sub(r"\1", text)


def in_order(words: Iterable[str]) -> list[str]:
    """In numeric order where all are numbers, else as in a dictionary."""
    found = sorted(words)
    try:
        return sorted(found, key=float)
    except ValueError:
        return found


def looks_numeric(values: pd.Series[Any]) -> bool:
    """Whether a column is meant to hold numbers, even if a word has slipped in among them.

    Of the different values most are numbers, or half and some of those have a fraction.
    """
    import pandas as pd

    if is_numeric(values):
        return True
    distinct = pd.Series(pd.unique(values.dropna())[:MANY]).astype(str)
    found = pd.to_numeric(distinct, errors="coerce").to_numpy(np.float64)
    present = np.isfinite(found)
    share = float(present.mean()) if len(found) else 0.0
    fraction = bool((found[present] != np.floor(found[present])).any())
    return share >= MOSTLY or (fraction and share >= HALF)


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
    if wanted == "number" or (wanted is None and looks_numeric(values)):
        found = numbers(thing, values)
        if wanted is None and np.nanmin(found) == np.nanmax(found):
            return left_out(name, SAME)
        if wanted is None and COUNTER.fullmatch(name) and values.dtype.kind == "i" and values.is_unique:
            return left_out(name, "it only numbers the rows")
        return Column(name=name, role="number", fill=(float(np.nanmean(found)),) if fill else ())
    if wanted is None and (reason := why_no_categories(values, present, most_categories)):
        return left_out(name, reason)
    codes, categories = levels(values)
    shares = np.bincount(codes[codes >= 0], minlength=len(categories)) / present
    return Column(name=name, role="category", categories=tuple(categories), fill=tuple(shares.tolist()) if fill else ())


def why_no_categories(values: pd.Series[Any], present: int, most: int) -> str:
    """Why a column of text is better left out; empty where it holds categories."""
    distinct = values.dropna().unique()
    if len(distinct) == 1:
        return SAME
    if all(DATE.fullmatch(str(value).strip()) for value in distinct[:MANY]):
        return "it holds dates; a number such as the year or the hour could be learnt from"
    if len(distinct) <= most:
        return ""
    if len(distinct) > 0.9 * present:
        return "it has another text in nearly every row, like a name"
    return f"it has {len(distinct)} categories, more than {most}"


def left_out(name: str, reason: str) -> Column:
    return Column(name=name, role="left out", reason=reason)
