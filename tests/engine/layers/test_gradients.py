"""Finite differences in float64 for every layer and every activation, alone and in random graphs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.prepare import Prepared
from engine.design.checks import check
from engine.design.document import Document
from engine.insight.gradient_check import check_gradients
from engine.kernels.activations import ACTIVATIONS
from engine.layers import Layer
from engine.layers.base import Spec
from engine.layers.unknown import Unknown
from tests.engine.layers.designs import AS_IT_IS, assert_gradients_are_right, chain, dense, rows_of, with_training

few = settings(max_examples=6, deadline=None)
sizes = st.integers(1, 6)
seeds = st.integers(0, 10_000)

# What stands between two dense layers, for every kind that takes one input of real numbers.
ONE_INPUT: dict[str, Any] = {
    "activation": {"type": "activation", "activation": "tanh"},
    "dense": dense(3, "tanh"),
    "maxout": {"type": "maxout", "units": 3, "pieces": 3},
    "prelu": "prelu",
    "dropout": "dropout",
    "gaussian_noise": "gaussian_noise",
    "batch_norm": "batch_norm",
    "layer_norm": "layer_norm",
    "flatten": "flatten",
    "reshape": {"type": "reshape", "shape": [1, -1]},
    "global_average": "global_average",
    "simple_rnn": {"type": "simple_rnn", "units": 3},
    "last_step": "last_step",
}
JOINS = ("add", "multiply", "concat")


def test_that_no_layer_is_left_out() -> None:
    assert {*ONE_INPUT, *JOINS, "embedding", "input"} == set(Layer.kinds)


@pytest.mark.parametrize("kind", ONE_INPUT)
@few
@given(rows=st.integers(1, 5), steps=st.integers(1, 4), features=sizes, units=sizes, seed=seeds)
def test_that_the_gradients_of_a_layer_are_right(
    kind: str, rows: int, steps: int, features: int, units: int, seed: int
) -> None:
    document = chain(dense(units, "tanh"), ONE_INPUT[kind], "flatten", dense(2))
    assert_gradients_are_right(document, rows_of((steps, features), 2, seed=seed), seed, rows)


@pytest.mark.parametrize("kind", ONE_INPUT)
def test_that_a_layer_copes_with_an_input_that_needs_no_gradient(kind: str) -> None:
    assert_gradients_are_right(chain(ONE_INPUT[kind], "flatten", dense(2)), rows_of((3, 4), 2))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_that_the_gradients_of_an_activation_are_right(activation: str) -> None:
    layer = {"type": "activation", "activation": activation}
    assert_gradients_are_right(chain(dense(5), layer, dense(2)), rows_of((3,), 2))


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name not in ("tanh", "linear")])
def test_that_the_gradients_of_a_dense_layer_are_right_whatever_bends_it(activation: str) -> None:
    assert_gradients_are_right(chain(dense(4, activation), dense(2)), rows_of((3,), 2))


def test_that_the_gradients_are_right_without_any_hidden_layer() -> None:
    assert_gradients_are_right(chain(dense(2)), rows_of((3,), 2))


@few
@given(steps=st.integers(1, 5), tokens=st.integers(2, 6), features=sizes, units=sizes, seed=seeds)
def test_that_the_gradients_of_a_network_on_tokens_are_right(
    steps: int, tokens: int, features: int, units: int, seed: int
) -> None:
    document = chain(
        {"type": "embedding", "features": features},
        {"type": "simple_rnn", "units": units, "answer": "sequence"},
        {"type": "simple_rnn", "units": units, "activation": "relu"},
        dense(2),
    )
    assert_gradients_are_right(document, rows_of((steps,), 2, tokens=tokens, seed=seed), seed)


@pytest.mark.parametrize("activation", ["linear", "softmax"])
def test_that_the_gradients_are_right_when_the_loss_holds_the_softmax(activation: str) -> None:
    random = np.random.default_rng(1)
    prepared = Prepared.from_arrays(
        random.standard_normal((24, 3)), np.arange(24) % 3, "multiclass", split=AS_IT_IS, dtype=np.float64
    )
    by_layer = chain(dense(4, "tanh"), dense(3), {"type": "activation", "activation": activation})
    for document in (chain(dense(4, "tanh"), dense(3, activation)), by_layer):
        assert_gradients_are_right(document, prepared)


@pytest.mark.parametrize("kind", JOINS)
@pytest.mark.parametrize("inputs", [2, 3, 4])
def test_that_the_gradients_of_a_join_are_right(kind: str, inputs: int) -> None:
    document = chain(dense(3, "tanh")).add(Layer.parse(kind), id="join")
    for number in range(inputs):
        document = document.add(Layer.parse(dense(3, "tanh")), id=f"branch_{number}")
        document = document.connect("dense_1", f"branch_{number}").connect(f"branch_{number}", "join")
    document = document.add(Layer.parse(dense(2)), id="end").connect("join", "end")
    assert_gradients_are_right(with_training(document), rows_of((3,), 2))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_that_the_gradients_of_concat_are_right_along_every_axis(axis: int) -> None:
    document = chain(dense(3, "tanh")).add(Layer.parse({"type": "concat", "axis": axis}), id="join")
    document = document.connect("dense_1", "join").connect("input", "join").connect("dense_1", "join")
    document = document.add(Layer.parse("flatten"), id="flat").connect("join", "flat")
    document = document.add(Layer.parse(dense(2)), id="end").connect("flat", "end")
    assert_gradients_are_right(with_training(document), rows_of((2, 3), 2))


@pytest.mark.parametrize("kind", JOINS)
def test_that_a_join_of_the_input_with_itself_needs_no_gradient(kind: str) -> None:
    document = chain().add(Layer.parse(kind), id="join").connect("input", "join").connect("input", "join")
    document = document.add(Layer.parse(dense(2)), id="end").connect("join", "end")
    assert_gradients_are_right(with_training(document), rows_of((3,), 2))


def test_that_memory_passed_on_is_not_spoilt_by_other_readers() -> None:
    """Flatten and noise hand their memory on; beside them another branch reads the same tensor."""
    document = chain(dense(4, "tanh"), "flatten", "gaussian_noise", "prelu").add(Layer.parse("multiply"), id="join")
    for source in ("dense_1", "flatten_1", "gaussian_noise_1", "prelu_1"):
        document = document.connect(source, "join")
    document = document.add(Layer.parse(dense(2)), id="end").connect("join", "end")
    assert_gradients_are_right(with_training(document), rows_of((3,), 2))


# -- random graphs

SAMPLED: list[Any] = [
    dense(3, "tanh"),
    dense(2, "relu"),
    dense(3, "gelu"),
    {"type": "maxout", "units": 3},
    {"type": "activation", "activation": "softmax"},
    {"type": "activation", "activation": "tanh"},
    *("prelu", "dropout", "gaussian_noise", "batch_norm", "layer_norm", "flatten", "global_average", "last_step"),
    {"type": "reshape", "shape": [-1]},
    {"type": "reshape", "shape": [2, -1]},
    {"type": "simple_rnn", "units": 3},
    {"type": "simple_rnn", "units": 2, "answer": "sequence"},
    *JOINS,
    *JOINS,
    {"type": "concat", "axis": 0},
]


@st.composite
def graphs(draw: Any) -> tuple[Document, tuple[int, ...], int]:
    """Any graph whose layers accept what they get, loose ends run together; the shape of its input, and tokens."""
    tokens = draw(st.sampled_from([0, 0, 5]))
    shape = draw(st.sampled_from([(3,), (2, 3), (4,)] if tokens else [(4,), (3, 2), (2, 2, 2)]))
    document = Document().add(Layer.parse("input"), id="input")
    specs = {"input": Spec(shape, tokens)}
    if tokens:
        document = document.add(Layer.parse({"type": "embedding", "features": 2}), id="first").connect("input", "first")
        specs = {"first": Spec((*shape, 2))}
    for number in range(draw(st.integers(1, 8))):
        layer = Layer.parse(draw(st.sampled_from(SAMPLED)))
        count = draw(st.integers(2, 3)) if layer.arity[1] is None else 1
        sources = [draw(st.sampled_from(sorted(specs))) for _ in range(count)]
        try:
            spec = layer.output([specs[source] for source in sources])
        except ValueError:
            continue
        id = f"n{number}"
        document = document.add(layer, id=id)
        for source in sources:
            document = document.connect(source, id)
        specs[id] = spec
    return _ended(document), shape, tokens


def _ended(document: Document) -> Document:
    ends = [node.id for node in document.nodes if not document.outputs(node.id)]
    flat = []
    for number, end in enumerate(ends):
        document = document.add(Layer.parse("flatten"), id=f"flat{number}").connect(end, f"flat{number}")
        flat.append(f"flat{number}")
    if len(flat) > 1:
        document = document.add(Layer.parse("concat"), id="all")
        for each in flat:
            document = document.connect(each, "all")
        flat = ["all"]
    return with_training(document.add(Layer.parse(dense(2)), id="end").connect(flat[0], "end"))


@settings(max_examples=40, deadline=None)
@given(graph=graphs(), rows=st.integers(1, 6), seed=seeds)
def test_that_the_gradients_of_any_graph_are_right(
    graph: tuple[Document, tuple[int, ...], int], rows: int, seed: int
) -> None:
    document, shape, tokens = graph
    prepared = rows_of(shape, 2, tokens=tokens, rows=20)
    assert not [problem for problem in check(document, prepared).problems if problem.severity == "error"]
    assert_gradients_are_right(document, prepared, seed, rows)


def test_that_a_wrong_gradient_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.kernels.elementwise import map_kernels
    from engine.layers import activation

    monkeypatch.setattr(activation, "map_kernels", lambda name: (map_kernels(name)[0], map_kernels("sigmoid")[1]))
    document = chain(dense(3), {"type": "activation", "activation": "tanh"}, dense(2))
    passed = {each.tensor: each.passed for each in check_gradients(document, rows_of((3,), 2))}
    assert not passed["dense_1/weight"]
    assert passed["dense_2/weight"]


def test_that_an_unknown_layer_is_not_among_the_kinds() -> None:
    assert Unknown not in Layer.kinds.values()
