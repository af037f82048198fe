"""What a network learns from: rows of inputs and targets, and how they are named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.design.declared import Declared

Task = Literal["regression", "binary", "multiclass"]
Array = NDArray[Any]
BLANKS: Final = str.maketrans({" ": "␣", "\n": "↵", "\r": "↵", "\t": "⇥", "\u00a0": "⍽"})
EMPTY: Final = "∅"  # the mark of a name without any letter


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows before splitting and scaling, in the user's own units.

    Attributes:
        x: (N, *input shape) float; token ids are whole numbers held as float (exact below 2**24).
        y: (N, *target shape) float. regression: values, (N, m). binary: 0 or 1, (N, 1). multiclass: the class
            index, (N, 1), or (N, T) where every time step has its own.
        task: what is asked.
        features: a name per input column; empty where x is not a table.
        targets: a name per target column.
        classes: a name per class, in the order of the indices; empty for regression.
        tokens: the size of the vocabulary where x holds token ids, else 0.
        columns: how each feature came from the file's columns; see `engine.data.table`. Empty for built-in sets.
        gaps: (N, features) which values of x stand in for missing ones, until the training rows say what they are to
            be; None where nothing is filled in.
    """

    name: str
    x: Array
    y: Array
    task: Task
    features: tuple[str, ...] = ()
    targets: tuple[str, ...] = ("y",)
    classes: tuple[str, ...] = ()
    tokens: int = 0
    columns: tuple[Any, ...] = field(default=())
    gaps: NDArray[np.bool_] | None = None

    @property
    def rows(self) -> int:
        return int(self.x.shape[0])

    @property
    def shown_classes(self) -> tuple[str, ...]:
        """The names of the classes for the eye: of those that are blank, the marks of their blanks."""
        return tuple(name if name.strip() else name.translate(BLANKS) or EMPTY for name in self.classes)


class Source(Declared):
    """Where data come from: a built-in set or a file."""

    family = "data source"
    group: ClassVar[str] = ""  # the heading in lists: "classify, two inputs", "regression, one input", "tables" …

    @property
    def label(self) -> str:
        """What these data are called: of a file, its name."""
        path = getattr(self, "path", "")
        return path.replace("\\", "/").rsplit("/", 1)[-1] or self.title or self.kind

    def load(self, seed: int) -> Dataset:
        """All rows; the same ``seed`` gives the same rows, bit for bit.

        Raises:
            DataError: the file is missing, unreadable or holds what cannot be learnt from.
        """
        raise TypeError(f"{type(self).__name__} does not say how it loads")
