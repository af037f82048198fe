"""Sequences, texts and drawn shapes: what is shown and what is asked fit together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.data.synthetic import Adding, Characters, Copy, Parity, Shapes, SineForecast
from engine.data.synthetic.shapes import SHAPES
from engine.errors import DataError


@given(st.integers(2, 40), st.integers(1, 20), st.floats(3, 100))
def test_that_the_forecast_continues_the_wave(length: int, ahead: int, period: float) -> None:
    dataset = SineForecast(samples=20, length=length, ahead=ahead, period=period).load(1)
    assert dataset.x.shape == (20, length, 1)
    # sin obeys s(t + 1) = 2·cos(ω)·s(t) - s(t - 1): step on from the last two values that are shown.
    before, now = dataset.x[:, -2, 0], dataset.x[:, -1, 0]
    for _ in range(ahead):
        before, now = now, 2 * np.cos(2 * np.pi / period) * now - before
    np.testing.assert_allclose(dataset.y[:, 0], now, atol=1e-8)


@given(st.integers(2, 60))
def test_that_the_two_marked_numbers_add_up(length: int) -> None:
    dataset = Adding(samples=50, length=length).load(2)
    marks = dataset.x[:, :, 1]
    assert set(np.unique(marks)) <= {0.0, 1.0}
    assert (marks[:, : length // 2].sum(1) == 1).all()
    assert (marks[:, length // 2 :].sum(1) == 1).all()
    for row, asked in zip(dataset.x, dataset.y[:, 0], strict=True):
        assert asked == pytest.approx(sum(number for number, marked in row if marked))


def test_that_parity_counts_the_ones() -> None:
    dataset = Parity(length=5).load(0)
    assert set(np.unique(dataset.x)) == {0.0, 1.0}
    for bits, odd in zip(dataset.x[:, :, 0], dataset.y[:, 0], strict=True):
        assert odd == np.count_nonzero(bits) % 2
    assert 0.45 < dataset.y.mean() < 0.55


@given(st.integers(1, 10), st.integers(0, 10), st.integers(2, 20))
def test_that_copy_asks_for_what_was_shown(length: int, delay: int, symbols: int) -> None:
    dataset = Copy(samples=20, length=length, delay=delay, symbols=symbols).load(3)
    word, rest = dataset.x[:, :length], dataset.x[:, length:]
    assert dataset.x.shape == dataset.y.shape == (20, 2 * length + delay)
    assert word.min() >= 1
    assert word.max() <= symbols
    assert (rest[:, :delay] == 0).all()
    assert (rest[:, delay] == symbols + 1).all()
    assert (rest[:, delay + 1 :] == 0).all()
    assert (dataset.y[:, : length + delay] == 0).all()
    np.testing.assert_array_equal(dataset.y[:, length + delay :], word)
    assert dataset.tokens == symbols + 2


@given(st.text(min_size=12, max_size=60).filter(lambda text: len(set(text)) > 1))
@example("a\0b" * 5)  # a zero is a character like any other
def test_that_the_answer_is_the_next_character(text: str) -> None:
    dataset = Characters(samples=30, length=8, text=text).load(0)
    assert dataset.tokens == len(set(text))
    shown = ["".join(dataset.classes[int(i)] for i in row) for row in dataset.x]
    asked = ["".join(dataset.classes[int(i)] for i in row) for row in dataset.y]
    for window, following in zip(shown, asked, strict=True):
        assert window + following[-1] in text
        assert window[1:] == following[:-1]


def test_that_texts_too_short_or_too_dull_are_refused() -> None:
    with pytest.raises(DataError, match="has 5 characters, and a window takes 32"):
        Characters(text="abcde").load(0)
    with pytest.raises(DataError, match="repeats a single character"):
        Characters(text="a" * 50).load(0)


def test_that_every_shape_is_drawn_within_the_picture() -> None:
    source = Shapes(classes=len(SHAPES), samples=60, size=24, noise=0)
    dataset = source.load(0)
    assert dataset.x.shape == (60, 24, 24, 1)
    assert dataset.x.min() == 0
    assert dataset.x.max() == 1
    # The rim stays free: every shape is wholly inside.
    rim = np.concatenate([dataset.x[:, [0, -1]].ravel(), dataset.x[:, :, [0, -1]].ravel()])
    assert rim.max() < 1e-5


def test_that_a_filled_circle_covers_the_area_of_a_circle() -> None:
    picture = Shapes(size=32).picture("circle", np.array([10.0]), np.array([[16.0], [15.0]]))[0]
    assert picture.sum() == pytest.approx(np.pi * 100, rel=0.01)
    assert picture[17, 16] == 1  # v points upwards: the centre stands at row 32 - 15 or at 15, both inside
    square = Shapes(size=32).picture("square", np.array([10.0]), np.array([[16.0], [16.0]]))[0]
    assert square.sum() == pytest.approx(16**2, rel=0.01)
    outline = Shapes(size=32, style="outline").picture("circle", np.array([10.0]), np.array([[16.0], [16.0]]))[0]
    assert outline[16, 16] == 0
    assert outline.sum() == pytest.approx(2 * np.pi * 10 * 1.4, rel=0.1)


@settings(max_examples=10)
@given(st.integers(2, 6), st.integers(20, 300))
def test_that_shapes_come_in_equal_numbers(classes: int, samples: int) -> None:
    counts = np.bincount(Shapes(classes=classes, samples=samples, size=8).load(0).y[:, 0].astype(int))
    assert counts.max() - counts.min() <= 1


def test_that_a_blank_is_a_class_that_can_be_seen() -> None:
    dataset = Characters(length=4, text="ab c\nd ab c\t").load(0)
    assert dataset.classes == ("\t", "\n", " ", "a", "b", "c", "d")
    assert dataset.shown_classes == ("⇥", "↵", "␣", "a", "b", "c", "d")
    named = replace(dataset, classes=("New York", "", "  "))
    assert named.shown_classes == ("New York", "∅", "␣␣")
