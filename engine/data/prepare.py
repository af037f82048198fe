"""From a data source to what a network trains on: one scaled copy, ordered train | validation | test."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.data.dataset import Dataset, Source, Task
from engine.data.inspection import refuse_unusable
from engine.data.scaling import NONE, Method, Scaling, fit
from engine.data.splitting import Rows, order
from engine.errors import DataError
from engine.layers.base import Shape, Spec

if TYPE_CHECKING:
    from engine.training.spec import DataSplit

Array = NDArray[Any]
BLOCK = 131_072  # numbers handled at once: 1 MB in float64, which stays in the cache


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
        outputs={"regression": prod(target_shape), "binary": 1, "multiclass": len(dataset.classes)}[dataset.task],
        x_scaling=x_scaling,
        y_scaling=y_scaling.flat(),
        fingerprint=mark,
    )


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


def reordered(raw: Array, rows: Rows, spend: bool) -> Array:
    """``raw[rows]``, C-contiguous; in the memory of ``raw`` itself where that may be spent."""
    if not (spend and raw.flags.c_contiguous and raw.flags.writeable):
        return np.ascontiguousarray(raw[rows])
    table = raw.reshape(len(raw), -1)
    step = max(1, 16 * BLOCK // len(raw))
    for first in range(0, table.shape[1], step):
        table[:, first : first + step] = table[rows, first : first + step]
    return raw


def blocks(values: Array) -> Iterator[slice]:
    """Slices of rows that together are all rows, each of about `BLOCK` numbers."""
    step = max(1, BLOCK // max(1, prod(values.shape[1:])))
    for first in range(0, len(values), step):
        yield slice(first, min(first + step, len(values)))


def shared_axes(dimensions: int) -> tuple[int, ...]:
    """The axes over which one scale is fitted.

    A table has a scale per column and a sequence one per feature, over rows and time. A picture (N, H, W, C) has a
    single one: a pixel's meaning is its brightness beside its neighbours.
    """
    if dimensions == 2:
        return (0,)
    return (0, 1) if dimensions == 3 else tuple(range(dimensions))


def fingerprint(dataset: Dataset) -> str:
    """A hash of what the rows are: shape, type and bytes of x and y."""
    digest = hashlib.blake2b(digest_size=16)
    for values in (dataset.x, dataset.y):
        digest.update(f"{values.shape}{values.dtype.str}".encode())
        for part in blocks(values):
            digest.update(np.ascontiguousarray(values[part]).view(np.uint8).data)
    return digest.hexdigest()
