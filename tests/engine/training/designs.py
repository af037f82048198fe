"""Small designs and data for the tests of training."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.data.dataset import Task
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.layers.dense import Dense
from engine.layers.input import Input
from engine.program.program import Program
from engine.training.spec import DataSplit, TrainingSpec


def design(outputs: int = 1, hidden: int = 4, **training: Any) -> Document:
    """Input, a Dense with tanh, a Dense; training settings as given."""
    made = Document(training=TrainingSpec(**training)).add(Input())
    for units, activation in ((hidden, "tanh"), (outputs, "linear")):
        before = made.nodes[-1].id
        made = made.add(Dense(units=units, activation=activation))
        made = made.connect(before, made.nodes[-1].id)
    return made


def rows(task: Task = "regression", count: int = 10, validation: float = 0.0, classes: int = 3) -> Prepared:
    """A few random rows with two inputs, not scaled; the classes are learnable and not equally frequent."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((count, 2))
    y = {
        "regression": x[:, 0] - 0.5 * x[:, 1],
        "binary": (x.sum(axis=1) > 0.5).astype(float),
        "multiclass": np.digitize(x[:, 0], np.linspace(-0.2, 1.0, classes - 1)).astype(float),
    }[task]
    split = DataSplit(validation=validation, test=0.0, scaling="none", scale_target=False)
    return Prepared.from_arrays(x, y, task, split=split, dtype=np.float64)


def program(document: Document, prepared: Prepared, seed: int = 1) -> Program:
    return Program(document, prepared, seed, np.float64)


def rate(made: Program) -> float:
    """The learning rate in force."""
    return float(made.par[made.plan.rate])
