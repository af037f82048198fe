"""Every activation beside its twin, its slope beside differences, and both far out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.compiler import compiled
from engine.kernels.elementwise import map_kernels
from tests.engine.kernels import twins
from tests.engine.kernels.calling import Bench

DTYPES = (np.float32, np.float64)
BY_ELEMENT = [name for name, row in ACTIVATIONS.items() if row.value is not None]
CORNERS = (-3.0, 0.0, 3.0)  # of ReLU and its kin, and of the hard sigmoid
FAR = [1e4, -1e4, 100.0, -100.0, 1e3, -1e3, 88.0, -88.0]


def run(name: str, z: Any, dtype: type) -> tuple[NDArray[Any], NDArray[Any]]:
    """f(z) and f'(z) by the kernels."""
    z = np.asarray(z, dtype)
    bench = Bench(dtype, rows=z.size)
    a = bench.par([ACTIVATIONS[name].default])
    x, y = bench.act(z), bench.room(z.size)
    dx, dy = bench.room(z.size), bench.act(np.ones(z.size))
    forward, backward = map_kernels(name)
    bench.call(forward, x, y, a, 1, 1)
    bench.call(backward, x, y, a, 1, 1, dx, dy)
    return bench[y], bench[dx]


def away_from_corners(count: int = 400) -> NDArray[np.float64]:
    z = np.random.default_rng(3).uniform(-9, 9, count)
    return z[np.all([np.abs(z - corner) > 0.02 for corner in CORNERS], axis=0)]


def test_that_every_activation_has_a_twin() -> None:
    assert set(ACTIVATIONS) == set(twins.ACTIVATIONS)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", BY_ELEMENT)
def test_that_an_activation_equals_its_twin(name: str, dtype: type) -> None:
    z = np.concatenate([np.random.default_rng(1).uniform(-12, 12, 1000), CORNERS]).astype(dtype)
    y, _ = run(name, z, dtype)
    expected = twins.ACTIVATIONS[name](z.astype(np.float64), ACTIVATIONS[name].default)
    # GELU's tail is z/2 times a difference of two numbers near 1
    rounding = 1e-6 if name == "gelu" else 2e-7
    tolerance = {"rtol": 4e-6, "atol": rounding} if dtype is np.float32 else {"rtol": 1e-13, "atol": 1e-15}
    np.testing.assert_allclose(y, expected, **tolerance)


@pytest.mark.parametrize("name", BY_ELEMENT)
def test_that_a_slope_equals_finite_differences(name: str) -> None:
    z, h = away_from_corners(), 1e-3
    _, slope = run(name, z, np.float64)
    values = {shift: run(name, z + shift * h, np.float64)[0] for shift in (-2, -1, 1, 2)}
    differences = (8 * (values[1] - values[-1]) - (values[2] - values[-2])) / (12 * h)
    # where a function is all but flat its differences are rounding: 1e-16 / h
    np.testing.assert_allclose(slope, differences, rtol=1e-6, atol=1e-11)


@pytest.mark.parametrize("name", BY_ELEMENT)
def test_that_single_precision_slopes_equal_double_ones(name: str) -> None:
    z = np.concatenate([away_from_corners(), [0.0], FAR]).astype(np.float32)
    np.testing.assert_allclose(run(name, z, np.float32)[1], run(name, z, np.float64)[1], rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", BY_ELEMENT)
def test_that_an_activation_is_right_far_out(name: str, dtype: type) -> None:
    y, slope = run(name, FAR, dtype)
    expected = twins.ACTIVATIONS[name](np.array(FAR), ACTIVATIONS[name].default)
    np.testing.assert_allclose(y, expected, rtol=1e-6, atol=1e-6)
    assert np.isfinite(slope).all()
    assert np.abs(slope).max() <= 2


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", BY_ELEMENT)
def test_that_nan_passes_through_so_that_divergence_is_seen(name: str, dtype: type) -> None:
    y, _ = run(name, np.full(20, np.nan), dtype)
    assert np.isnan(y).all()


@pytest.mark.parametrize("name", [name for name in BY_ELEMENT if ACTIVATIONS[name].from_output])
def test_that_a_slope_told_from_the_output_needs_no_input(name: str) -> None:
    row = ACTIVATIONS[name]
    assert row.slope is not None
    with_z, y = compiled(row.slope, np.float64), run(name, away_from_corners(), np.float64)[0]
    assert [with_z(z, y_, row.default) for z, y_ in zip(away_from_corners(), y, strict=True)] == [
        with_z(np.nan, y_, row.default) for y_ in y
    ]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 2, 7, 16])
def test_that_softmax_equals_its_twin(size: int, dtype: type) -> None:
    z = np.random.default_rng(size).normal(0, 3, (6, size)).astype(dtype)
    z[1] += 1e4
    z[2, 0] = -1e4
    dy = np.random.default_rng(9).normal(0, 1, (6, size)).astype(dtype)
    bench = Bench(dtype, rows=3)
    x, y, dx, d = bench.act(z), bench.room(6, size), bench.room(6, size), bench.act(dy)
    forward, backward = map_kernels("softmax")
    bench.call(forward, x, y, 0, 2, size)
    bench.call(backward, x, y, 0, 2, size, dx, d)
    tolerance = {"rtol": 1e-5, "atol": 1e-6} if dtype is np.float32 else {"rtol": 1e-12, "atol": 1e-14}
    exact = z.astype(np.float64)
    np.testing.assert_allclose(bench[y], twins.ACTIVATIONS["softmax"](exact, 0.0), **tolerance)
    np.testing.assert_allclose(bench[dx], twins.softmax_gradient(exact, dy.astype(np.float64)), **tolerance)


def test_that_leaky_relu_has_the_slope_of_the_lessons() -> None:
    assert run("leaky_relu", [-10.0, 10.0], np.float64)[0].tolist() == [-1.0, 10.0]


def test_that_elu_with_another_parameter_bends_less() -> None:
    bench = Bench(np.float64, rows=1)
    a, x, y = bench.par([0.5]), bench.act([-1.0]), bench.room(1)
    bench.call(map_kernels("elu")[0], x, y, a, 1, 1)
    assert bench[y][0] == pytest.approx(0.5 * (np.exp(-1.0) - 1))
