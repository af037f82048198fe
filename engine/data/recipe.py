"""What a network must know of the data that it learnt from, without their rows: how they were named and scaled."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import DTypeLike
from pydantic import Field, ValidationError, model_validator

from engine.data.columns import Column
from engine.data.dataset import Dataset, Task
from engine.data.scaling import NONE, Scaling
from engine.design.declared import Value
from engine.errors import DataError

MOST = 2**31  # numbers of one example, or of one target
Sizes = Annotated[tuple[Annotated[int, Field(ge=1, le=MOST)], ...], Field(min_length=1, max_length=16)]
Numbers = float | tuple[float, ...]  # one for all values of an example, or one for each place along its last axis


class Scale(Value):
    """A `Scaling` that was fitted. JSON writes a float64 with as many digits as bring back every bit."""

    offset: Numbers
    scale: Numbers

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if np.shape(self.offset) != np.shape(self.scale):
            raise ValueError("offset and scale differ in length")
        if not np.all(np.greater(self.scale, 0)):
            raise ValueError("a scale is not greater than 0")
        return self

    @property
    def size(self) -> int:
        return int(np.size(self.offset))


class Recipe(Value):
    """How rows in the user's units become what a network takes, and its answers what the user reads.

    Attributes:
        name, task, features, targets, classes, tokens, columns: as in `Dataset`.
        input, target_shape: the shapes of one example and of one target.
        x_scaling, y_scaling: None where values are taken as they are.
        rows: how many rows there were.
        fingerprint: of these rows.
    """

    name: str
    task: Task
    features: tuple[str, ...]
    targets: tuple[str, ...] = Field(min_length=1)
    classes: tuple[str, ...]
    tokens: int = Field(ge=0, le=2**31)
    columns: tuple[Column, ...]
    input: Sizes
    target_shape: Sizes
    x_scaling: Scale | None
    y_scaling: Scale | None
    rows: int = Field(ge=1)
    fingerprint: str

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Recipe:
        """A recipe from a file, checked: nothing in it contradicts anything else.

        Raises:
            DataError: it is none; says where and why.
        """
        try:
            return cls.model_validate(dict(raw))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            place = ".".join(map(str, first["loc"][:3]))[:80]
            reason = first["msg"].removeprefix("Value error, ")
            reason = reason[:1].lower() + reason[1:]
            raise DataError(
                "what was learnt of the data", f"{place}: {reason}" if place else reason, "Train again"
            ) from None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if max(prod(self.input), prod(self.target_shape)) > MOST:
            raise ValueError("an example is larger than any memory")
        if self.x_scaling is not None and self.x_scaling.size not in (1, self.input[-1]):
            raise ValueError("the scaling of the inputs does not fit their shape")
        if self.y_scaling is not None and self.y_scaling.size not in (1, prod(self.target_shape)):
            raise ValueError("the scaling of the targets does not fit their shape")
        most = {"regression": 0, "binary": 2, "multiclass": len(self.classes)}[self.task]
        if len(self.classes) != most or (self.task == "multiclass" and most < 2):
            raise ValueError(f"{len(self.classes)} classes are no {self.task} task")
        if self.columns:
            self._refuse_other_columns()
        return self

    def _refuse_other_columns(self) -> None:
        asked = [column for column in self.columns if column.role == "target"]
        features = tuple(feature for column in self.columns for feature in column.features)
        if features != self.features or self.input != (len(features),):
            raise ValueError("the columns do not make the inputs")
        if tuple(column.name for column in asked) != self.targets or prod(self.target_shape) != len(asked):
            raise ValueError("the columns do not make the targets")
        if any(column.categories != self.classes for column in asked):
            raise ValueError("the target's categories are not the classes")
        if any(column.fill and len(column.fill) != len(column.features) for column in self.columns):
            raise ValueError("a column is filled with more or less than it holds")

    def dataset(self, dtype: DTypeLike) -> Dataset:
        """The names of the set, without any row."""
        return Dataset(
            self.name,
            np.empty((0, *self.input), dtype),
            np.empty((0, *self.target_shape), dtype),
            self.task,
            self.features,
            self.targets,
            self.classes,
            self.tokens,
            self.columns,
        )


def dumped(scaling: Scaling) -> dict[str, Any] | None:
    """A scaling as `Scale` reads it."""
    if scaling is NONE:
        return None
    return {"offset": scaling.offset.tolist(), "scale": scaling.scale.tolist()}


def revived(scale: Scale | None) -> Scaling:
    """The scaling that was dumped, bit for bit."""
    if scale is None:
        return NONE
    return Scaling(np.array(scale.offset, np.float64), np.array(scale.scale, np.float64))
