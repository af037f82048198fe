"""What the step makes of a weight: the terms of every optimizer against their papers' formulas in float64."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

import numpy as np
import pytest

from engine.insight.trace import Trace, plain, trace
from engine.insight.trace.updates import OPTIMIZERS, Numbers
from engine.program.program import Program
from engine.training.optimizers import Optimizer
from tests.engine.insight.trace.known import lecture, row_of, stepped_alone
from tests.engine.layers.designs import chain, dense, rows_of

RATE = 0.05
STEPS = 3  # before the one that is told


def told(optimizer: Any, **training: Any) -> Trace:
    document = chain(dense(3, "tanh"), dense(2), optimizer=optimizer, **({"learning_rate": RATE} | training))
    prepared = rows_of((4,), 2, dtype=np.float32)
    program = Program(document, prepared)
    program.run(STEPS)
    state = program.state()
    found = trace(document, prepared, 2, state)
    for key, values in stepped_alone(document, prepared, 2, state).items():
        assert np.array_equal(found.updated.new(key), values), key
    return found


def expected(kind: str, n: Numbers, t: int) -> tuple[Mapping[str, float], float]:
    """(what is kept and its corrected form, the step) by the formulas of `engine.training.optimizers`."""
    g, kept = n.g, n.before
    match kind:
        case "momentum" | "nesterov":
            v = 0.9 * kept["v"] + g
            return {"v": v}, RATE * (v if kind == "momentum" else g + 0.9 * v)
        case "rmsprop":
            s = 0.9 * kept["s"] + 0.1 * g * g
            return {"s": s}, RATE * g / (sqrt(s) + 1e-8)
        case "adagrad":
            s = kept["s"] + g * g
            return {"s": s}, RATE * g / (sqrt(s) + 1e-10)
        case "adadelta":
            s = 0.95 * kept["s"] + 0.05 * g * g
            d = sqrt(kept["u"] + 1e-6) / sqrt(s + 1e-6) * g
            return {"s": s, "d": d, "u": 0.95 * kept["u"] + 0.05 * d * d}, RATE * d
        case "adam" | "adamw" | "nadam":
            m, v = 0.9 * kept["m"] + 0.1 * g, 0.999 * kept["v"] + 0.001 * g * g
            mean, square = m / (1 - 0.9**t), v / (1 - 0.999**t)
            if kind == "nadam":
                mean = 0.9 * m / (1 - 0.9 ** (t + 1)) + 0.1 * g / (1 - 0.9**t)
            return {"m": m, "v": v, "m̂": mean, "v̂": square}, RATE * mean / (sqrt(square) + 1e-8)
    return {}, RATE * g


def test_that_every_optimizer_has_its_terms() -> None:
    assert set(OPTIMIZERS) == set(Optimizer.kinds)


@pytest.mark.parametrize("kind", Optimizer.kinds)
@pytest.mark.parametrize("key", ["dense_1/weight", "dense_2/bias"])
def test_that_the_terms_are_those_of_the_formula(kind: str, key: str) -> None:
    found = told(kind)
    n = found.updated.numbers(key, 1)
    terms, step = expected(kind, n, STEPS + 1)
    lines = found.updated.lines(key, 1)
    said = {line.symbol: line.value for line in lines}
    for symbol, value in terms.items():
        assert said[symbol] == pytest.approx(value, rel=1e-4, abs=1e-9), symbol
    decayed = n.old * (1 - RATE * 0.01) if kind == "adamw" and key.endswith("weight") else n.old
    assert n.decayed == pytest.approx(decayed, rel=1e-6)
    assert said["w_{new}"] == n.new == pytest.approx(decayed - step, rel=1e-4, abs=1e-7)
    assert n.g == n.raw == said["g"]


def test_that_adam_begins_with_its_corrections() -> None:
    """g = 2 at step 1: m = 0.2, v = 0.004, m̂ = 0.2/0.1 = 2, v̂ = 0.004/0.001 = 4; w = 0.5 - 0.1·2/√4 = 0.4."""
    document, prepared, state = lecture(optimizer="adam")
    found = trace(document, prepared, row_of(prepared, [1.0, 2.0]), state)
    said = {line.symbol: line for line in found.updated.lines("dense_1/weight", 0)}
    values = {symbol: line.value for symbol, line in said.items()}
    wanted = {"g": 2, "m": 0.2, "v": 0.004, "m̂": 2, "v̂": 4, "w_{new}": 0.4}
    # as float32 holds β₂, 1 - β₂ is 0.00099999
    assert values == pytest.approx(wanted, rel=2e-5)
    assert plain(said["w_{new}"].text).startswith("w_new = w_old − α · m̂/(√v̂ + ε) = 0.5 − 0.1 · 2/(√4 + ")
    assert plain(said["m̂"].text) == "m̂ = m/(1 − β₁ᵗ) = 0.2/0.1 = 2"


@pytest.mark.parametrize("kind", ["adam", "nadam", "rmsprop", "adagrad"])
def test_that_a_negative_number_in_a_product_stands_in_brackets(kind: str) -> None:
    updated = told(kind).updated
    indices = range(updated.by_key["dense_1/weight"].size)
    negative = [index for index in indices if updated.numbers("dense_1/weight", index).g < 0]
    assert negative
    for index in negative:
        assert "· −" not in plain(updated.lines("dense_1/weight", index)[-1].text)


def test_that_penalties_clipping_schedule_and_max_norm_are_told_in_their_order() -> None:
    found = told(
        "minibatch", l1=0.01, l2=0.02, clip_value=0.3, clip_norm=0.2, max_norm=0.5, schedule="exponential",
        learning_rate=1.0,
    )  # fmt: skip
    n = found.updated.numbers("dense_1/weight", 1)
    lines = found.updated.lines("dense_1/weight", 1)
    g = n.raw + 0.01 * np.sign(n.old)
    assert lines[1].value == pytest.approx(g)
    assert lines[2].value == pytest.approx(g := g + 0.02 * n.old)
    assert lines[3].value == pytest.approx(g := float(np.clip(g, -0.3, 0.3)))
    assert "‖g‖" in lines[4].formula
    assert lines[4].value == n.g
    assert abs(n.g) < abs(g)
    assert lines[5].symbol == "α"
    assert lines[5].value == pytest.approx(0.99 ** (3 / 1), rel=1e-6)
    assert n.stepped == pytest.approx(n.old - lines[5].value * n.g, rel=1e-5)
    assert lines[-1].value == n.new


def test_that_biases_take_no_penalty() -> None:
    found = told("adamw", l1=0.01, l2=0.02)
    n = found.updated.numbers("dense_1/bias", 0)
    assert n.g == n.raw
    assert n.decayed == n.old
    assert [line.symbol for line in found.updated.lines("dense_1/bias", 0)] == ["g", "m", "v", "m̂", "v̂", "w_{new}"]


def test_that_nothing_is_said_to_be_cut_that_is_short() -> None:
    found = told("minibatch", clip_norm=1e6)
    lines = found.updated.lines("dense_1/weight", 0)
    assert "nothing is cut" in lines[1].formula
    assert found.updated.numbers("dense_1/weight", 0).g == lines[0].value
