"""Losses of outputs that are very large, very sure, or no numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.kernels import losses
from tests.engine.kernels.losses import ELEMENTWISE, GROUPED, judge


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_no_output_however_large_overflows_two_classes(dtype: type) -> None:
    z = [[1e4], [1e4], [-1e4], [-1e4]]
    y = [[1.0], [0.0], [1.0], [0.0]]
    judged = judge(losses.binary_cross_entropy, z, y, dtype=dtype)
    assert judged.loss == pytest.approx((0 + 1e4 + 1e4 + 0) / 4)
    assert judged.dz[:, 0] == pytest.approx([0, 0.25, -0.25, 0], abs=1e-30)
    # ε = 0.1: each asks for 5 % of the other class, 500 of 10,000
    smooth = judge(losses.binary_cross_entropy, z, y, 0.1, dtype=dtype)
    assert smooth.loss == pytest.approx((500 + 9500 + 9500 + 500) / 4)
    assert smooth.dz[:, 0] == pytest.approx([0.0125, 0.2375, -0.2375, -0.0125])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_no_output_however_large_overflows_several_classes(dtype: type) -> None:
    z = [[[1e4, -1e4, 0.0]], [[1e4, -1e4, 0.0]]]
    judged = judge(losses.softmax_cross_entropy, z, [[0], [1]], dtype=dtype)
    assert judged.loss == pytest.approx((0 + 2e4) / 2)
    assert judged.dz[:, 0] == pytest.approx(np.array([[0, 0, 0], [0.5, -0.5, 0]]), abs=1e-30)
    even = judge(losses.softmax_cross_entropy, z, [[0], [1]], 0.3, dtype=dtype)
    # t = (0.8, 0.1, 0.1): 0.1·2e4 + 0.1·1e4 = 3000; t = (0.1, 0.8, 0.1): 0.8·2e4 + 0.1·1e4 = 17000
    assert even.loss == pytest.approx((3000 + 17000) / 2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["mse", "mae", "huber", "hinge"])
def test_that_large_errors_stay_finite(name: str, dtype: type) -> None:
    judged = judge(ELEMENTWISE[name][0], [[1e4, -1e4]], [[0.0, 1.0]], 1.0, dtype=dtype)
    assert math.isfinite(judged.loss)
    assert np.isfinite(judged.dz).all()


def test_that_what_a_sure_answer_lacks_is_not_lost_in_rounding() -> None:
    # e^-20 = 2.06e-9 is less than float32 can hold beside 1
    sure = judge(losses.softmax_cross_entropy, [[[20.0, 0.0]]], [[0]], dtype=np.float32)
    assert sure.loss == pytest.approx(math.exp(-20), rel=1e-4)
    assert sure.dz[0, 0] == pytest.approx([-math.exp(-20), math.exp(-20)], rel=1e-4)
    two = judge(losses.binary_cross_entropy, [[20.0], [-20.0]], [[1.0], [0.0]], dtype=np.float32)
    assert two.loss == pytest.approx(math.exp(-20), rel=1e-4)
    assert two.dz[:, 0] == pytest.approx([-math.exp(-20) / 2, math.exp(-20) / 2], rel=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_that_an_output_that_is_no_number_shows_in_every_loss(dtype: type, bad: float) -> None:
    for name, (kernel, _, _) in ELEMENTWISE.items():
        # class 0 is far from +inf, and nothing is near NaN
        judged = judge(kernel, [[0.5], [bad]], [[1.0], [0.0]], 0.5, dtype=dtype)
        assert not judged.loss < 1e30, name
    for name, (kernel, _) in GROUPED.items():
        for smoothing in (0.0, 0.1):
            judged = judge(kernel, [[[0.5, bad, 0.25]]], [[0]], smoothing, dtype=dtype)
            assert not judged.loss < 1e30, name
