"""It learns: on real and made-up data networks reach what is known to be within reach, each on rows it never saw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from engine.data import Source
from engine.data.dataset import Dataset, Task
from engine.data.prepare import Prepared, prepare
from engine.design.document import Document
from engine.layers import Layer
from engine.training.spec import DataSplit
from engine.training.train import train
from tests.builders import chain, dense

DROPOUT = Layer.parse({"type": "dropout", "rate": 0.3})


def trained(document: Document, **training: Any) -> Document:
    return document.but(training=document.training.but(**training))


def folds(dataset: Dataset, count: int = 5) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(training rows, rows to judge by) of k-fold cross-validation."""
    order = np.random.default_rng(0).permutation(dataset.rows)
    for number in range(count):
        held_out = order[number::count]
        yield np.setdiff1d(order, held_out), held_out


def cross_validated(name: str, task: Task, document: Document) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Per fold the answers on the rows held out, and their truth."""
    dataset = Source.parse(name).load(0)
    for rows, held_out in folds(dataset):
        data = Prepared.from_arrays(dataset.x[rows], dataset.y[rows], task, split=DataSplit(validation=0))
        yield train(document, data).program.predict(dataset.x[held_out]), dataset.y[held_out]


def test_that_a_spiral_is_wound_apart() -> None:
    document = chain(dense(16, "tanh"), dense(16, "tanh"), dense(1), data="spiral")
    run = train(trained(document, epochs=500, batch_size=10, learning_rate=0.01))
    assert run.log.last()["metric"] >= 0.99
    assert run.log.last()["validation_metric"] >= 0.99


@pytest.mark.parametrize(
    ("name", "document", "least"),
    [
        (
            "digits",
            trained(chain(dense(128, "relu"), DROPOUT, dense(10)), epochs=60, batch_size=32, learning_rate=0.002),
            0.97,
        ),
        ("iris", trained(chain(dense(16, "tanh"), dense(3)), epochs=100, batch_size=16, learning_rate=0.01), 0.95),
    ],
    ids=["digits", "iris"],
)
def test_that_classes_are_told_apart_on_rows_it_never_saw(name: str, document: Document, least: float) -> None:
    answers = cross_validated(name, "multiclass", document)
    accuracy = [np.mean(given.argmax(axis=1) == truth[:, 0]) for given, truth in answers]
    assert np.mean(accuracy) >= least


def test_that_diabetes_is_foretold_as_well_as_it_can_be() -> None:
    document = trained(chain(dense(16, "tanh"), dense(1)), epochs=40, batch_size=32, learning_rate=0.003, l2=0.02)
    answers = cross_validated("diabetes", "regression", document)
    r2 = [1 - np.mean((given - truth) ** 2) / truth.var() for given, truth in answers]
    assert np.mean(r2) >= 0.45


def test_that_a_sine_is_followed_closely() -> None:
    document = chain(dense(32, "tanh"), dense(32, "tanh"), dense(1), data="sine")
    run = train(trained(document, epochs=300, batch_size=16, learning_rate=0.005, schedule="cosine"))
    data = prepare(document.data, document.split)
    x, y = data.unscale_x(data.x[data.validation]), data.unscale_y(data.y[data.validation])
    assert np.sqrt(np.mean((run.program.predict(x) - y) ** 2)) <= 0.02
