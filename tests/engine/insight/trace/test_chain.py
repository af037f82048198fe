"""One weight's chain: numbers worked out by hand, and finite differences for every layer through any graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.design.document import Document
from engine.errors import NetloomError
from engine.insight.trace import Chain, explain, plain
from engine.insight.trace.difference import difference
from engine.insight.trace.record import place_of
from engine.layers import Layer
from engine.program.program import Program
from engine.program.state import State
from tests.engine.insight.trace.known import lecture, one_row, row_of
from tests.engine.layers.designs import chain, dense, rows_of
from tests.engine.layers.test_gradients import JOINS, ONE_INPUT, graphs


def assert_holds(found: Chain) -> None:
    """The measured slope agrees; what is written as a sum is one; one way alone is the whole."""
    assert found.measured.agrees, (found.name, found.gradient, found.measured)
    assert not found.measured.corner
    if found.ways == 1:
        assert found.strongest == pytest.approx(found.gradient, rel=1e-9, abs=1e-14)
    for link in found.links:
        if link.terms and len(link.terms) == link.of:
            total = sum(term.value for term in link.terms)
            assert total == pytest.approx(link.lines[0].value, rel=1e-9, abs=1e-13)


def all_chains(document: Document, prepared: Any, state: State, row: int = 1) -> list[Chain]:
    """Of the first, the middle and the last number of every parameter."""
    found = []
    for p in Program(document, prepared).plan.parameters:
        for index in sorted({0, p.size // 2, p.size - 1}):
            found.append(explain(document, prepared, row, f"{p.key}{place_of(index, p.shape)}", state))
    return found


def test_that_the_chain_of_the_lecture_is_a_product() -> None:
    # ∂E/∂w₁₁ = ∂E/∂ŷ · ∂ŷ/∂a₁ · ∂a₁/∂z₁ · ∂z₁/∂w = 1 · 2 · 1 · 1
    document, prepared, state = lecture()
    found = explain(document, prepared, row_of(prepared, [1.0, 2.0]), "dense_1/weight[0,0]", state)
    assert [value for _, value in found.factors] == [1.0, 2.0, 1.0, 1.0]
    assert (found.ways, found.gradient) == (1, 2.0)
    assert found.measured.value == pytest.approx(2.0, rel=1e-8)
    assert found.says == "the weight from x1 to unit 1 of dense_1"
    assert plain(found.headline[0].text) == "∂E/∂w = ∂E/∂ŷ · ∂ŷ/∂a₁ · ∂a₁/∂z₁ · ∂z₁/∂w = 1 · 2 · 1 · 1 = 2"
    assert found.nodes == ("dense_1", "dense_2")
    assert found.wires == (("dense_1", "dense_2", 0),)


def test_that_a_unit_that_is_off_lets_nothing_through() -> None:
    document, prepared, state = lecture()
    found = explain(document, prepared, row_of(prepared, [1.0, 2.0]), "dense_1/weight[1, 1]", state)
    assert found.gradient == found.measured.value == 0.0
    assert found.measured.agrees


def test_that_several_ways_add_up() -> None:
    """ŷ = v₁·u₁·w·x + v₂·u₂·w·x with x = 2, w = 1, u = (1, 3), v = (5, 0.5): ŷ = 13; for y = 12 ∂E/∂ŷ = 2.

    ∂E/∂w = 2·(5·1 + 0.5·3)·2 = 26; the strongest way carries 2·5·1·2 = 20.
    """
    document, prepared = chain(dense(1), dense(2), dense(1)), one_row([2.0], [12.0])
    program = Program(document, prepared)
    program.set_parameters(
        {
            "dense_1/weight": np.ones((1, 1)),
            "dense_2/weight": np.array([[1.0, 3.0]]),
            "dense_3/weight": np.array([[5.0], [0.5]]),
        }
    )
    found = explain(document, prepared, row_of(prepared, [2.0]), "dense_1/weight[0,0]", program.state())
    assert (found.ways, found.gradient, found.strongest) == (2, 26.0, 20.0)
    assert found.measured.value == pytest.approx(26.0, rel=1e-9)
    line = found.links[1].lines[0]
    assert (line.filled, line.value) == ("1 · 10 + 3 · 1", 13.0)


@pytest.mark.parametrize("kind", [*ONE_INPUT, "embedding"])
def test_that_differences_agree_for_every_layer(kind: str) -> None:
    if kind == "embedding":
        document = chain({"type": "embedding", "features": 3}, {"type": "simple_rnn", "units": 3}, dense(2))
        prepared = rows_of((4,), 2, tokens=5)
    else:
        document = chain(dense(3, "tanh"), ONE_INPUT[kind], "flatten", dense(2))
        prepared = rows_of((3, 4), 2)
    program = Program(document, prepared)
    program.run(4)
    for found in all_chains(document, prepared, program.state()):
        assert_holds(found)


@pytest.mark.parametrize("kind", JOINS)
def test_that_differences_agree_through_every_join(kind: str) -> None:
    document = chain(dense(3, "tanh")).add(Layer.parse(kind), id="join")
    for number in range(3):
        document = document.add(Layer.parse(dense(3, "tanh")), id=f"branch_{number}")
        document = document.connect("dense_1", f"branch_{number}").connect(f"branch_{number}", "join")
    document = document.add(Layer.parse(dense(2)), id="end").connect("join", "end")
    prepared = rows_of((3,), 2)
    chains = all_chains(document, prepared, Program(document, prepared).state())
    for found in chains:
        assert_holds(found)
    assert set(chains[0].nodes) == {"dense_1", "branch_0", "branch_1", "branch_2", "join", "end"}
    assert len(chains[0].wires) == 7


@pytest.mark.parametrize("last", [dense(1), "flatten"])
def test_that_a_softmax_behind_a_layer_mixes_its_units(last: Layer | str) -> None:
    document = chain(dense(3, "tanh"), {"type": "activation", "activation": "softmax"}, last)
    prepared = rows_of((4,), 1 if last != "flatten" else 3)
    for found in all_chains(document, prepared, Program(document, prepared).state()):
        assert_holds(found)
        assert found.ways == (3 if found.key.startswith("dense_1") else 1)


def test_that_the_chain_goes_through_batch_norm() -> None:
    document, prepared = chain(dense(3, "tanh"), "batch_norm", dense(3, "relu"), dense(2)), rows_of((4,), 2)
    program = Program(document, prepared)
    program.run(20)
    chains = all_chains(document, prepared, program.state())
    for found in chains:
        assert_holds(found)
    assert all(found.gradient for found in chains if found.key.startswith("dense_1"))


@settings(max_examples=25, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 1000))
def test_that_differences_agree_through_any_graph(graph: Any, seed: int) -> None:
    document, shape, tokens = graph
    prepared = rows_of(shape, 2, tokens=tokens, rows=20)
    program = Program(document, prepared, seed)
    program.run(2)
    p = program.plan.parameters[seed % len(program.plan.parameters)]
    found = explain(document, prepared, 1, f"{p.key}{place_of(seed % p.size, p.shape)}", program.state())
    assert found.measured.agrees, (found.name, found.gradient, found.measured)
    for line in (*found.headline, *(line for link in found.links for line in link.lines)):
        assert "{" not in plain(line.text)


# -- the measuring itself


@pytest.mark.parametrize("w", [-3.0, 0.1, 1e-3, 700.0])
def test_that_a_smooth_slope_is_measured_to_many_digits(w: float) -> None:
    found = difference(lambda v: np.sin(v) + 0.5 * v * v, w, np.cos(w) + w)
    assert found.value == pytest.approx(np.cos(w) + w, rel=1e-7)
    assert found.agrees
    assert not found.corner


@pytest.mark.parametrize("away", [2e-3, 2e-4, -3e-5, 1.5e-5, -2e-6])
def test_that_a_corner_nearby_is_stepped_around(away: float) -> None:
    found = difference(lambda v: max(v, 0.0) * 3, away, 3.0 if away > 0 else 0.0)
    assert found.agrees
    assert not found.corner
    assert found.value == pytest.approx(3.0 if away > 0 else 0.0, abs=1e-8)


@pytest.mark.parametrize(("expected", "agrees"), [(0.0, True), (3.0, True), (1.5, True), (3.1, False), (-0.1, False)])
def test_that_a_corner_exactly_here_is_told(expected: float, agrees: bool) -> None:
    found = difference(lambda v: max(v, 0.0) * 3, 0.0, expected)
    assert found.corner
    assert (found.left, found.right) == pytest.approx((0.0, 3.0), abs=1e-6)
    assert found.agrees is agrees


@pytest.mark.parametrize(("loss", "slope"), [(1.0, 5e-10), (1.0, 5e-8), (1e3, 5e-7), (0.1, 1e-6)])
def test_that_two_slopes_of_a_small_size_are_not_said_to_agree_in_digits_that_differ(loss: float, slope: float) -> None:
    def at(v: float) -> float:
        return loss + slope * v

    assert not difference(at, 0.3, 0.0).agrees
    assert not difference(at, 0.3, 1.05 * slope).agrees
    assert difference(at, 0.3, slope).agrees


def test_that_what_is_too_small_to_be_measured_in_four_digits_is_told_to_agree_within_rounding() -> None:
    found = difference(lambda v: 1 + 1e-11 * v, 0.3, 1.01e-11)
    assert found.agrees
    assert plain(found.verdict) == "agree within rounding, ±10⁻¹¹"
    assert difference(lambda v: 1 + 1e-3 * v, 0.3, 1e-3).verdict == "agree to at least 4 digits"
    assert difference(lambda v: 1.0, 0.3, 0.0).verdict == "agree to at least 4 digits"
    assert difference(lambda v: 1 + 1e-3 * v, 0.3, 2e-3).verdict == "do not agree"


@pytest.mark.parametrize("wrong", [1.001, 0.999, 2.0, -1.0])
def test_that_a_wrong_slope_is_found(wrong: float) -> None:
    assert not difference(lambda v: v * v, 3.0, 6.0 * wrong).agrees


def test_that_a_unit_on_its_corner_is_said_to_be_there() -> None:
    """An input of zeros and biases of zero: z is exactly 0."""
    document, prepared = chain(dense(2, "relu"), dense(1)), one_row([0.0, 0.0], [1.0])
    program = Program(document, prepared)
    program.set_parameters({"dense_2/weight": np.array([[1.0], [2.0]])})
    found = explain(document, prepared, row_of(prepared, [0.0, 0.0]), "dense_1/bias[0]", program.state())
    assert found.measured.corner
    assert found.measured.agrees
    assert "corner" in found.comparison


def test_that_a_loss_that_is_no_number_has_no_slope() -> None:
    document, prepared, _ = lecture()
    program = Program(document, prepared)
    program.set_parameters({"dense_1/weight": np.full((2, 2), np.nan)})
    found = explain(document, prepared, 0, "dense_2/bias[0]", program.state())
    assert not found.measured.agrees
    assert "no finite number" in found.comparison
    assert all("{" not in plain(line.text) for line in found.headline)


# -- names


def test_that_a_layer_may_be_called_by_its_name() -> None:
    document, prepared, state = lecture()
    document = document.replace("dense_1", name="Hidden 1")
    found = explain(document, prepared, 0, " Hidden 1/weight[ 1 , 0 ]", state)
    assert (found.key, found.index, found.name) == ("dense_1/weight", 2, "dense_1/weight[1, 0]")


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        ("dense_1", ["named by layer, name and place", "dense_1/weight[0, 0]"]),
        ("dense_1/wieght[0,0]", ["no dense_1/wieght", "Did you mean dense_1/weight?", "dense_2/bias[1]"]),
        ("dense_1/weight[0]", ["no such place", "from [0, 0] to [1, 1]"]),
        ("dense_1/weight[2,0]", ["no such place", "from [0, 0] to [1, 1]"]),
        ("dense_1/bias[-1]", ["named by layer"]),
    ],
)
def test_that_a_weight_that_is_not_there_is_named_with_what_is(weight: str, words: list[str]) -> None:
    document, prepared, state = lecture()
    with pytest.raises(NetloomError) as raised:
        explain(document, prepared, 0, weight, state)
    assert all(word in str(raised.value) for word in (weight, *words)), raised.value
