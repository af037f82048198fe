"""Moons, blobs, rings, squares, the line and the gates, against their formulas."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.synthetic import And, Blobs, Checkerboard, Linear, Moons, Or, Rings, Xor
from engine.data.synthetic.classify import Gate


def test_that_moons_are_two_half_circles() -> None:
    dataset = Moons(samples=202, noise=0).load(0)
    np.testing.assert_allclose(dataset.x[[0, 50, 100]], [[1, 0], [0, 1], [-1, 0]], atol=1e-12)
    np.testing.assert_allclose(dataset.x[[101, 151, 201]], [[0, 0.5], [1, -0.5], [2, 0.5]], atol=1e-12)
    assert dataset.y[:101].sum() == 0
    assert dataset.y[101:].sum() == 101


@pytest.mark.parametrize("classes", [2, 3, 7, 12])
def test_that_blobs_stand_evenly_on_a_circle(classes: int) -> None:
    dataset = Blobs(samples=100_000, classes=classes, noise=0).load(0)
    assert dataset.classes == tuple("ABCDEFGHIJKL"[:classes])
    assert dataset.task == ("binary" if classes == 2 else "multiclass")
    for label in range(classes):
        cloud = dataset.x[dataset.y[:, 0] == label]
        angle = 2 * np.pi * label / classes
        np.testing.assert_allclose(cloud.mean(0), [4 * np.cos(angle), 4 * np.sin(angle)], atol=0.05)
        np.testing.assert_allclose(cloud.var(0), 0.25, rtol=0.1)
        assert abs(len(cloud) - 100_000 / classes) < 1


def test_that_rings_have_their_radii() -> None:
    dataset = Rings(classes=4, noise=0).load(0)
    np.testing.assert_allclose(np.hypot(*dataset.x.T), 1.25 * (dataset.y[:, 0] + 1))


def test_that_neighbouring_squares_of_the_board_differ() -> None:
    dataset = Checkerboard(squares=4, samples=2000).load(0)
    colour = {}
    for point, label in zip(dataset.x, dataset.y[:, 0], strict=True):
        colour.setdefault(tuple(np.floor((point + 5) / 2.5).astype(int)), set()).add(label)
    assert colour[0, 0] == colour[1, 1] == colour[3, 3] == {0.0}
    assert colour[0, 1] == colour[2, 3] == {1.0}
    assert all(len(found) == 1 for found in colour.values())


def test_that_a_line_with_a_gap_parts_the_straight_set() -> None:
    dataset = Linear().load(0)
    distance = dataset.x @ np.array([1, 2]) / np.sqrt(5)
    np.testing.assert_array_equal(dataset.y[:, 0], distance > 0)
    assert np.abs(distance).min() >= 0.25


@pytest.mark.parametrize(("kind", "truth"), [(And, [0, 0, 0, 1]), (Or, [0, 1, 1, 1]), (Xor, [0, 1, 1, 0])])
def test_that_gates_are_their_truth_table(kind: type[Gate], truth: list[int]) -> None:
    dataset = kind(samples=20, noise=0).load(0)
    np.testing.assert_array_equal(dataset.x[:4], [[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(dataset.y[:4, 0], truth)
    assert dataset.classes == ("false", "true")
