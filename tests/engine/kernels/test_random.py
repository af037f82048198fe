"""Random numbers beside Python's whole numbers, and that they are spread as they should."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.kernels import random
from engine.kernels.compiler import compiled
from engine.kernels.contract import FASTMATH
from tests.engine.kernels import twins


def draw(name: str, dtype: type, count: int, who: int = 7, when: int = 3, seed: int = 11) -> NDArray[Any]:
    stream, number = compiled(random.stream, dtype), compiled(getattr(random, name), dtype)

    @numba.njit(fastmath=FASTMATH, error_model="numpy")  # type: ignore[misc]
    def loop(y: Any) -> None:
        key = stream(seed, who, when)
        for i in range(y.size):
            y[i] = number(key, i)

    y = np.empty(count, dtype)
    loop(y)
    return y


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_uniform_numbers_equal_their_twin_bit_for_bit(dtype: type) -> None:
    assert draw("uniform", dtype, 500).tolist() == twins.uniform(twins.stream(11, 7, 3), 500).tolist()


@pytest.mark.parametrize(("dtype", "near"), [(np.float32, 2e-5), (np.float64, 1e-12)])
def test_that_normal_numbers_equal_their_twin(dtype: type, near: float) -> None:
    expected = twins.normal(twins.stream(11, 7, 3), 2000)
    np.testing.assert_allclose(draw("normal", dtype, 2000), expected, rtol=near, atol=near)


def test_that_uniform_numbers_fill_the_unit_interval_evenly() -> None:
    y = draw("uniform", np.float32, 200_000)
    assert y.min() >= 0
    assert y.max() < 1
    counts = np.histogram(y, bins=20, range=(0, 1))[0]
    # 19 degrees of freedom: a sum above 50 comes once in ten thousand seeds
    assert ((counts - 10_000) ** 2 / 10_000).sum() < 50


def test_that_normal_numbers_have_the_moments_of_the_bell_curve() -> None:
    y = draw("normal", np.float32, 400_000).astype(np.float64)
    assert y.mean() == pytest.approx(0, abs=0.008)
    assert y.var() == pytest.approx(1, abs=0.01)
    assert (y**3).mean() == pytest.approx(0, abs=0.025)
    assert (y**4).mean() == pytest.approx(3, abs=0.07)
    assert (np.abs(y) > 1.959964).mean() == pytest.approx(0.05, abs=0.002)


def test_that_seed_stream_and_step_each_change_every_number() -> None:
    first = draw("normal", np.float32, 100)
    for other in ({"seed": 12}, {"who": 8}, {"when": 4}):
        assert np.abs(np.corrcoef(first, draw("normal", np.float32, 100, **other))[0, 1]) < 0.35
