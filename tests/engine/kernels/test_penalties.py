"""L1, L2, weight decay, clipping and max-norm, worked by hand and beside NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.kernels import penalties
from engine.kernels.contract import Kernel
from tests.engine.kernels.calling import Bench, close, normal

DTYPES = [np.float32, np.float64]
W = [0.5, -2.0, 0.0, 4.0]
DW = [1.0, 1.0, 1.0, -1.0]


def changed(dtype: type, kernel: Kernel, *numbers: float) -> Any:
    """The gradient after a penalty with λ on W and DW."""
    bench = Bench(dtype, 1)
    w, dw = bench.par(W), bench.par(DW)
    bench.call(kernel, w, dw, 4, *(bench.par([number]) for number in numbers))
    assert bench.get(w, "par").tolist() == W
    return bench.get(dw, "par")


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_l1_pulls_every_weight_alike_towards_zero(dtype: type) -> None:
    # + 0.25·sign(w), nothing at 0
    assert changed(dtype, penalties.l1, 0.25).tolist() == [1.25, 0.75, 1.0, -0.75]


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_l2_pulls_every_weight_by_its_size(dtype: type) -> None:
    # + 0.25·w
    assert changed(dtype, penalties.l2, 0.25).tolist() == [1.125, 0.5, 1.0, 0.0]


def clipped(dtype: type, kernel: Kernel, gradient: Any, most: float) -> Any:
    bench = Bench(dtype, 1)
    dw = bench.par(gradient)
    bench.call(kernel, dw, len(gradient), bench.par([most]))
    return bench.get(dw, "par")


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_large_gradients_of_single_weights_are_cut(dtype: type) -> None:
    assert clipped(dtype, penalties.clip_value, [3.0, -0.25, -7.0, 0.5], 0.5).tolist() == [0.5, -0.25, -0.5, 0.5]
    assert np.isnan(clipped(dtype, penalties.clip_value, [np.nan, 1.0], 0.5)).tolist() == [True, False]


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_a_long_gradient_is_shortened_and_keeps_its_direction(dtype: type) -> None:
    # ‖(3, 4)‖ = 5: to 1 it takes a factor of 0.2
    assert clipped(dtype, penalties.clip_norm, [3.0, 4.0], 1.0) == pytest.approx([0.6, 0.8])
    assert clipped(dtype, penalties.clip_norm, [3.0, 4.0], 5.0).tolist() == [3.0, 4.0]
    assert clipped(dtype, penalties.clip_norm, [0.0, 0.0], 1.0).tolist() == [0.0, 0.0]
    # squares of these are more than float32 holds
    assert clipped(dtype, penalties.clip_norm, [3e30, 4e30], 1.0) == pytest.approx([0.6, 0.8])
    many = normal(1, 10_007)
    scale = 2.5 / np.linalg.norm(many.astype(float))
    assert clipped(dtype, penalties.clip_norm, many, 2.5) == pytest.approx(many * scale, **keywords(dtype))


def keywords(dtype: type) -> dict[str, float]:
    return {"rel": close(dtype)["rtol"], "abs": close(dtype)["atol"]}


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_decay_shrinks_weights_by_the_rate_and_its_strength(dtype: type) -> None:
    # 1 - 0.5·0.25 = 0.875
    bench = Bench(dtype, 1)
    w = bench.par(W)
    bench.call(penalties.decay, w, 4, bench.par([0.5]), bench.par([0.25]))
    assert bench.get(w, "par").tolist() == [0.4375, -1.75, 0.0, 3.5]


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_only_units_with_long_weights_are_shortened(dtype: type) -> None:
    # columns (3, 4), (0.6, 0.8) and (0, 0): lengths 5, 1 and 0
    bench = Bench(dtype, 1)
    w = bench.par([[3.0, 0.6, 0.0], [4.0, 0.8, 0.0]])
    bench.call(penalties.max_norm, w, 2, 3, bench.par([2.0]), bench.par(np.zeros(3)))
    assert bench.get(w, "par") == pytest.approx(np.array([[1.2, 0.6, 0.0], [1.6, 0.8, 0.0]]))


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_max_norm_equals_its_twin(dtype: type) -> None:
    values = normal(2, 23, 37)
    lengths = np.linalg.norm(values.astype(float), axis=0)
    most = float(np.median(lengths))
    bench = Bench(dtype, 1)
    w = bench.par(values)
    bench.call(penalties.max_norm, w, 23, 37, bench.par([most]), bench.par(np.zeros(37)))
    assert bench.get(w, "par") == pytest.approx(values * np.minimum(1, most / lengths), **keywords(dtype))
