"""The playground's six sets, against its formulas worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.data.synthetic import Bumps, Circle, ExclusiveOr, Gauss, Plane, Spiral
from engine.data.synthetic.base import engineer

seeds = st.integers(0, 2**31 - 1)


def test_that_the_spiral_follows_its_formula() -> None:
    dataset = Spiral(samples=200).load(0)
    # i = 50 of n = 100: r = 5/2, t = 1.75 · ½ · 2π = 1.75π; sin t = -√½, cos t = √½.
    np.testing.assert_allclose(dataset.x[50], [-2.5 * np.sqrt(0.5), 2.5 * np.sqrt(0.5)])
    # The other arm is turned by π.
    np.testing.assert_allclose(dataset.x[150], -dataset.x[50])
    assert dataset.y[50] == 1
    assert dataset.y[150] == 0
    # i = 20: r = 1, t = 0.7π.
    np.testing.assert_allclose(dataset.x[20], [np.sin(0.7 * np.pi), np.cos(0.7 * np.pi)])


@given(seeds, st.sampled_from([0, 5, 25, 50]))
def test_that_noise_moves_a_point_of_the_spiral_within_its_bound(seed: int, noise: float) -> None:
    moved = Spiral(noise=noise).load(seed).x - Spiral().load(seed).x
    assert np.abs(moved).max() <= noise / 100


@given(seeds)
def test_that_the_circle_is_a_disc_in_a_ring(seed: int) -> None:
    dataset = Circle().load(seed)
    radius = np.hypot(*dataset.x.T)
    blue = dataset.y[:, 0] == 1
    assert blue.sum() == 250
    assert radius[blue].max() < 2.5
    assert radius[~blue].min() >= 3.5 - 1e-12
    assert radius[~blue].max() <= 5 + 1e-12


@given(seeds)
def test_that_quarters_keep_their_gap_and_the_sign_decides(seed: int) -> None:
    dataset = ExclusiveOr().load(seed)
    assert np.abs(dataset.x).min() >= 0.3
    assert np.abs(dataset.x).max() <= 5.3
    np.testing.assert_array_equal(dataset.y[:, 0], dataset.x[:, 0] * dataset.x[:, 1] >= 0)


@pytest.mark.parametrize(("noise", "variance"), [(0, 0.5), (25, 2.25), (50, 4)])
def test_that_the_clouds_have_their_centres_and_variance(noise: float, variance: float) -> None:
    dataset = Gauss(samples=100_000, noise=noise).load(1)
    for label, centre in ((1, 2), (0, -2)):
        cloud = dataset.x[dataset.y[:, 0] == label]
        np.testing.assert_allclose(cloud.mean(0), centre, atol=0.05)
        np.testing.assert_allclose(cloud.var(0), variance, rtol=0.03)


def test_that_the_plane_is_a_tenth_of_the_sum() -> None:
    np.testing.assert_allclose(Plane().height(np.array([[1.0, 2.0], [-6.0, -4.0], [3.0, -3.0]])), [0.3, -1, 0])


def test_that_bumps_have_the_playgrounds_six_peaks() -> None:
    peaks = np.array([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]])
    np.testing.assert_allclose(Bumps().height(peaks), [1, -1, 1, -1, 1, -1])
    # Linear fall over a distance of 2: half way down at 1, flat from 2 on.
    np.testing.assert_allclose(
        Bumps().height(np.array([[0, 1.5], [1, 2.5], [-4, 4.5], [0, 0], [6, 6]])), [-0.5, -0.5, 0, 0, 0]
    )


@pytest.mark.parametrize("kind", [Plane, Bumps])
def test_that_noise_moves_where_the_height_is_measured_not_the_point(kind: type[Plane | Bumps]) -> None:
    noisy = kind(noise=10).load(5)
    assert np.abs(noisy.x).max() <= 6
    wrong = noisy.y[:, 0] - kind().height(noisy.x)
    assert 0 < np.abs(wrong).max() <= 0.85  # no slope is above ½ per unit, and a point moves 0.6·√2 at most


def test_that_engineered_inputs_are_the_playgrounds() -> None:
    point = np.array([[2.0, -3.0]])
    features = ("x1", "x2", "x1²", "x2²", "x1·x2", "sin x1", "sin x2")
    np.testing.assert_allclose(engineer(point, features), [[2, -3, 4, 9, -6, np.sin(2), np.sin(-3)]])


def test_that_chosen_inputs_are_what_the_network_gets() -> None:
    plain, made = Circle().load(4), Circle(features=("x2²", "x1²")).load(4)
    assert made.features == ("x2²", "x1²")
    np.testing.assert_array_equal(made.x, plain.x[:, ::-1] ** 2)
    np.testing.assert_array_equal(made.y, plain.y)
    np.testing.assert_array_equal(Circle(features=("x2²", "x1²")).inputs(plain.x), made.x)


@pytest.mark.parametrize("wrong", [(), ("x3",), ("x1", "x1")])
def test_that_inputs_that_make_no_sense_are_refused(wrong: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match="features"):
        Spiral(features=wrong)


@settings(max_examples=20)
@given(seeds, st.integers(20, 400))
def test_that_the_two_arms_share_the_points_evenly(seed: int, count: int) -> None:
    labels = Spiral(samples=count).load(seed).y
    assert abs(2 * labels.sum() - count) <= 1
