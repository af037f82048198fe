"""Numbers as people type them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panels.arithmetic import number, shown, stepped


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7), (" 2**7 ", 128), ("2^7", 128), ("1e-3", 0.001), ("-1.5", -1.5), ("3*(4+1)", 15), ("10/4", 2.5),
        ("7//2", 3), ("7%4", 3), ("2 × 3", 6), ("pi", math.pi), ("2**-1", 0.5), ("1/3", 1 / 3), ("−2", -2), (".5", 0.5),
        ("1_000", 1000),
    ],
)  # fmt: skip
def test_that_arithmetic_is_computed(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1+", "__import__('os')", "2**99999999", "9**9**9**9", "1/0", "1e999", "True", "'a'", "[1]",
     "(-8)**0.5", "a.b", "1 if 1 else 2", "lambda: 1", "x" * 100, "(" * 70, "0,5", "1e308*10", "1<<5"],
)  # fmt: skip
def test_that_everything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        number(text)


def test_that_a_decimal_comma_is_explained() -> None:
    with pytest.raises(ValueError, match=r"write 0\.5"):
        number("0,5")


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15))
def test_that_a_shown_number_is_read_back_as_it_was(value: float) -> None:
    assert number(shown(value)) == value


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (1e-5, "1e-5"), (100000, "100000"), (0.1, "0.1"), (0.0, "0")]
)
def test_that_numbers_are_written_short(value: float, text: str) -> None:
    assert shown(value) == text


def test_that_rates_step_through_the_usual_values() -> None:
    seen = [0.001]
    for _ in range(5):
        seen.append(stepped(seen[-1], 1, 0.0, 1e12))
    assert seen == [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
    for _ in range(5):
        seen.append(stepped(seen[-1], -1, 0.0, 1e12))
    assert seen[-1] == 0.001


def test_that_rates_step_down_to_zero_and_up_again() -> None:
    value = 0.001
    for _ in range(20):
        value = stepped(value, -1, 0.0, None)
    assert value == 0 or value < 0
    assert stepped(0.0, 1, 0.0, None) == 1e-4


@pytest.mark.parametrize(("value", "steps", "after"), [(0.9, 1, 0.95), (0.9, -1, 0.85), (0.12, 1, 0.15), (0.0, 2, 0.1)])
def test_that_shares_step_evenly(value: float, steps: int, after: float) -> None:
    assert stepped(value, steps, 0.0, 1.0) == pytest.approx(after)


@given(st.floats(-1e6, 1e6), st.sampled_from([-3, -1, 1, 3]))
def test_that_a_step_always_goes_its_way(value: float, steps: int) -> None:
    after = stepped(value, steps, None, None)
    assert after > value if steps > 0 else after < value
