"""Formulas as rich text."""

from __future__ import annotations

import pytest

from app.help.formulas import formula_block, fractions, inline


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("y = x", ["y = x"]),
        ("y = {1}/{1 + e^{−x}}", ["y =", ("1", "1 + e^{−x}")]),
        ("{a}/{b} · {c}/{d}", [("a", "b"), "·", ("c", "d")]),
        ("w_{ij} / 2", ["w_{ij} / 2"]),
        ("{i in batch} only", ["{i in batch} only"]),
        ("{open", ["{open"]),
    ],
)
def test_that_fractions_are_found(line: str, parts: list[object]) -> None:
    assert fractions(line) == parts


def test_that_letters_slant_and_names_stand() -> None:
    assert inline("max(0, z)") == "max(0, <i>z</i>)"


def test_that_parts_are_raised_and_lowered_also_within_each_other() -> None:
    assert inline("e^{−x}") == "<i>e</i><sup>−<i>x</i></sup>"
    assert inline("w_{ij}") == "<i>w</i><sub><i>ij</i></sub>"
    assert "<sup>" in inline("e^{z_{j}}")
    assert "{" not in inline("e^{z_{j}}")


def test_that_signs_of_html_are_written_out() -> None:
    assert inline("a < b & c") == "<i>a</i> &lt; <i>b</i> &amp; <i>c</i>"


def test_that_empty_lines_make_no_rows() -> None:
    assert formula_block(["a", "", "b"]).count("<tr>") == 2
