"""The plane of the largest spread, and how it stays in place while points move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.insight.principal import Plane, principal_plane, share_of
from engine.insight.warp import Warp
from tests.builders import chain, dense
from tests.engine.insight.planes import made, plane_data


def by_numpy(points: np.ndarray) -> np.ndarray:
    """(d, d) the projection onto the first two principal components."""
    axes = np.linalg.svd(points - points.mean(axis=0))[2][:2]
    projection: np.ndarray = axes.T @ axes
    return projection


def projection(plane: Plane) -> np.ndarray:
    found: np.ndarray = plane.axes @ plane.axes.T
    return found


CLOUDS = st.tuples(st.integers(3, 30), st.integers(2, 40), st.integers(0, 1000))


@settings(max_examples=40)
@given(CLOUDS)
def test_that_the_plane_is_that_of_the_singular_vectors(cloud: tuple[int, int, int]) -> None:
    n, d, seed = cloud
    random = np.random.default_rng(seed)
    points = random.normal(size=(n, d)) * 2.0 ** -np.arange(d) + random.normal(size=d)
    plane = principal_plane(points)
    assert plane.axes.T @ plane.axes == pytest.approx(np.eye(2), abs=1e-6)
    assert projection(plane) == pytest.approx(by_numpy(points), abs=1e-4)
    values = np.linalg.svd(points - points.mean(axis=0), compute_uv=False) ** 2
    assert plane.share == pytest.approx(values[:2].sum() / values.sum())
    assert plane.place(points).mean(axis=0) == pytest.approx([0, 0], abs=1e-9)


@settings(max_examples=40)
@given(CLOUDS, st.permutations([0, 1]), st.tuples(st.sampled_from([-1, 1]), st.sampled_from([-1, 1])))
def test_that_axes_neither_flip_nor_change_places(
    cloud: tuple[int, int, int], order: list[int], signs: tuple[int, int]
) -> None:
    n, d, seed = cloud
    points = np.random.default_rng(seed).normal(size=(n, d)) * 2.0 ** -np.arange(d)
    first = principal_plane(points)
    worn = Plane(first.middle, first.axes[:, order] * signs, first.share)
    assert principal_plane(points, worn).axes == pytest.approx(worn.axes, abs=1e-6)
    nearly = points + np.random.default_rng(seed + 1).normal(scale=1e-6, size=points.shape)
    moved = np.abs(principal_plane(nearly, worn).axes - worn.axes).max()
    assert moved < 0.35


def test_that_a_round_cloud_does_not_turn_and_another_plane_is_reached_in_steps() -> None:
    angles = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    round_ = np.column_stack([np.cos(angles), np.sin(angles), 0 * angles])
    plane = principal_plane(round_)
    for turn in range(20):  # the longer axis goes all around
        direction = np.array([np.cos(turn), np.sin(turn), 0])
        after = principal_plane(round_ + 0.01 * (round_ @ direction)[:, None] * direction, plane)
        assert after.axes == pytest.approx(plane.axes, abs=1e-6)
    tipped = round_[:, [0, 2, 1]]
    step = principal_plane(tipped, plane)
    assert 0.5 < step.share < 1  # said of the plane that is shown
    for _ in range(20):
        before, step = step, principal_plane(tipped, step)
        assert np.abs(step.axes - before.axes).max() < 0.4
    assert projection(step) == pytest.approx(np.diag([1.0, 0, 1]), abs=1e-6)
    assert step.share == pytest.approx(1)


def test_that_points_that_do_not_vary_or_are_no_numbers_have_a_plane() -> None:
    for points in (np.ones((5, 3)), np.full((5, 3), np.nan), np.zeros((1, 40)), np.empty((0, 3))):
        plane = principal_plane(points)
        assert plane.axes.T @ plane.axes == pytest.approx(np.eye(2))
        assert np.isnan(plane.share)
        assert np.isnan(share_of(points, 2))
    huge = principal_plane(np.array([[1e300, 0, 0], [-1e300, 0, 0], [0, 1e299, 0]]))
    assert huge.share == pytest.approx(1)
    assert share_of(np.array([[0.0, 0, 0], [2.0, 1, 1]]), 2) == pytest.approx(5 / 6)


def test_that_only_a_picture_of_the_same_layer_holds_the_next_one_back() -> None:
    program = made(chain(dense(3, "tanh"), dense(3, "tanh"), dense(1)), plane_data())
    other, alone = (Warp((node,)).answer(program) for node in ("dense_1", "dense_2"))
    assert alone.plane is not None
    assert Warp(("dense_2",), before=other).answer(program).train.x.tolist() == alone.train.x.tolist()
    mirrored = replace(alone, plane=replace(alone.plane, axes=-alone.plane.axes))
    assert Warp(("dense_2",), before=mirrored).answer(program).train.x == pytest.approx(-alone.train.x, abs=1e-5)
