"""Numbers as a person reads them."""

from __future__ import annotations

import pytest

from app.live.numbers import column


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1.0, 2.0, 2.0], ["1", "2", "2"]),
        ([83.0, 124.0, 93.67], ["83", "124", "94"]),
        ([28.0, 67.0, 62.5], ["28.0", "67.0", "62.5"]),
        ([5.31, -5.01, 0.0], ["5.31", "−5.01", "0.00"]),
        ([0.5, float("nan"), float("inf")], ["0.5", "–", "∞"]),
        ([1e-9, 3.0], ["1.0e−9", "3.00"]),
        ([], []),
    ],
)
def test_that_numbers_below_each_other_have_the_same_decimals(values: list[float], told: list[str]) -> None:
    assert column(values) == told
