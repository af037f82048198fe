"""Data of two inputs, and networks whose weights are known."""

from __future__ import annotations

import numpy as np

import engine
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.program.program import Program
from engine.training.spec import DataSplit
from tests.builders import chain, dense

PLAIN = DataSplit(validation=0.25, scaling="none", scale_target=False)


def plane_data(count: int = 80, task: str = "binary") -> Prepared:
    x = np.random.default_rng(0).normal(size=(count, 2))
    y = x.sum(axis=1) if task == "regression" else (x[:, 0] * x[:, 1] > 0) if task == "binary" else np.arange(count) % 3
    return Prepared.from_arrays(x, y, task, split=PLAIN)  # type: ignore[arg-type]


def made(document: Document, data: Prepared | None = None, **parameters: object) -> Program:
    program = engine.compile(document.but(split=PLAIN), data, seed=3)
    program.set_parameters({key.replace("__", "/"): np.asarray(value) for key, value in parameters.items()})
    return program


def straight_line(weight: object, bias: object) -> Program:
    """Two linear units with these weights, and one output."""
    return made(chain(dense(2), dense(1)), plane_data(), dense_1__weight=weight, dense_1__bias=bias)
