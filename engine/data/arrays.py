"""Arrays saved by NumPy (.npz): the quick way in for large sets of numbers."""

from __future__ import annotations

import zipfile
from difflib import get_close_matches
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from engine.data.dataset import Dataset, Source, Task
from engine.errors import DataError

FEW = 100  # so many different whole numbers at most are taken for classes


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
        None, title="Task", description="regression: numbers. binary: two classes. multiclass: several. Empty: detect."
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
        task = self.task or guess_task(y)
        classes: tuple[str, ...] = ()
        if task != "regression":
            labels = np.unique(y)
            count = 2 if task == "binary" else int(labels[-1]) + 1 if len(labels) and np.isfinite(labels[-1]) else 0
            if count > 2**16:
                raise DataError(name, f"a class is called {labels[-1]}", "Number classes from 0, or choose regression.")
            classes = tuple(map(str, range(count)))
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

    def _read(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        if not self.path:
            raise DataError("the arrays", "no file is chosen", "Choose an .npz file.")
        path = Path(self.path).expanduser()
        try:
            # Pickled objects could run code; they are never read.
            with np.load(path, allow_pickle=False) as saved:
                if not isinstance(saved, np.lib.npyio.NpzFile):
                    raise DataError(
                        path.name, "holds a single array", "Save inputs and targets: numpy.savez(f, x=…, y=…)."
                    )
                for wanted in (self.x, self.y):
                    if wanted not in saved.files:
                        near = get_close_matches(wanted, saved.files, n=3) or saved.files[:10]
                        raise DataError(path.name, f"has no array {wanted!r}", f"It has: {', '.join(near)}.")
                return saved[self.x], saved[self.y]
        except FileNotFoundError:
            raise DataError(str(path), "there is no such file", "Check the name and the folder.") from None
        except OSError as error:
            raise DataError(str(path), f"cannot be read ({error.strerror or error})", "Choose an .npz file.") from None
        except (ValueError, EOFError, zipfile.BadZipFile) as error:
            raise DataError(path.name, f"is not a sound .npz file ({error})", "Save it with numpy.savez.") from None


def guess_task(y: np.ndarray[Any, Any]) -> Task:
    """One column of few whole numbers from 0 on is classes, anything else a regression."""
    if y.ndim != 2 or y.shape[1] != 1 or y.dtype.kind not in "biuf" or not len(y):
        return "regression"
    if y.dtype.kind == "f" and not (np.isfinite(y).all() and (y == np.floor(y)).all()):
        return "regression"
    labels = np.unique(y)
    if labels[0] < 0 or labels[-1] >= FEW or len(labels) * 2 > len(y) + 2:
        return "regression"
    return "binary" if labels[-1] <= 1 else "multiclass"
