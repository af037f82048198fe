"""The metric that people read, from what the loop counts: accuracy as it is, R² from the squared error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.program.program import Program
from engine.training.log import COLUMNS

METRICS = tuple(COLUMNS.index(name) for name in ("metric", "validation_metric"))


class Metric:
    """Of one program and its data."""

    def __init__(self, program: Program) -> None:
        prepared = program.prepared
        regression = program.plan.lowered.loss.link == "identity" and prepared.task == "regression"
        self._lines: list[tuple[float, float]] = []  # offset and factor for each of METRICS
        for part in (prepared.train, prepared.validation):
            y = prepared.y[part]
            variance = float(y.var(axis=0, dtype=np.float64).mean()) if len(y) else 0.0
            if regression:
                self._lines.append((1.0, -1.0 / variance) if variance > 0 else (float("nan"), 0.0))
            else:
                self._lines.append((0.0, 1.0))

    def fill(self, rows: NDArray[Any]) -> None:
        """Put it in the place of what the loop has counted, in rows of the log (n, len(COLUMNS))."""
        for column, (offset, factor) in zip(METRICS, self._lines, strict=True):
            rows[:, column] = offset + factor * rows[:, column]
