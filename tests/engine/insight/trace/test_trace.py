"""One example through the network and back: against numbers worked out by hand, and against real steps of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.data.prepare import Prepared
from engine.errors import NetloomError
from engine.insight.trace import Trace, backward_lines, forward_lines, plain, trace
from engine.kernels.contract import POSITION
from engine.layers import Layer
from engine.program.program import Program
from engine.training.run import Run
from tests.engine.insight.trace.known import lecture, one_row, row_of, stepped_alone
from tests.engine.layers.designs import AS_IT_IS, chain, dense, rows_of
from tests.engine.layers.test_gradients import JOINS, ONE_INPUT, graphs


@pytest.fixture(scope="module")
def by_hand() -> Trace:
    document, prepared, state = lecture()
    return trace(document, prepared, row_of(prepared, [1.0, 2.0]), state)


def test_that_the_forward_pass_is_the_one_worked_out_by_hand(by_hand: Trace) -> None:
    hidden, last = by_hand.by_node["dense_1"], by_hand.by_node["dense_2"]
    assert hidden.inputs[0].value.tolist() == [1.0, 2.0]
    assert hidden.named("z").value.tolist() == [1.0, -0.5]  # type: ignore[union-attr]
    assert hidden.output.value.tolist() == [1.0, 0.0]
    assert last.output.value.tolist() == [2.5]
    assert by_hand.loss.value == 0.25
    assert (by_hand.loss.shown, by_hand.loss.wanted) == ("2.5", "2")


def test_that_the_backward_pass_is_the_one_worked_out_by_hand(by_hand: Trace) -> None:
    # ∂E/∂ŷ = 2·(2.5 - 2) = 1; ∂E/∂a = 1·(2, 3); ∂E/∂z = (2·1, 3·0); ∂E/∂w = x·∂E/∂z
    hidden, last = by_hand.by_node["dense_1"], by_hand.by_node["dense_2"]
    assert last.output.gradient.tolist() == [1.0]  # type: ignore[union-attr]
    assert hidden.output.gradient.tolist() == [2.0, 3.0]  # type: ignore[union-attr]
    assert hidden.named("z").gradient.tolist() == [2.0, 0.0]  # type: ignore[union-attr]
    found = {key: by_hand.updated.gradient(key).tolist() for key in by_hand.updated.by_key}
    assert found == {
        "dense_1/weight": [[2.0, 0.0], [4.0, 0.0]], "dense_1/bias": [2.0, 0.0], "dense_2/weight": [[1.0], [0.0]],
        "dense_2/bias": [1.0],
    }  # fmt: skip


def test_that_the_update_is_the_one_worked_out_by_hand(by_hand: Trace) -> None:
    # w_new = w_old - α·∂E/∂w with α = 0.1
    assert by_hand.updated.new("dense_1/weight") == pytest.approx(np.array([[0.3, -0.5], [-0.15, 1.0]]))
    assert by_hand.updated.new("dense_2/bias") == pytest.approx(0.4)


def test_that_the_formulas_of_the_lecture_stand_there_with_the_numbers(by_hand: Trace) -> None:
    def said(lines: Any) -> list[str]:
        return [plain(line.text) for line in lines]

    assert said(forward_lines(by_hand, "dense_1", 0)) == [
        "z₁ = Σ w · x + b = 0.5 · 1 + 0.25 · 2 + 0 = 1", "a₁ = f(z₁) = max(0, 1) = 1",
    ]  # fmt: skip
    assert said(by_hand.loss.lines) == ["E = (ŷ − y)² = (2.5 − 2)² = 0.25", "∂E/∂ŷ = 2 · (ŷ − y) = 2 · (2.5 − 2) = 1"]
    assert said(backward_lines(by_hand, "dense_1", 0)) == [
        "∂E/∂a₁ = w · ∂E/∂z of dense_2 = 2 · 1 = 2",
        "∂E/∂z₁ = ∂E/∂a₁ · f′(z₁),  f′ = 1 for z > 0, else 0 = 2 · 1 = 2",
        "∂E/∂w₂ = ∂E/∂z₁ · x₂ = 2 · 2 = 4",
        "∂E/∂b = ∂E/∂z₁ = 2",
    ]
    assert said(by_hand.updated.lines("dense_1/weight", 0)) == [
        "g = ∂E/∂w = 2", "w_new = w_old − α · g = 0.5 − 0.1 · 2 = 0.3",
    ]  # fmt: skip


def test_that_a_class_is_judged_by_its_probability() -> None:
    """z = 0, so ŷ = σ(0) = ½; for y = 1 E = -ln ½ = 0.6931 and ∂E/∂z = ŷ - y = -½."""
    document, prepared = chain(dense(1)), one_row([1.0, 2.0], [1.0], "binary")
    program = Program(document, prepared)
    program.set_parameters({"dense_1/weight": np.zeros((2, 1))})
    found = trace(document, prepared, row_of(prepared, [1.0, 2.0]), program.state())
    assert found.loss.value == pytest.approx(np.log(2))
    assert found.loss.gradient.tolist() == [-0.5]
    assert found.loss.shown.startswith("0 (50 %)")
    assert "−[1 · ln 0.5 + 0 · ln 0.5] = 0.6931" in plain(found.loss.lines[1].text)


# -- the very step of training


@pytest.mark.parametrize("place", [3, 11])
@pytest.mark.parametrize("schedule", ["constant", "cosine", "exponential"])
def test_that_it_is_the_step_that_the_run_takes_next(place: int, schedule: str) -> None:
    """A run that takes row after row, stopped within an epoch: the trace of its next row ends at the same bits."""
    document = chain(dense(5, "gelu"), "dropout", dense(2), optimizer="adam", schedule=schedule, learning_rate=0.01)
    document = document.but(training=document.training.but(batch_size=1))
    prepared = rows_of((4,), 2, dtype=np.float32)
    run = Run(document, prepared)
    run.advance(24 + place)
    assert run.program.ctx[POSITION] == place
    found = trace(document, prepared, int(run.program.order[place]), run.snapshot())
    run.advance(1)
    for key, values in run.program.parameters().items():
        assert np.array_equal(found.updated.new(key), values), key


@pytest.mark.parametrize("kind", [*ONE_INPUT, *JOINS, "embedding"])
def test_that_every_layer_is_told_whole_and_steps_as_training_does(kind: str) -> None:
    tokens = 5 if kind == "embedding" else 0
    document = chain({"type": "embedding", "features": 4} if tokens else dense(3, "tanh"))
    first = document.nodes[-1].id
    if kind in JOINS:
        document = document.add(Layer.parse(kind), id="join").connect(first, "join").connect(first, "join")
    elif not tokens:
        layer = Layer.parse(ONE_INPUT[kind])
        document = document.add(layer, id="it").connect(first, "it")
    document = document.add(Layer.parse("flatten"), id="flat").connect(document.nodes[-1].id, "flat")
    document = document.add(Layer.parse(dense(2)), id="end").connect("flat", "end")
    prepared = rows_of((3,) if tokens else (3, 4), 2, tokens=tokens, dtype=np.float32)
    program = Program(document, prepared)
    program.run(3)
    state = program.state()
    found = trace(document, prepared, 2, state)
    for key, values in stepped_alone(document, prepared, 2, state).items():
        assert np.array_equal(found.updated.new(key), values), key
    assert [layer.node for layer in found.layers] == list(document.order())
    for layer in found.layers[1:]:
        assert layer.output.gradient is not None
        for unit in range(layer.output.value.size):
            lines = (*forward_lines(found, layer.node, unit), *backward_lines(found, layer.node, unit))
            assert len(lines) >= 2
            assert forward_lines(found, layer.node, unit)[-1].value == pytest.approx(
                layer.output.value.flat[unit], rel=1e-5
            )


@settings(max_examples=25, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 1000))
def test_that_any_graph_is_told_and_steps_as_training_does(graph: Any, seed: int) -> None:
    document, shape, tokens = graph
    document = document.but(training=document.training.but(batch_size=1))  # as batch norm is trained on one row
    prepared = rows_of(shape, 2, tokens=tokens, rows=20, dtype=np.float32)
    program = Program(document, prepared, seed)
    program.run(2)
    state = program.state()
    found = trace(document, prepared, 1, state)
    assume(found.updated.steps.taken)  # a run that diverges goes back to where it was well
    for key, values in stepped_alone(document, prepared, 1, state).items():
        assert np.array_equal(found.updated.new(key), values), key
    for layer in found.layers:
        # shares that readers send add up to what arrives
        sent = [reader.inputs[port].gradient for reader, port in found.readers(layer.node)]
        if layer.output.gradient is not None and sent and all(each is not None for each in sent):
            assert sum(sent) == pytest.approx(layer.output.gradient, rel=1e-4, abs=1e-6)
        for line in (*forward_lines(found, layer.node, 0), *backward_lines(found, layer.node, 0)):
            assert "{" not in plain(line.text)


def test_that_the_run_is_left_alone() -> None:
    document = chain(dense(5, "tanh"), "batch_norm", dense(2), optimizer="adam")
    prepared = rows_of((4,), 2, dtype=np.float32)
    run, rows = Run(document, prepared), prepared.x.copy()
    run.advance(5)
    state, before = run.snapshot(), run.program.parameter_hash()
    kept = {name: values.copy() for name, values in state.arrays.items()}
    trace(document, prepared, 0, state)
    assert run.program.parameter_hash() == before
    assert np.array_equal(prepared.x, rows)
    assert all(np.array_equal(state.arrays[name], values) for name, values in kept.items())


def test_that_no_step_is_taken_where_training_would_stop() -> None:
    document, prepared, _ = lecture()
    program = Program(document, prepared)
    program.set_parameters({"dense_2/bias": np.array([1e20])})
    found = trace(document, prepared, 0, program.state())
    assert not found.loss.value < 1e30
    assert not found.updated.steps.taken
    assert np.array_equal(found.updated.new("dense_2/weight"), found.updated.old("dense_2/weight"))
    assert "takes no step" in found.updated.lines("dense_2/weight", 0)[-1].text


def test_that_balanced_weights_are_those_of_all_rows() -> None:
    """One row alone would weigh its class 1; of 20 rows with 5 of class 1 it weighs 20/(2·5) = 2."""
    y = np.array([1.0] * 5 + [0.0] * 15)
    x = np.random.default_rng(0).standard_normal((20, 3))
    prepared = Prepared.from_arrays(x, y, "binary", split=AS_IT_IS, dtype=np.float32)
    document = chain(dense(1), loss={"type": "bce", "class_weights": "balanced"})
    row = int(np.flatnonzero(prepared.y[:, 0] == 1)[0])
    found = trace(document, prepared, row)
    p = float(found.loss.answer[0])
    assert found.loss.value == pytest.approx(-2 * np.log(p), rel=1e-5)


def test_that_batch_norm_of_one_example_takes_what_it_has_gathered() -> None:
    """x̂ = (a - running mean)/√(running variance + ε); ∂E/∂a = γ/√(running variance + ε)·∂E/∂y."""
    document, prepared = chain(dense(3, "tanh"), "batch_norm", dense(2)), rows_of((4,), 2, dtype=np.float32)
    program = Program(document, prepared)
    program.run(20)
    state = program.state()
    found = trace(document, prepared, 0, state)
    assert any("gathered" in remark for remark in found.remarks)
    norm, before = found.by_node["batch_norm_1"], found.by_node["dense_1"].output
    root = np.sqrt(state.arrays["state/batch_norm_1/variance"] + 1e-5)
    gamma, beta = (state.arrays[f"parameters/batch_norm_1/{name}"] for name in ("gamma", "beta"))
    expected = gamma * (before.value - state.arrays["state/batch_norm_1/mean"]) / root + beta
    np.testing.assert_allclose(norm.output.value, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(before.gradient, gamma / root * norm.output.gradient, rtol=1e-5)
    assert np.abs(before.gradient).min() > 0  # type: ignore[arg-type]
    np.testing.assert_allclose(found.loss.answer, program.outputs(prepared.x[:1])[0], rtol=1e-5)
    line = backward_lines(found, "batch_norm_1", 1)[1]
    assert (plain(line.formula), line.value) == ("γ/σ · ∂E/∂y, μ and σ stay as they are", before.gradient[1])  # type: ignore[index]


def test_that_batch_norm_in_batches_of_one_is_told_to_give_nothing() -> None:
    document, prepared = chain(dense(3, "tanh"), "batch_norm", dense(2)), rows_of((4,), 2, dtype=np.float32)
    document = document.but(training=document.training.but(batch_size=1))
    found = trace(document, prepared, 0)
    assert any("no spread" in remark for remark in found.remarks)
    assert found.by_node["dense_1"].output.gradient.tolist() == [0.0] * 3  # type: ignore[union-attr]


@pytest.mark.parametrize("row", [-1, 24, 1000])
def test_that_a_row_that_is_not_there_is_named(row: int) -> None:
    with pytest.raises(NetloomError, match=rf"row {row + 1}: there is no such row. The data have rows 1 to 24"):
        trace(chain(dense(2)), rows_of((4,), 2), row)
