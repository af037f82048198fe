"""Any directed acyclic graph trains, whatever stands first and last."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.design.document import Document
from engine.layers import Layer
from tests.builders import chain, dense
from tests.engine.calls import X, Y, rows, trained, values


def graph(*layers: tuple[str, Any], wires: str) -> Document:
    """Named layers behind the Input "x"; ``wires``: "x>a a>b:1", a port where it is not the first."""
    document = Document().add(Layer.parse("input"), id="x")
    for name, layer in layers:
        document = document.add(Layer.parse(layer), id=name)
    for wire in wires.split():
        source, target = wire.split(">")
        target, _, port = target.partition(":")
        document = document.connect(source, target, int(port or 0))
    return document


def test_that_one_source_may_feed_two_ports() -> None:
    double, p = values(graph(("sum", "add"), ("y", dense(2)), wires="x>sum x>sum:1 sum>y"), X)
    np.testing.assert_allclose(double, 2 * X @ p["y/weight"] + p["y/bias"])
    square, p = values(graph(("product", "multiply"), ("y", dense(2)), wires="x>product x>product:1 product>y"), X)
    np.testing.assert_allclose(square, X**2 @ p["y/weight"] + p["y/bias"])
    beside, p = values(graph(("pair", "concat"), ("y", dense(2)), wires="x>pair x>pair:1 pair>y"), X)
    np.testing.assert_allclose(beside, np.hstack([X, X]) @ p["y/weight"] + p["y/bias"])


def test_that_what_feeds_the_last_layer_may_fork() -> None:
    document = graph(
        ("h", dense(4, "tanh")), ("a", dense(2)), ("b", dense(2, "sigmoid")), ("y", "add"),
        wires="x>h h>a h>b a>y b>y:1",
    )  # fmt: skip
    given, p = values(document, X)
    h = np.tanh(X @ p["h/weight"] + p["h/bias"])
    b = 1 / (1 + np.exp(-(h @ p["b/weight"] + p["b/bias"])))
    np.testing.assert_allclose(given, h @ p["a/weight"] + p["a/bias"] + b)


def test_that_the_input_may_jump_over_everything() -> None:
    document = graph(("h", dense(4, "relu")), ("all", "concat"), ("y", dense(2)), wires="x>h h>all x>all:1 all>y")
    given, p = values(document, X)
    h = np.maximum(X @ p["h/weight"] + p["h/bias"], 0)
    np.testing.assert_allclose(given, np.hstack([h, X]) @ p["y/weight"] + p["y/bias"])


def test_that_no_hidden_layer_is_linear_regression() -> None:
    run = engine.train(
        trained(chain(dense(2)), epochs=2000, learning_rate=0.1, schedule="cosine"), rows(test=0.2), dtype=np.float64
    )
    np.testing.assert_allclose(run.program.predict(X), Y, atol=1e-4)


def test_that_nodes_may_stand_in_any_order() -> None:
    document = trained(chain(dense(4, "tanh"), dense(3, "tanh"), dense(2)))
    turned = document.but(nodes=tuple(reversed(document.nodes)), wires=tuple(reversed(document.wires)))
    first, second = (engine.train(each, rows()).program.parameters() for each in (document, turned))
    assert first.keys() == second.keys()
    for key, value in first.items():
        np.testing.assert_array_equal(value, second[key])


def test_that_two_hundred_layers_train() -> None:
    run = engine.train(trained(chain(*[dense(4, "tanh")] * 199, dense(2))), rows())
    assert np.isfinite(run.log.read()["loss"]).all()
    loss, gradients = run.program.gradients(X[:8], Y[:8])
    assert len(gradients) == 400
    assert np.isfinite(loss)


LAST = ["dropout", "gaussian_noise", "flatten", "batch_norm", "layer_norm", "activation", "prelu",
        {"type": "reshape", "shape": [2]}]  # fmt: skip


@pytest.mark.parametrize("layer", LAST, ids=str)
@pytest.mark.parametrize("where", ["first", "last"])
def test_that_any_layer_may_stand_first_or_last(layer: Any, where: str) -> None:
    if where == "first" and isinstance(layer, dict):
        layer = layer | {"shape": [3, 1]}
    layers = [layer, "flatten", dense(2)] if where == "first" else [dense(2), layer]
    run = engine.train(trained(chain(*layers)), rows())
    assert run.program.predict(X).shape == (60, 2)
    assert np.isfinite(run.log.read()["loss"]).all()
