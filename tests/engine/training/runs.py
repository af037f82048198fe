"""A small run, and its end."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.data.prepare import prepare
from engine.data.synthetic import Spiral
from engine.design.document import Document
from engine.layers import Layer
from engine.training.run import Run
from engine.training.spec import DataSplit
from tests.builders import chain, dense

SPIRAL = prepare(Spiral(samples=200), DataSplit(validation=0.25))


def design(*hidden: Layer, **training: Any) -> Document:
    """A classifier of the spiral; batches of 32 leave a short one at the end of an epoch of 150 rows."""
    made = chain(*(hidden or (dense(8, "tanh"), dense(6, "relu"))), dense(1), data=Spiral(samples=200))
    return made.but(training=made.training.but(**{"learning_rate": 0.01, "epochs": 20, **training}))


def run_of(document: Document, dtype: type = np.float32) -> Run:
    return Run(document, SPIRAL, dtype)


def finish(run: Run, chunk: int) -> Run:
    while run.finished is None:
        run.advance(chunk)
    return run
