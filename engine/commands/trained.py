"""A trained network from a project, and rows of a file as it takes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.commands.opening import PROJECT, source_of
from engine.data.columns import Column
from engine.data.dataset import Dataset
from engine.data.prepare import prepare
from engine.errors import DataError, ProjectError
from engine.exchange.project import load_project
from engine.program.program import Program
from engine.program.saving import marks
from engine.program.state import State

Array = NDArray[Any]


def open_trained(path: Path) -> Program:
    """The network of a project with the weights that it has learnt.

    Raises:
        NetloomError: the file is no project or holds no training, or its data are gone or others.
    """
    if path.suffix == ".json" or not path.exists():
        what = "it is a design, nothing is learnt yet" if path.exists() else "there is no such file"
        raise ProjectError(str(path), what, f"Train it: main.py train … --output {path.with_suffix(PROJECT).name}")
    project = load_project(path)
    document = project.document
    state = project.state
    if state is None:
        raise ProjectError(str(path), "it holds no weights, nothing is learnt yet", f"Train it: main.py train {path}")
    dtype = dtype_of(state)
    program = Program(document, prepare(document.data, document.split, dtype), dtype=dtype)
    if fresh := program.restore(state):
        reason = f"its weights do not fit its design: {', '.join(fresh)}"
        raise ProjectError(str(path), reason, "Train it again")
    if state.counters.get("rows", marks(program)["rows"]) != marks(program)["rows"]:
        # how inputs and answers are scaled follows from the rows that were learnt from
        reason = "its data are no longer those that it learnt from, and its answers would be scaled wrongly"
        raise ProjectError(str(path), reason, f"Bring them back, or learn from the new ones: train {path} --resume")
    return program


def dtype_of(state: State | None) -> type:
    """float32 or float64, as the saved weights are; float32 where there are none."""
    arrays = {} if state is None else state.arrays
    kinds = (array.dtype.type for name, array in arrays.items() if name.startswith("parameters/"))
    return next(kinds, np.float32)


def columns_of(dataset: Dataset) -> tuple[Column, ...]:
    """How a table's columns become the inputs of a network; a built-in set's features are columns of numbers."""
    if dataset.columns:
        return dataset.columns
    targets = [Column(name=name, role="target", categories=dataset.classes) for name in dataset.targets]
    return (*(Column(name=name, role="number") for name in dataset.features), *targets)


@dataclass(frozen=True, eq=False)
class Rows:
    """New examples in the user's units; ``targets`` is None where they were not asked for."""

    x: Array
    targets: Array | None


def rows_of(name: str, dataset: Dataset, shape: tuple[int, ...], with_targets: bool) -> Rows:
    """The rows of a table, an .npz file or a built-in set, as the network takes them.

    Raises:
        DataError: they do not fit what was learnt from.
    """
    source = source_of(name)
    if source.kind == "table":
        from engine.data.table import encode, encode_answers

        columns = columns_of(dataset)
        if not dataset.features:
            raise DataError(name, f"the network learnt from examples of {shape}, not from columns", "Give an .npz file")
        x = encode(name, columns)
        return Rows(x, encode_answers(name, columns) if with_targets else None)
    loaded = source.load(0)
    if loaded.x.shape[1:] != shape:
        raise DataError(name, f"its examples have the shape {loaded.x.shape[1:]}", f"The network takes {shape}")
    return Rows(loaded.x, loaded.y)
