"""How numbers and formulas are written."""

from __future__ import annotations

import numpy as np
import pytest

from engine.insight.trace.words import Line, decimal, enclosed, figure, largest_of, plain, product, sum_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-0.5, "−0.5"), (0.03125, "0.03125"), (1240.0, "1240"), (3.14159, "3.142"),
        (3.1e-7, "3.1·10^{−7}"), (1e-8, "10^{−8}"), (-1e-8, "−10^{−8}"), (2.5e9, "2.5·10^{9}"),
        (float("nan"), "not a number"), (float("-inf"), "−∞"), (100.0, "100"),
    ],
)  # fmt: skip
def test_that_a_number_is_short(value: float, text: str) -> None:
    assert figure(value) == text


def test_that_a_negative_factor_stands_in_brackets() -> None:
    assert product(-0.5, 2.0) == "(−0.5) · 2"


def test_that_a_long_sum_shows_its_largest_terms() -> None:
    pairs = [(float(n), 1.0) for n in range(10)]
    assert sum_of(pairs, [7.0]) == "6 · 1 + 7 · 1 + 8 · 1 + 9 · 1 + … (6 more) + 7"
    assert largest_of([1.0, float("nan"), -3.0], 1) == [1]
    assert largest_of([1.0, -3.0], 1) == [1]
    assert largest_of(np.arange(-3000.0, 0.0), 3) == [0, 1, 2]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("{∂E}/{∂w_{1}}", "∂E/∂w₁"), ("{1}/{1 + e^{−z}}", "1/(1 + e^(−z))"), ("w_{new}", "w_new"),
        ("β_{2}^{t}", "β₂ᵗ"), ("x^{2}", "x²"), ("{e^{z}}/{Σ e^{z}}", "e^z/(Σ e^z)"), ("10^{−8}", "10⁻⁸"),
    ],
)  # fmt: skip
def test_that_a_formula_can_be_read_on_a_terminal(formula: str, text: str) -> None:
    assert plain(formula) == text


def test_that_a_line_leaves_out_what_it_does_not_have() -> None:
    assert Line("a", "z", "", 2.0).text == "a = z = 2"
    assert Line("a", "z").text == "a = z"


def test_that_a_power_of_ten_is_taken_as_one_number() -> None:
    assert [enclosed(value) for value in (0.5, -0.5, 1.8e-4)] == ["0.5", "(−0.5)", "(1.8·10^{−4})"]
    assert [decimal(value) for value in (0.25, -1.84e-4, 2.5e7, 1e-9)] == ["0.25", "−0.000184", "25000000", "0"]
