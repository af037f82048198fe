"""Curves and surfaces, against their formulas at points worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.synthetic import (
    Absolute,
    ComplexCurve,
    Cubic,
    Curve,
    GrowingSine,
    Line,
    Parabola,
    Ripple,
    Saddle,
    Sinc,
    Sine,
    Step,
)

HALF_PI = np.pi / 2


@pytest.mark.parametrize(
    ("kind", "x", "y"),
    [
        (Line, [-1, 0, 3], [-1, 1, 7]),
        (Parabola, [-2, 0, 3], [4, 0, 9]),
        (Cubic, [-1, 0, 2], [2, 0, 2]),
        (Sine, [-HALF_PI, 0, HALF_PI], [-1, 0, 1]),
        (GrowingSine, [-HALF_PI, 0, 5 * HALF_PI], [HALF_PI, 0, 5 * HALF_PI]),
        (Absolute, [-3, 0, 2], [3, 0, 2]),
        (Step, [-0.1, 0, 4], [0, 1, 1]),
        (Sinc, [0, HALF_PI, np.pi], [1, 2 / np.pi, 0]),
        # 0.4·(π/2) + sin π + ½·cos(5π/2) = 0.2π
        (ComplexCurve, [0, HALF_PI, np.pi], [0.5, 0.2 * np.pi, 0.4 * np.pi - 0.5]),
    ],
    ids=lambda value: value.kind if isinstance(value, type) else "",
)
def test_that_curves_are_their_formulas(kind: type[Curve], x: list[float], y: list[float]) -> None:
    np.testing.assert_allclose(kind().curve(np.array(x, float)), y, atol=1e-12)
    dataset = kind().load(0)
    np.testing.assert_array_equal(dataset.y, kind().curve(dataset.x))
    assert (dataset.x.min(), dataset.x.max()) == kind.reach


def test_that_random_spacing_stays_within_reach_and_in_order() -> None:
    x = Sine(spacing="random").load(0).x[:, 0]
    assert x.min() >= -np.pi
    assert x.max() <= np.pi
    assert (np.diff(x) >= 0).all()
    assert np.diff(x).std() > 0.001


def test_that_noise_is_a_share_of_the_curves_own_spread() -> None:
    dataset = Parabola(samples=100_000, noise=20).load(0)
    curve = dataset.x**2
    np.testing.assert_allclose((dataset.y - curve).std(), 0.2 * curve.std(), rtol=0.02)


def test_that_the_saddle_rises_along_one_axis_and_falls_along_the_other() -> None:
    np.testing.assert_allclose(Saddle().height(np.array([[6.0, 0], [0, 6], [3, 3], [6, 3]])), [1, -1, 0, 0.75])


def test_that_the_ripple_depends_on_the_distance_alone() -> None:
    np.testing.assert_allclose(Ripple().height(np.array([[0.0, 0], [3, 4], [np.pi, 0]])), [1, np.cos(5), -1])
