"""Networks whose numbers can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.program.program import Program
from engine.program.state import State
from engine.training.run import Run
from tests.engine.layers.designs import AS_IT_IS, chain, dense


def one_row(x: list[float], y: list[float], task: Any = "regression") -> Prepared:
    """The example, and others that differ from it, for a spread is needed to prepare them."""
    rows = np.array([x, [v + 1 for v in x], [v - 1 for v in x]], np.float64)
    answers = np.array([y, [v + 1 for v in y], [v - 1 for v in y]], np.float64)
    if task != "regression":
        answers = np.array([y, [1 - y[0]], y], np.float64)
    return Prepared.from_arrays(rows, answers, task, split=AS_IT_IS, dtype=np.float32)


def lecture(**training: Any) -> tuple[Document, Prepared, State]:
    """The 2-2-1 network of the lecture with ReLU, at weights that are easy to compute with.

    x = (1, 2), y = 2. z₁ = 0.5·1 + 0.25·2 + 0 = 1, z₂ = -0.5·1 + 1·2 - 2 = -0.5; a = max(0, z) = (1, 0);
    ŷ = 2·1 + 3·0 + 0.5 = 2.5; E = (2.5 - 2)² = 0.25.
    """
    document = chain(dense(2, "relu"), dense(1), **({"learning_rate": 0.1} | training))
    prepared = one_row([1.0, 2.0], [2.0])
    program = Program(document, prepared)
    program.set_parameters(
        {
            "dense_1/weight": np.array([[0.5, -0.5], [0.25, 1.0]]),
            "dense_1/bias": np.array([0.0, -2.0]),
            "dense_2/weight": np.array([[2.0], [3.0]]),
            "dense_2/bias": np.array([0.5]),
        }
    )
    return document, prepared, program.state()


def row_of(prepared: Prepared, x: list[float]) -> int:
    """Where an example stands: preparing shuffles."""
    return int(np.flatnonzero((prepared.x == np.array(x, prepared.x.dtype)).all(axis=1))[0])


def stepped_alone(document: Document, prepared: Prepared, row: int, state: State) -> dict[str, np.ndarray]:
    """What a run makes of its parameters in one step on a batch of this row."""
    one = slice(row, row + 1)
    alone = replace(
        prepared, x=prepared.x[one].copy(), y=prepared.y[one].copy(), train=slice(0, 1), validation=slice(1, 1),
        test=slice(1, 1),
    )  # fmt: skip
    run = Run(document.but(training=document.training.but(batch_size=1)), alone)
    run.restore(state)
    assert run.advance(1) == 1
    return run.program.parameters()
