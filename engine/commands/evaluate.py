"""`evaluate`: how good a trained network is, on its own data or on new rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from rich.table import Table

from engine.commands.outcome import DONE
from engine.commands.scores import show_scores
from engine.commands.terminal import screen
from engine.commands.trained import open_trained, rows_of
from engine.errors import DataError
from engine.insight.metrics import confusion, judged, measure, measure_parts
from engine.program.program import Program

MOST_CLASSES = 20  # a larger confusion matrix fits no terminal


def evaluate(path: Path, data: str | None, as_json: bool) -> int:
    """Print the metrics of every part, or of the rows of ``data``.

    Raises:
        NetloomError: the project or the data are at fault.
    """
    program = open_trained(path, with_rows=data is None)
    prepared = program.prepared
    if data is None:
        scores = measure_parts(program)
        held_out = next(
            (part for part in (prepared.test, prepared.validation) if part.stop > part.start), prepared.train
        )
        answers, targets = judged(program, held_out)
    else:
        rows = rows_of(data, prepared.dataset, prepared.input.shape, with_targets=True)
        if rows.targets is None or np.isnan(rows.targets).any():
            raise DataError(data, "a row has no target to compare with", "Fill it in, or use predict")
        answers, targets = program.predict(rows.x), rows.targets
        scores = {data: measure(prepared.task, answers, targets)}
    counts = (
        confusion(prepared.task, answers, targets, len(prepared.dataset.classes)) if prepared.dataset.classes else None
    )
    if as_json:
        matrix = {} if counts is None else {"confusion": counts.tolist(), "classes": list(prepared.dataset.classes)}
        print(json.dumps({"project": str(path), "task": prepared.task, "metrics": scores, **matrix}))
        return DONE
    show_scores(scores)
    if counts is not None and len(counts) <= MOST_CLASSES:
        _show_confusion(program, counts)
    return DONE


def _show_confusion(program: Program, counts: np.ndarray) -> None:
    classes = program.prepared.dataset.shown_classes
    table = Table("true \\ answered", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in classes:
        table.add_column(name, justify="right", no_wrap=True)
    for name, row in zip(classes, counts, strict=True):
        table.add_row(name, *map(str, row))
    screen().print(table)
