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
from engine.data.prepare import Prepared, prepare
from engine.design.checks import check
from engine.errors import DataError, ProjectError
from engine.exchange.project import Project, load_project
from engine.program.program import Program
from engine.program.saving import marks, rows_mark
from engine.program.state import State

Array = NDArray[Any]


def open_trained(path: Path, with_rows: bool) -> Program:
    """The network of a project with the weights that it has learnt.

    Args:
        with_rows: with the data that it learnt from, too. To predict they are not needed, nor looked for.

    Raises:
        NetloomError: the file is no project or holds no training, or its data are needed and gone or others.
    """
    if path.suffix == ".json" or not path.exists():
        what = "it is a design, nothing is learnt yet" if path.exists() else "there is no such file"
        raise ProjectError(str(path), what, f"Train it: main.py train … --output {path.with_suffix(PROJECT).name}")
    project = load_project(path, find_data=with_rows)
    prepared = None if with_rows else _as_learnt(project)
    if not with_rows and prepared is None:  # saved before projects noted it
        project = load_project(path)
    document, state = project.document, project.state
    if state is None:
        raise ProjectError(str(path), "it holds no weights, nothing is learnt yet", f"Train it: main.py train {path}")
    dtype = dtype_of(state)
    if prepared is None:
        _refuse_missing(project)
        prepared = prepare(document.data, document.split, dtype)
    check(document, prepared).require()
    program = Program(document, prepared, dtype=dtype)
    if fresh := program.restore(state):
        reason = f"its weights do not fit its design: {', '.join(fresh)}"
        raise ProjectError(str(path), reason, "Train it again")
    if state.counters.get("rows", marks(program)["rows"]) != marks(program)["rows"]:
        # how inputs and answers are scaled follows from the rows that were learnt from
        reason = "its data are no longer those that it learnt from, and its answers would be scaled wrongly"
        raise ProjectError(str(path), reason, f"Bring them back, or learn from the new ones: train {path} --resume")
    return program


def _as_learnt(project: Project) -> Prepared | None:
    """What the project has noted of its data, where that belongs to its weights; without any row."""
    state = project.state
    if state is None or state.recipe is None:
        return None
    prepared = Prepared.from_recipe(state.recipe, dtype_of(state))
    # A version that does not know the part carries it along, even when it has learnt from other rows since.
    mark = rows_mark(prepared.fingerprint, project.document)
    return prepared if state.counters.get("rows", mark) == mark else None


def _refuse_missing(project: Project) -> None:
    if project.data is not None and project.data.whereabouts == "missing":
        remedy = "Bring it back; other rows are taken with --data FILE"
        raise DataError(project.data.name, f"it is no longer at {project.data.path}", remedy)


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
