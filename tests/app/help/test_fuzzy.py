"""Finding by a few letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.help.fuzzy import score


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("bn", "Batch norm", "Bins"),
        ("rel", "ReLU", "Barrel"),
        ("norm", "Batch norm", "Abnormal"),
        ("relu", "ReLU", "Leaky ReLU"),
        ("save a", "Save as", "Save"),
    ],
)
def test_that_what_is_meant_comes_first(typed: str, better: str, worse: str) -> None:
    best, other = score(typed, better), score(typed, worse)
    assert best is not None
    assert other is None or best > other


def test_that_letters_out_of_order_are_not_found() -> None:
    assert score("unod", "Undo") is None
    assert score("z", "Undo") is None


@given(st.text(min_size=1, max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_that_every_part_of_a_name_finds_it(part: str, before: str, behind: str) -> None:
    if part.casefold().split() and len(part.casefold()) == len(part):
        assert score(part, before + " " + part + behind) is not None
