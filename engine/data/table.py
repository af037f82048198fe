"""Tables of text, CSV and TSV, from a file or pasted: the user's own data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field

from engine.data.columns import Column, Real, describe
from engine.data.dataset import Dataset, Source, Task
from engine.data.encoding import column_of, encode_frame, encode_target
from engine.data.filling import gaps_of
from engine.data.parsing import read
from engine.data.sniffing import MISSING, NUMBERED
from engine.data.targets import describe_target, guess_target, guess_task
from engine.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class Table(Source):
    """A table of text. Everything about its form is detected; a field that is set wins over the guess."""

    kind = "table"
    title = "Table (CSV)"
    summary = "Your own rows and columns, from a CSV or TSV file or pasted from a spreadsheet."
    group = "own data"

    path: str = Field("", title="File", description="A CSV or TSV file.", json_schema_extra={"widget": "file"})
    text: str = Field(
        "",
        title="Pasted text",
        description="The table itself, where there is no file.",
        json_schema_extra={"widget": "text"},
    )
    target: Names = Field(
        (), title="Target", description="The column to predict; several for a regression. Empty: a sensible guess."
    )
    task: Task | None = Field(
        None,
        title="Task",
        description="regression: numbers. binary: two classes. multiclass: several. Empty: automatic.",
    )
    numbers: Names = Field((), title="Numbers", description="Columns to take as numbers, whatever they look like.")
    categories: Names = Field((), title="Categories", description="Columns to take as categories, even if numbers.")
    ignored: Names = Field((), title="Left out", description="Columns not to learn from.")
    most_categories: int = Field(
        20, ge=2, le=1000, title="Most categories", description="A column of text with more is left out."
    )
    missing: Literal["drop", "mean"] = Field(
        "drop",
        title="Missing values",
        description="drop: leave such rows out. mean: put the mean of the training rows instead (of categories, their "
        "shares).",
    )
    missing_markers: Names | None = Field(
        None, title="Missing markers", description="What stands for a missing value. Empty: NA, ?, null and the like."
    )
    separator: Literal[",", ";", "\t", "|", " "] | None = Field(
        None, title="Separator", description="What stands between two fields. Empty: automatic."
    )
    decimal: Literal[".", ","] | None = Field(None, title="Decimal mark", description="1.5 or 1,5. Empty: automatic.")
    quote: Literal['"', "'"] | None = Field(
        None, title="Quote", description="What stands around a field that holds the separator. Empty: automatic."
    )
    encoding: str | None = Field(
        None, max_length=40, title="Encoding", description="utf-8, cp1252, utf-16 … Empty: automatic."
    )
    header: bool | None = Field(
        None, title="Names on top", description="Whether the first row names the columns. Empty: automatic."
    )

    @property
    def name(self) -> str:
        """What the table is called in messages."""
        return Path(self.path).name if self.path else "the pasted table"

    def frame(self, text: Sequence[str] = ()) -> pd.DataFrame:
        """The table as it stands in the file, the columns ``text`` as text.

        Raises:
            DataError: it cannot be read.
        """
        if bool(self.path) == bool(self.text):
            if self.path:
                raise DataError("the table", "a file and a pasted text are given", "Give one of them.")
            raise DataError("the table", "no file is chosen", "Choose a CSV file or paste a table.")
        frame, _ = read(
            self.name,
            Path(self.path).expanduser() if self.path else self.text.encode("utf-8"),
            encoding=self.encoding if self.path else "utf-8",
            separator=self.separator,
            quote=self.quote,
            decimal=self.decimal,
            header=self.header,
            missing=MISSING if self.missing_markers is None else ("", *self.missing_markers),
            text=(*self.categories, *text),
        )
        return frame

    def load(self, seed: int) -> Dataset:
        frame = self.frame()
        thing = self.name
        self._refuse_unusable(frame)
        columns, task = self.describe(frame)
        x = encode_frame(thing, frame, columns, strict=False)
        y = encode_target(thing, frame, columns)
        asked = tuple(column for column in columns if column.role == "target")
        features = tuple(feature for column in columns for feature in column.features)
        if not features:
            why = [f"{column.name!r}: {column.reason}" for column in columns if column.role == "left out"]
            more = f" and {len(why) - 3} more" if len(why) > 3 else ""
            raise DataError(
                thing,
                f"no column is left to learn from ({'; '.join(why[:3])}{more})",
                "Name columns under Numbers or Categories to take them in all the same.",
            )
        gaps = gaps_of(thing, frame, columns)
        complete = self._complete(x, y, features, asked)
        if complete is not None:
            x, y, gaps = x[complete], y[complete], None if gaps is None else gaps[complete]
        if task != "regression":
            classes = asked[0].categories
            if y.min() == y.max():
                raise DataError(
                    f"{thing}, target {asked[0].name!r}",
                    f"only the class {classes[int(y[0, 0])]!r} is left when rows with missing values are dropped",
                    "Choose mean for missing values.",
                )
        return Dataset(
            name=thing,
            x=x,
            y=y,
            task=task,
            features=features,
            targets=tuple(column.name for column in asked),
            classes=asked[0].categories,
            columns=columns,
            gaps=gaps,
        )

    def describe(self, frame: pd.DataFrame) -> tuple[tuple[Column, ...], Task]:
        """What becomes of each column, and what is asked.

        Raises:
            DataError: a column that is named is not there, a word stands between numbers, or the target is of no use.
        """
        thing = self.name
        for name in (*self.target, *self.numbers, *self.categories, *self.ignored):
            column_of(thing, frame, name)
        inputs = {str(name): self._describe(frame[name]) for name in frame.columns if str(name) not in self.target}
        targets = self.target or (guess_target(list(inputs.values())),)
        values = [frame[name] for name in targets]
        task = self.task or ("regression" if len(targets) > 1 else guess_task(values[0]))
        if len(targets) > 1 and task != "regression":
            raise DataError(thing, f"{len(targets)} targets are named", "Several targets need the task regression.")
        asked = {str(column.name): describe_target(thing, column, task) for column in values}
        return tuple(asked.get(str(name)) or inputs[str(name)] for name in frame.columns), task

    def _describe(self, values: pd.Series[Any]) -> Column:
        name = str(values.name)
        if name in self.ignored:
            return Column(name=name, role="left out", reason="you left it out")
        wanted: Literal["number", "category"] | None = (
            "number" if name in self.numbers else "category" if name in self.categories else None
        )
        return describe(
            self.name, values, wanted=wanted, most_categories=self.most_categories, fill=self.missing == "mean"
        )

    def _refuse_unusable(self, frame: pd.DataFrame) -> None:
        if frame.shape[1] < 2:
            raise DataError(
                self.name,
                f"has one column, {str(frame.columns[0])!r}",
                "Inputs and a target are needed; if there are more, choose their separator.",
            )
        if len(frame) < 2:
            raise DataError(
                self.name, "has one row of data" if len(frame) else "has no rows of data", "Give at least two."
            )

    def _complete(
        self, x: Real, y: Real, features: tuple[str, ...], asked: tuple[Column, ...]
    ) -> NDArray[np.bool_] | None:
        """(N,) which rows have all values, a target among them; None: all of them."""
        with np.errstate(invalid="ignore"):
            if not np.isnan(x.sum()) and not np.isnan(y.sum()):
                return None
        missing = np.isnan(x)
        complete: NDArray[np.bool_] = np.logical_not(missing.any(axis=1) | np.isnan(y).any(axis=1))
        if not complete.any():
            worst = features[int(missing.sum(0).argmax())] if missing.any() else asked[0].name
            raise DataError(
                self.name,
                f"every row misses a value, most often {worst!r}",
                "Choose mean for missing values, or leave that column out.",
            )
        return complete


def encode(data: Table | pd.DataFrame | str | Path, columns: Sequence[Column]) -> Real:
    """The inputs (N, features) of a new table, made as those that were learnt from; ``columns``: `Dataset.columns`.

    Raises:
        DataError: a column is not there, a word stands for a number, a category is unknown, or a value is missing
            that cannot be filled in. Names row, column and value.
    """
    frame, thing = as_frame(data, columns)
    return encode_frame(thing, frame, columns)


def encode_answers(data: Table | pd.DataFrame | str | Path, columns: Sequence[Column]) -> Real:
    """The targets (N, m) of a new table, as `encode` its inputs; a missing one is NaN."""
    frame, thing = as_frame(data, columns)
    return encode_target(thing, frame, columns)


def as_frame(data: Table | pd.DataFrame | str | Path, columns: Sequence[Column]) -> tuple[pd.DataFrame, str]:
    """The table and what to call it."""
    if isinstance(data, str | Path):
        data = Table(path=str(data))
    if isinstance(data, Table):
        # What was learnt from had names on top, so the new one has: a table of words alone leaves that open.
        if data.header is None and any(not NUMBERED.fullmatch(column.name) for column in columns):
            data = data.but(header=True)
        return data.frame([column.name for column in columns if column.categories]), data.name
    return data, "the table"
