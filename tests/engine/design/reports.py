"""Data that a design is checked with, and what the check says."""

from __future__ import annotations

import numpy as np

from engine.data.prepare import Prepared
from engine.design.checks import Report, apply_fix, check
from engine.design.document import Document
from engine.design.problems import Problem


def data(task: str = "regression", outputs: int = 1, features: int = 2, rows: int = 20) -> Prepared:
    rng = np.random.default_rng(0)
    if task == "regression":
        y = rng.standard_normal((rows, outputs))
        return Prepared.from_arrays(rng.standard_normal((rows, features)), y, "regression")
    return Prepared.from_arrays(rng.standard_normal((rows, features)), np.arange(rows) % max(outputs, 2), task)  # type: ignore[arg-type]


def only(report: Report) -> Problem:
    assert len(report.problems) == 1, report.problems
    return report.problems[0]


def mended(document: Document, problem: Problem, prepared: Prepared | None = None) -> Document:
    assert problem.fix is not None
    again = apply_fix(document, problem)
    assert problem not in check(again, prepared).problems
    return again
