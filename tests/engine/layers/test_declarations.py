"""What every layer must say about itself, so that palette, inspector, files and command line need not know it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from engine.kernels.activations import ACTIVATIONS
from engine.layers import Layer
from engine.layers.base import Spec
from engine.program.builder import Builder
from engine.program.loop import WIDTH

CATEGORIES = {"Core", "Activation", "Normalise", "Regularise", "Combine", "Shape", "Sequence"}
every_kind = pytest.mark.parametrize("kind", sorted(Layer.kinds))

# What a layer may get: the first that it accepts is used.
ARRIVING = [Spec((4, 3)), Spec((4,)), Spec((4,), tokens=7)]

CHANGED: list[dict[str, Any]] = [
    {"type": "activation", "activation": "leaky_relu", "parameter": 0.3},
    {"type": "prelu", "slope": 0.1},
    {"type": "dense", "units": 3, "activation": "gelu", "initialiser": {"type": "constant", "value": 2.0}},
    {"type": "input", "shape": [28, 28, 1]},
    {"type": "maxout", "units": 5, "pieces": 4},
    {"type": "dropout", "rate": 0.25},
    {"type": "gaussian_noise", "spread": 0.5},
    {"type": "batch_norm", "momentum": 0.99, "epsilon": 0.001},
    {"type": "layer_norm", "epsilon": 0.001},
    {"type": "reshape", "shape": [2, -1]},
    {"type": "concat", "axis": 0},
    {"type": "embedding", "features": 3},
    {"type": "simple_rnn", "units": 3, "activation": "relu", "answer": "sequence"},
]


@every_kind
def test_that_a_layer_says_what_it_is(kind: str) -> None:
    layer = Layer.kinds[kind]
    assert layer.title
    assert layer.summary.endswith(".")
    assert 0 < len(layer.brief) <= 22  # a line of the palette
    assert layer.category in CATEGORIES
    assert kind == kind.lower()
    fewest, most = layer.arity
    assert fewest >= 0
    assert most is None or most >= fewest


@every_kind
def test_that_every_field_says_what_it_means(kind: str) -> None:
    for name, field in Layer.kinds[kind].model_fields.items():
        assert field.title, name
        assert field.description, name
        assert field.description.endswith((".", ":")), name


def test_that_titles_are_told_apart() -> None:
    titles = [layer.title for layer in Layer.kinds.values()]
    assert len(set(titles)) == len(titles)


@every_kind
def test_that_a_layer_is_made_from_its_name_alone_and_comes_back_from_its_dump(kind: str) -> None:
    layer = Layer.parse(kind)
    assert Layer.parse(json.loads(json.dumps(layer.dump()))) == layer
    assert isinstance(layer.key_fields(), str)
    assert len(layer.key_fields()) <= 24


@pytest.mark.parametrize("dump", CHANGED, ids=[dump["type"] for dump in CHANGED])
def test_that_changed_fields_come_back_from_a_dump(dump: dict[str, Any]) -> None:
    layer = Layer.parse(dump)
    assert layer != Layer.parse(dump["type"])
    written = json.loads(json.dumps(layer.dump()))
    assert {name: written[name] for name in dump if name != "initialiser"} == {
        name: value for name, value in dump.items() if name != "initialiser"
    }
    assert Layer.parse(written) == layer


def test_that_no_field_can_change_without_a_test_of_its_dump() -> None:
    with_fields = {kind for kind, layer in Layer.kinds.items() if layer.model_fields}
    assert with_fields == {dump["type"] for dump in CHANGED}


def lowered(kind: str) -> tuple[Builder, Spec, Spec]:
    layer = Layer.parse(kind)
    count = max(layer.arity[0], 1)
    for arriving in ARRIVING:
        try:
            leaving = layer.output([arriving] * count)
        except ValueError:
            continue
        build = Builder()
        build.enter("node")
        output = layer.lower(build, [build.tensor(arriving, grad=not arriving.tokens) for _ in range(count)])
        build.leave(output)
        assert output.spec == leaving
        return build, arriving, leaving
    raise AssertionError(f"{kind} accepts nothing")


@pytest.mark.parametrize("kind", sorted(set(Layer.kinds) - {"input"}))
def test_that_the_shape_rule_tells_what_lowering_gives(kind: str) -> None:
    build, _, leaving = lowered(kind)
    assert build.records["node"].output.spec == leaving
    for operation in (*build.forward_ops, *build.backward_ops):
        assert operation.node == "node"
        assert len(operation.arguments) < WIDTH
    for parameter in build.parameters:
        assert parameter.key.startswith("node/")


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_that_every_activation_says_what_it_is(row: Any) -> None:
    assert row.title
    assert row.family in {"he", "glorot", "lecun"}
    assert Layer.parse({"type": "activation", "activation": row.name}).key_fields() == row.title
    assert bool(row.parameter) == (row.default != 0.0)


@pytest.mark.parametrize("kind", ["dense", "activation"])
def test_that_a_misspelt_activation_is_refused_with_a_near_name(kind: str) -> None:
    with pytest.raises(ValueError, match="leaky_relu"):
        Layer.parse({"type": kind, "activation": "leaky_rellu"})


def test_that_selu_begins_as_lecun_and_relu_as_he() -> None:
    random = np.random.default_rng(0)
    for activation, gain in (("selu", 1.0), ("relu", 2.0)):
        build = Builder()
        build.enter("node")
        Layer.parse({"type": "dense", "units": 400, "activation": activation}).lower(
            build, [build.tensor(Spec((100,)))]
        )
        weight = build.parameters[0]
        drawn = weight.initialiser.draw(random, weight.shape, weight.fan_in, weight.fan_out)
        assert drawn.var() * 100 == pytest.approx(gain, rel=0.05)
