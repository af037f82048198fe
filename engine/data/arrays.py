"""Arrays saved by NumPy (.npz): the quick way in for large sets of numbers."""

from __future__ import annotations

import zipfile
import zlib
from difflib import get_close_matches
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.data.dataset import Dataset, Source, Task
from engine.errors import DataError

Array = NDArray[Any]
FEW, SEVERAL = 10, 100  # so many different whole numbers at most are taken for classes: saved as reals, as integers
MOST = 2**16  # classes


class Arrays(Source):
    """An .npz file with inputs x (N, …) and targets y (N,) or (N, m); nothing but plain numbers is read from it."""

    kind = "arrays"
    title = "Arrays (NPZ)"
    summary = "Large sets of numbers, pictures or sequences, as NumPy saves them."
    group = "own data"

    path: str = Field("", title="File", description="An .npz file.", json_schema_extra={"widget": "file"})
    x: str = Field("x", min_length=1, title="Inputs", description="The array that holds the inputs, a row per example.")
    y: str = Field("y", min_length=1, title="Targets", description="The array that holds the targets.")
    shape: tuple[int, ...] = Field(
        (), title="Shape", description="What one example looks like, as 28, 28, 1. Empty: as it is saved."
    )
    task: Task | None = Field(
        None,
        title="Task",
        description="regression: numbers. binary: two classes. multiclass: several. Empty: automatic.",
    )
    tokens: int = Field(
        0, ge=0, le=2**24, title="Tokens", description="Vocabulary size, where the inputs are token ids; else 0."
    )

    def load(self, seed: int) -> Dataset:
        name = Path(self.path).name
        x, y = self._read()
        if x.ndim == 0 or y.ndim == 0:
            raise DataError(name, "holds a single number where rows are needed", "Give arrays with a row per example.")
        if self.shape:
            if prod(self.shape) != prod(x.shape[1:]) or min(self.shape) < 1:
                raise DataError(
                    name,
                    f"an example holds {prod(x.shape[1:])} numbers, which are not {'×'.join(map(str, self.shape))}",
                    "Choose another shape.",
                )
            x = x.reshape(len(x), *self.shape)
        x = x[:, None] if x.ndim == 1 else x
        y = y[:, None] if y.ndim == 1 else y
        task: Task = self.task or guess_task(y)
        classes: tuple[str, ...] = ()
        if task != "regression":
            y, classes = labelled(name, y, task)
        elif y.dtype.kind not in "biuf":
            raise DataError(name, f"the targets {self.y!r} hold {y.dtype}, not numbers", "Choose a task with classes.")
        return Dataset(
            name=name,
            x=x,
            y=y.astype(np.float64),
            task=task,
            features=tuple(f"x{n + 1}" for n in range(x.shape[1])) if x.ndim == 2 and not self.tokens else (),
            targets=("y",) if y.shape[1] == 1 else tuple(f"y{n + 1}" for n in range(y.shape[1])),
            classes=classes,
            tokens=self.tokens,
        )

    def _read(self) -> tuple[Array, Array]:
        """The two arrays.

        Raises:
            DataError: the file is not there, broken, no .npz, or lacks one of them.
        """
        if not self.path:
            raise DataError("the arrays", "no file is chosen", "Choose an .npz file.")
        path = Path(self.path).expanduser()
        save = "Save it with numpy.savez(file, x=…, y=…)."
        try:
            with path.open("rb") as file:
                if file.read(2) != b"PK":
                    raise DataError(path.name, "is not an .npz file", save)
                file.seek(0)
                # Pickled objects could run code; they are never read.
                with np.load(file, allow_pickle=False) as saved:
                    for wanted in (self.x, self.y):
                        if wanted not in saved.files:
                            near = get_close_matches(wanted, saved.files, n=3) or saved.files[:10]
                            raise DataError(path.name, f"has no array {wanted!r}", f"It has: {', '.join(near)}.")
                    return saved[self.x], saved[self.y]
        except FileNotFoundError:
            raise DataError(str(path), "there is no such file", "Check the name and the folder.") from None
        except OSError as error:
            raise DataError(str(path), f"cannot be read ({error.strerror or error})", "Choose an .npz file.") from None
        except MemoryError:
            raise DataError(path.name, "is too large for the memory of this machine", "Save fewer rows.") from None
        except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise DataError(path.name, f"is broken or holds no plain numbers ({error})", save) from None


def guess_task(y: Array) -> Task:
    """Words and few whole numbers, in one column, are classes; anything else is a regression."""
    if y.dtype.kind in "US":
        return "binary" if len(np.unique(y)) <= 2 else "multiclass"
    if y.ndim != 2 or y.shape[1] != 1 or y.dtype.kind not in "biuf" or not len(y):
        return "regression"
    whole = y.dtype.kind != "f" or (np.isfinite(y).all() and (y == np.floor(y)).all())
    different = len(np.unique(y)) if whole else 0
    if not whole or different > (FEW if y.dtype.kind == "f" else SEVERAL) or different * 2 > len(y) + 2:
        return "regression"
    return "binary" if different <= 2 else "multiclass"


def labelled(name: str, y: Array, task: Task) -> tuple[Array, tuple[str, ...]]:
    """The index of each class, in the shape of ``y``, and the names of the classes, in order.

    Raises:
        DataError: there are more than two in a binary task, or as many as make no sense.
    """
    labels, index = np.unique(y, return_inverse=True)
    if task == "binary" and len(labels) > 2:
        raise DataError(name, f"has {len(labels)} classes", "Choose the task multiclass.")
    if len(labels) > MOST:
        raise DataError(name, f"has {len(labels)} classes", "Choose the task regression.")
    whole = labels.dtype.kind == "f" and (labels == np.floor(labels)).all()
    names = tuple(str(int(label)) if whole or labels.dtype.kind == "b" else str(label) for label in labels)
    return index.reshape(y.shape), names
