"""Small designs and data for tests of layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.insight.gradient_check import TOLERANCE, check_gradients
from engine.layers import Layer
from engine.program.program import Program
from engine.training.spec import DataSplit

AS_IT_IS = DataSplit(validation=0.0, scaling="none", scale_target=False)


def dense(units: int, activation: str = "linear") -> dict[str, Any]:
    return {"type": "dense", "units": units, "activation": activation}


def chain(*layers: Any, **training: Any) -> Document:
    """Input, then the layers one behind the other."""
    document = Document().add(Layer.parse("input"), id="input")
    last = "input"
    for value in layers:
        layer = Layer.parse(value)
        id = document.fresh_id(layer.kind)
        document = document.add(layer, id=id).connect(last, id)
        last = id
    return with_training(document, **training)


def with_training(document: Document, **training: Any) -> Document:
    return document.but(training=document.training.but(**({"optimizer": "minibatch"} | training)))


def rows_of(
    shape: tuple[int, ...], answers: int, rows: int = 24, tokens: int = 0, seed: int = 0, dtype: type = np.float64
) -> Prepared:
    """Random examples, numbers or tokens, and random numbers to answer with."""
    random = np.random.default_rng([seed, *shape])
    x = random.integers(0, tokens, (rows, *shape)) if tokens else random.standard_normal((rows, *shape))
    y = random.standard_normal((rows, answers))
    return Prepared.from_arrays(x.astype(np.float64), y, split=AS_IT_IS, dtype=dtype, tokens=tokens)


def assert_gradients_are_right(document: Document, prepared: Prepared, seed: int = 0, rows: int = 5) -> None:
    compared = list(check_gradients(document, prepared, seed, rows))
    assert compared
    wrong = {each.tensor: each.error for each in compared if not each.passed}
    assert not wrong, f"relative errors above {TOLERANCE:g}: {wrong}"


def compiled(document: Document, prepared: Prepared, dtype: type = np.float64, seed: int = 0) -> Program:
    return Program(document, prepared, seed, dtype)
