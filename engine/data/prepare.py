"""From a data source to what a network trains on: one scaled copy, ordered train | validation | test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.data.dataset import Dataset, Source, Task
from engine.data.filling import refilled
from engine.data.inspection import refuse_unusable
from engine.data.recipe import Recipe, dumped, revived
from engine.data.rows import blocks, fingerprint, reordered
from engine.data.scaling import NONE, Method, Scaling, fit
from engine.data.splitting import Rows, order
from engine.errors import DataError
from engine.layers.base import Shape, Spec

if TYPE_CHECKING:
    from engine.training.spec import DataSplit

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Rows as the engine takes them.

    Attributes:
        x: (N, *input shape), C-contiguous, scaled; token ids as they are.
        y: (N, values per row), C-contiguous. regression: scaled where the split says so. binary: 0 or 1.
            multiclass: the class index, one per row or one per time step.
        train, validation, test: slices of rows, in this order, without gaps; empty where nothing is held out.
        dataset: names, classes, task, columns of the raw set; its own x and y hold no rows, they were let go.
        input: what one example looks like.
        target_shape: the shape of one target: (m,), (1,) or (steps,).
        outputs: units that the last layer needs: regression m, binary 1, multiclass one per class.
        x_scaling, y_scaling: how x and y came from the user's units.
        fingerprint: a hash of the raw rows; equal data have equal fingerprints.
        learnt_from: rows that there were where x and y hold none any more, see `from_recipe`; else 0.
    """

    x: Array
    y: Array
    train: slice
    validation: slice
    test: slice
    dataset: Dataset
    input: Spec
    target_shape: Shape
    outputs: int
    x_scaling: Scaling
    y_scaling: Scaling
    fingerprint: str
    learnt_from: int = 0

    @property
    def rows(self) -> int:
        return int(self.x.shape[0])

    @property
    def task(self) -> Task:
        return self.dataset.task

    @property
    def answer_shape(self) -> Shape:
        """What the last layer must put out for one example: (m,), (1,), (classes,) or (steps, classes)."""
        if self.task == "multiclass":
            return (*self.target_shape, self.outputs) if self.target_shape != (1,) else (self.outputs,)
        return self.target_shape

    def scale_x(self, raw: Array) -> Array:
        """Examples (n, *input shape) in the user's units, as the network takes them."""
        return np.ascontiguousarray(self.x_scaling.apply(raw), self.x.dtype)

    def unscale_x(self, x: Array) -> Array:
        """Examples (n, *input shape) back in the user's units, float64."""
        return self.x_scaling.undo(x)

    def scale_y(self, raw: Array) -> Array:
        """Targets (n, values per row) in the user's units, as the network answers them."""
        return np.ascontiguousarray(self.y_scaling.apply(raw), self.y.dtype)

    def unscale_y(self, y: Array) -> Array:
        """Answers (n, values per row) of a regression in the user's units, float64; classes are left as they are."""
        return self.y_scaling.undo(y)

    def require_rows(self) -> None:
        """Nothing, where there are rows to train on.

        Raises:
            DataError: this was made of a recipe.
        """
        if not self.rows:
            count = f"the {self.learnt_from:,} rows that were learnt from are" if self.learnt_from else "its rows are"
            reason = f"{count} not here, only how they are named and scaled: enough to predict, not to train"
            raise DataError(self.dataset.name, reason, "Bring the data back, or choose others to train on.")

    def recipe(self) -> dict[str, Any]:
        """All but the rows, as plain values that JSON holds exactly: `from_recipe` takes them back."""
        return dict(self._recipe)

    @cached_property
    def _recipe(self) -> dict[str, Any]:
        names = self.dataset
        return {
            "name": names.name,
            "task": names.task,
            "features": list(names.features),
            "targets": list(names.targets),
            "classes": list(names.classes),
            "tokens": names.tokens,
            "columns": [column.model_dump(mode="json") for column in names.columns],
            "input": list(self.input.shape),
            "target_shape": list(self.target_shape),
            "x_scaling": dumped(self.x_scaling),
            "y_scaling": dumped(self.y_scaling),
            "rows": self.rows or self.learnt_from,
            "fingerprint": self.fingerprint,
        }

    @classmethod
    def from_recipe(cls, recipe: Mapping[str, Any], dtype: DTypeLike = np.float32) -> Prepared:
        """What was prepared once, without its rows: good for compiling and predicting, not for training.

        Raises:
            DataError: it is no recipe, or contradicts itself.
        """
        known = Recipe.of(recipe)
        dataset, nothing = known.dataset(dtype), slice(0, 0)
        return cls(
            x=dataset.x,
            y=dataset.y.reshape(0, prod(known.target_shape)),
            train=nothing,
            validation=nothing,
            test=nothing,
            dataset=dataset,
            input=Spec(known.input, known.tokens),
            target_shape=known.target_shape,
            outputs=outputs(known.task, known.target_shape, known.classes),
            x_scaling=revived(known.x_scaling),
            y_scaling=revived(known.y_scaling),
            fingerprint=known.fingerprint,
            learnt_from=known.rows,
        )

    @classmethod
    def from_arrays(
        cls,
        x: Array,
        y: Array,
        task: Task = "regression",
        *,
        split: DataSplit | None = None,
        dtype: DTypeLike = np.float32,
        name: str = "arrays",
        features: tuple[str, ...] = (),
        targets: tuple[str, ...] = (),
        classes: tuple[str, ...] = (),
        tokens: int = 0,
    ) -> Prepared:
        """Arrays as they are in memory: x (N, …) and y (N,) or (N, …) with a row for each row of x.

        Classes may be left unnamed: they are then called by their index.

        Raises:
            DataError: rows do not match, a value is not finite, there is one class or too few rows.
        """
        from engine.training.spec import DataSplit

        x, y = np.asarray(x), np.asarray(y)
        x = x[:, None] if x.ndim == 1 else x
        y = y[:, None] if y.ndim == 1 else y
        if task != "regression" and not classes and y.size and np.isfinite(y).all():
            classes = tuple(str(index) for index in range(max(2, int(y.max()) + 1)))
        if not targets:
            targets = ("y",) if y.shape[1] == 1 else tuple(f"y{n + 1}" for n in range(y.shape[1]))
        dataset = Dataset(name, x, y, task, features, targets, classes, tokens)
        return from_dataset(dataset, split or DataSplit(), dtype)


def prepare(source: Source, split: DataSplit, dtype: DTypeLike = np.float32) -> Prepared:
    """Load, check, order and scale; the raw rows are let go, so that memory holds one copy.

    While what an earlier call gave is still in use, a call with equal arguments gives the same object: rows are to be
    read, never written. A file that has changed is read again.

    Raises:
        DataError: the source cannot be read or cannot be learnt from; names row and column, and the way out.
    """
    key = (source, split, np.dtype(dtype).str, stamp(source))
    prepared = _in_use.get(key)
    if prepared is None:
        prepared = _in_use[key] = from_dataset(source.load(split.seed), split, dtype, spend=True)
    return prepared


_in_use: WeakValueDictionary[Any, Prepared] = WeakValueDictionary()


def stamp(source: Source) -> tuple[int, int] | None:
    """Size and time of change of the file of a source; None where there is none."""
    path = getattr(source, "path", "")
    try:
        state = Path(path).expanduser().stat() if path else None
    except OSError:
        return None  # what is wrong with the file is said by loading it
    return (state.st_size, state.st_mtime_ns) if state else None


def from_dataset(dataset: Dataset, split: DataSplit, dtype: DTypeLike = np.float32, *, spend: bool = False) -> Prepared:
    """As `prepare`, from rows that are loaded already; ``spend`` allows to reuse their memory."""
    refuse_unusable(dataset)
    mark = fingerprint(dataset)
    one_label = dataset.task != "regression" and dataset.y.shape[1:] == (1,)
    rows, parts = order(dataset.rows, split, dataset.y[:, 0] if one_label else None)
    dataset = refilled(dataset, rows[: parts[0]], spend)
    method: Method = "none" if dataset.tokens else split.scaling
    x, x_scaling = scaled(dataset, "x", rows, parts[0], method, np.dtype(dtype), spend)
    target_method: Method = "standard" if dataset.task == "regression" and split.scale_target else "none"
    y, y_scaling = scaled(dataset, "y", rows, parts[0], target_method, np.dtype(dtype), spend)
    target_shape = tuple(map(int, y.shape[1:]))
    ends = (parts[0], parts[0] + parts[1])
    return Prepared(
        x=x,
        y=y.reshape(len(y), -1),
        train=slice(0, ends[0]),
        validation=slice(ends[0], ends[1]),
        test=slice(ends[1], len(x)),
        dataset=replace(dataset, x=np.empty((0, *x.shape[1:]), x.dtype), y=np.empty((0, *target_shape), y.dtype)),
        input=Spec(tuple(map(int, x.shape[1:])), dataset.tokens),
        target_shape=target_shape,
        outputs=outputs(dataset.task, target_shape, dataset.classes),
        x_scaling=x_scaling,
        y_scaling=y_scaling.flat(),
        fingerprint=mark,
    )


def outputs(task: Task, target_shape: Shape, classes: tuple[str, ...]) -> int:
    """Units that the last layer needs."""
    return {"regression": prod(target_shape), "binary": 1, "multiclass": len(classes)}[task]


def scaled(
    dataset: Dataset, what: str, rows: Rows, training: int, method: Method, dtype: np.dtype[Any], spend: bool
) -> tuple[Array, Scaling]:
    """x or y in the order ``rows``, scaled by the first ``training`` of them, in ``dtype``.

    Raises:
        DataError: a value is beyond the range of ``dtype``.
    """
    raw = reordered(dataset.x if what == "x" else dataset.y, rows, spend)
    axes = shared_axes(raw.ndim) if what == "x" else (0,)
    scaling = fit((raw[part] for part in blocks(raw[:training])), axes, method)
    # Scaling is computed in float64, so that a large offset costs no digits, in blocks that stay in the cache.
    out = raw if raw.dtype == dtype else np.empty(raw.shape, dtype)
    for part in blocks(raw):
        with np.errstate(over="ignore", invalid="ignore"):
            out[part] = raw[part] if scaling is NONE else scaling.apply(raw[part])
            finite = np.isfinite(out[part].sum(dtype=np.float64)) or np.isfinite(out[part]).all()
        if not (finite and np.isfinite(scaling.scale).all()):
            raise DataError(
                dataset.name,
                f"some values of {what} are too large for {dtype.name}",
                "Scale the inputs and the target, or give the values in larger units.",
            )
    return out, scaling


def shared_axes(dimensions: int) -> tuple[int, ...]:
    """The axes over which one scale is fitted.

    A table has a scale per column and a sequence one per feature, over rows and time. A picture (N, H, W, C) has a
    single one: a pixel's meaning is its brightness beside its neighbours.
    """
    if dimensions == 2:
        return (0,)
    return (0, 1) if dimensions == 3 else tuple(range(dimensions))
