"""Small designs, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

import engine
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.layers import Layer
from engine.program.program import Program
from engine.training.spec import DataSplit
from tests.builders import chain

AS_IT_IS = DataSplit(validation=0, scaling="none", scale_target=False)


RNG = np.random.default_rng(7)


X, Y = RNG.normal(size=(50, 2)), RNG.normal(size=(50, 1))


NORM, DROP, NOISE = (Layer.parse(kind) for kind in ("batch_norm", "dropout", "gaussian_noise"))


def design(*layers: Layer, **training: Any) -> Document:
    made = chain(*layers)
    return made.but(training=made.training.but(**{"learning_rate": 0.01, "batch_size": 16, **training}))


def compiled(*layers: Layer, dtype: type = np.float64, **training: Any) -> Program:
    data = Prepared.from_arrays(X, Y, split=AS_IT_IS, dtype=dtype)
    return engine.compile(design(*layers, **training), data, 3, dtype)
