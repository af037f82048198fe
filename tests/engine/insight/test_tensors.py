"""Statistics of a batch equal what NumPy says of the same batch."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.prepare import prepare
from engine.data.synthetic import Spiral
from engine.design.document import Document
from engine.insight.tensors import observe
from engine.program.program import Program
from engine.training.spec import DataSplit
from tests.builders import chain, dense

DATA = prepare(Spiral(samples=120), DataSplit(validation=0))


def program(document: Document) -> Program:
    training = document.training.but(batch_size=120, learning_rate=0.01, optimizer="minibatch")
    return Program(document.but(training=training), DATA)


def test_that_gradients_and_updates_are_those_of_the_batch() -> None:
    watched, other = program(chain(dense(6, "tanh"), dense(1))), program(chain(dense(6, "tanh"), dense(1)))
    before = other.parameters()
    _, gradients = other.batch_gradients(DATA.x, DATA.y)
    stats = observe(watched)
    assert stats is not None
    assert (stats.step, stats.epoch) == (1, 1)
    for tensor in stats.tensors:
        g = gradients[tensor.key]
        assert tensor.norm == pytest.approx(np.linalg.norm(g), rel=1e-4)
        assert tensor.mean == pytest.approx(np.abs(g).mean(), rel=1e-4)
        assert tensor.largest == pytest.approx(np.abs(g).max(), rel=1e-4)
        weights = np.linalg.norm(before[tensor.key])
        if weights:
            assert tensor.update_ratio == pytest.approx(0.01 * np.linalg.norm(g) / weights, rel=1e-3)
        else:
            assert np.isnan(tensor.update_ratio)
    both = np.concatenate([gradients["dense_1/weight"].ravel(), gradients["dense_1/bias"]])
    layer = next(layer for layer in stats.layers if layer.node == "dense_1")
    assert layer.norm == pytest.approx(np.linalg.norm(both), rel=1e-4)


def test_that_dead_units_are_counted() -> None:
    made = program(chain(dense(8, "relu"), dense(1)))
    bias = np.zeros(8)
    bias[:3] = -1e3
    made.set_parameters({"dense_1/bias": bias})
    stats = observe(made)
    assert stats is not None
    assert stats.layers[1].dead == pytest.approx(3 / 8)


def test_that_saturated_units_are_counted_but_not_those_of_the_last_layer() -> None:
    made = program(chain(dense(4, "tanh"), dense(1, "sigmoid")))
    made.set_parameters({"dense_1/bias": np.array([50.0, -50.0, 0.0, 0.0]), "dense_1/weight": np.zeros((2, 4))})
    stats = observe(made)
    assert stats is not None
    assert stats.layers[1].saturated == pytest.approx(0.5)
    assert stats.layers[2].saturated == 0.0
