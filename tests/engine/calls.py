"""Designs and rows for calls of the engine from outside."""

from __future__ import annotations

from typing import Any

import numpy as np

import engine
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.training.spec import DataSplit

AS_IT_IS = DataSplit(validation=0, scaling="none", scale_target=False)


RNG = np.random.default_rng(3)


X = RNG.normal(size=(60, 3))


Y = X @ np.array([[1.0, 2.0], [-3.0, 0.5], [0.0, 100.0]]) + np.array([7.0, -2.0])


def trained(document: Document, **training: Any) -> Document:
    return document.but(training=document.training.but(**{"learning_rate": 0.01, "epochs": 5, **training}))


def rows(count: int = 60, **split: float) -> Prepared:
    return Prepared.from_arrays(X[:count], Y[:count], split=DataSplit(**{"validation": 0.0, **split}), dtype=np.float64)


def values(document: Document, x: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    data = Prepared.from_arrays(X, RNG.normal(size=(60, 2)), split=AS_IT_IS, dtype=np.float64)
    program = engine.compile(document, data, dtype=np.float64)
    program.set_parameters({key: value + 0.1 for key, value in program.parameters().items()})
    return program.predict(x), program.parameters()
