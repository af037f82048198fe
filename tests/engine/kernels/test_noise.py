"""Dropout and noise beside their slow twins."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.kernels import noise
from tests.engine.kernels import twins
from tests.engine.kernels.calling import Bench, close, normal
from tests.engine.kernels.shapes import both, few, rows, seeds, widths


@both
@few
@given(n=rows, size=widths, seed=seeds, rate=st.sampled_from([0.0, 0.25, 0.5, 0.9]))
def test_that_dropout_equals_its_twin(dtype: type, n: int, size: int, seed: int, rate: float) -> None:
    x, dy = normal(seed, n, size), normal(seed + 1, n, size)
    bench = Bench(dtype, n, seed=seed, step=9)
    shared = (bench.act(x), bench.room(n, size), size, bench.par([rate]), bench.room(n, size), 77)
    dx = bench.room(n, size)
    bench.call(noise.dropout, *shared)
    bench.call(noise.dropout_backward, *shared, dx, bench.act(dy))
    kept = twins.uniform(twins.stream(seed, 77, 9), n * size).reshape(n, size) >= rate
    np.testing.assert_allclose(bench[shared[1]], kept * x / (1 - rate), **close(dtype))
    np.testing.assert_allclose(bench[dx], kept * dy / (1 - rate), **close(dtype))
    assert (bench[shared[1]] == 0).sum() == (~kept).sum()


@both
@few
@given(n=rows, size=widths, seed=seeds)
def test_that_gaussian_noise_equals_its_twin(dtype: type, n: int, size: int, seed: int) -> None:
    x = normal(seed, n, size)
    bench = Bench(dtype, n, seed=seed, step=9)
    y = bench.room(n, size)
    bench.call(noise.gaussian_noise, bench.act(x), y, size, bench.par([0.5]), 77)
    expected = x + 0.5 * twins.normal(twins.stream(seed, 77, 9), n * size).reshape(n, size)
    np.testing.assert_allclose(bench[y], expected, **(close(dtype) if dtype is np.float64 else {"atol": 2e-5}))


@both
def test_that_nothing_is_random_outside_training(dtype: type) -> None:
    x, dy = normal(1, 3, 5), normal(2, 3, 5)
    bench = Bench(dtype, 3, training=False)
    into = bench.act(x)
    for kernel, arguments in (
        (noise.dropout, (5, bench.par([0.5]), bench.room(3, 5), 77)),
        (noise.gaussian_noise, (5, bench.par([0.5]), 77)),
    ):
        y = bench.room(3, 5)
        bench.call(kernel, into, y, *arguments)
        np.testing.assert_array_equal(bench[y], x)
    dx = bench.room(3, 5)
    bench.call(noise.dropout_backward, into, into, 5, bench.par([0.5]), bench.room(3, 5), 77, dx, bench.act(dy))
    np.testing.assert_array_equal(bench[dx], dy)
