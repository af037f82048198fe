"""The losses: worked by hand, beside their slow twins, differentiated numerically, and far out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernels import losses
from engine.kernels.contract import COUNT, LOSS_SUM, METER, METER_COUNT, METERS, VALIDATION_METERS
from tests.engine.kernels.calling import Bench, close, normal
from tests.engine.kernels.losses import ELEMENTWISE, GROUPED, judge

# -- by hand


@pytest.mark.parametrize(
    ("name", "a", "expected", "slopes"),
    [
        # z = (2, -1), y = (0, 1): errors 2 and -2; (4 + 4)/2 = 4; slopes 2e/2 = e
        ("mse", 0.0, 4.0, (2.0, -2.0)),
        # (2 + 2)/2 = 2; slopes ±1/2
        ("mae", 0.0, 2.0, (0.5, -0.5)),
        # δ = 0.5: 0.5·(2 - 0.25) = 0.875 for both; slopes ±δ/2
        ("huber", 0.5, 0.875, (0.25, -0.25)),
        # δ = 4: ½·4 = 2 for both; slopes ±2/2
        ("huber", 4.0, 2.0, (1.0, -1.0)),
        # s = -1: 1 + 2 = 3; s = +1: 1 + 1 = 2; mean 2.5; slopes -s/2
        ("hinge", 0.0, 2.5, (0.5, -0.5)),
        # -ln σ(-2) = ln(1 + e²) = 2.126928; -ln σ(-1) = ln(1 + e) = 1.313262; mean 1.720095
        # slopes (σ(2) - 0)/2 = 0.880797/2 and (σ(-1) - 1)/2 = (0.268941 - 1)/2
        ("bce", 0.0, 1.7200949, (0.4403985, -0.3655293)),
        # ε = 0.2: t = 0.1 and 0.9. 2.126928 - 0.1·2 = 1.926928; 1.313262 - 0.1·1 = 1.213262; mean 1.570095
        # slopes (0.880797 - 0.1)/2 and (0.268941 - 0.9)/2
        ("bce", 0.2, 1.5700949, (0.3903985, -0.3155293)),
    ],
)
def test_that_a_loss_on_each_output_is_what_one_works_out_by_hand(
    name: str, a: float, expected: float, slopes: tuple[float, float]
) -> None:
    judged = judge(ELEMENTWISE[name][0], [[2.0, -1.0]], [[0.0, 1.0]], a)
    assert judged.loss == pytest.approx(expected, rel=1e-6)
    assert judged.dz[0] == pytest.approx(slopes, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "smoothing", "weights", "expected", "slopes"),
    [
        # z = (0, ln 2, ln 5): softmax (1, 2, 5)/8. Class 1: -ln(2/8) = ln 4; slopes p - t
        ("cce", 0.0, None, math.log(4), (0.125, 0.25 - 1, 0.625)),
        # weight 3 of class 1
        ("cce", 0.0, (1.0, 3.0, 1.0), 3 * math.log(4), (0.375, -2.25, 1.875)),
        # ε = 0.3: t = (0.1, 0.8, 0.1): 0.1·ln 8 + 0.8·ln 4 + 0.1·ln 1.6 = 0.207944 + 1.109035 + 0.047000
        ("cce", 0.3, None, 1.3639799, (0.025, -0.55, 0.525)),
        # 1 + ln 5 - ln 2 = 1.916291; slopes on the best rival and the class
        ("multiclass_hinge", 0.0, None, 1.9162907, (0.0, -1.0, 1.0)),
        ("multiclass_hinge", 0.0, (1.0, 0.5, 1.0), 0.9581454, (0.0, -0.5, 0.5)),
    ],
)
def test_that_a_loss_on_classes_is_what_one_works_out_by_hand(
    name: str, smoothing: float, weights: tuple[float, ...] | None, expected: float, slopes: tuple[float, ...]
) -> None:
    judged = judge(GROUPED[name][0], [[[0.0, math.log(2), math.log(5)]]], [[1]], smoothing, weights)
    assert judged.loss == pytest.approx(expected, rel=1e-6)
    assert judged.dz[0, 0] == pytest.approx(slopes, abs=1e-9)


def test_that_a_mistake_on_each_of_two_classes_costs_what_its_weight_says() -> None:
    for name in ("bce", "hinge"):
        kernel = ELEMENTWISE[name][0]
        plain = judge(kernel, [[2.0], [-1.0]], [[0.0], [1.0]])
        weighed = judge(kernel, [[2.0], [-1.0]], [[0.0], [1.0]], weights=(3.0, 0.5))
        assert weighed.dz[:, 0] == pytest.approx(plain.dz[:, 0] * [3.0, 0.5])
        each = [judge(kernel, [[z]], [[y]]).loss for z, y in ((2.0, 0.0), (-1.0, 1.0))]
        assert weighed.loss == pytest.approx((3.0 * each[0] + 0.5 * each[1]) / 2)


# -- beside the twins, and differentiated


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_that_a_loss_on_each_output_equals_its_twin(name: str, dtype: type) -> None:
    kernel, twin, classes = ELEMENTWISE[name]
    for rows, outputs in ((1, 1), (3, 2), (40, 15), (700, 1)):
        z = normal(1, rows, outputs, scale=3.0)
        y = (normal(2, rows, outputs) > 0).astype(np.float32) if classes else normal(2, rows, outputs)
        weights = (0.5, 2.0) if classes else (1.0, 1.0)
        expected = [twin(float(a), float(b), 0.25) * weights[int(b > 0.5)] for a, b in zip(z.flat, y.flat, strict=True)]
        judged = judge(kernel, z, y, 0.25, weights, dtype)
        assert judged.loss == pytest.approx(np.mean(expected), rel=close(dtype)["rtol"])
        assert judged.sum == pytest.approx(judged.loss * rows)
        assert judged.count == rows
        assert judge(kernel, z, y, 0.25, weights, dtype, gradient=False).loss == judged.loss


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", GROUPED)
def test_that_a_loss_on_classes_equals_its_twin(name: str, dtype: type) -> None:
    kernel, twin = GROUPED[name]
    for rows, groups, classes in ((1, 1, 2), (5, 1, 3), (4, 6, 11), (70, 1, 10)):
        z = normal(3, rows, groups, classes, scale=3.0)
        y = np.random.default_rng(rows).integers(0, classes, (rows, groups))
        weights = np.linspace(0.25, 2.0, classes).astype(np.float32).astype(float)
        cases = zip(z.reshape(-1, classes).astype(float), y.flat, strict=True)
        expected = [twin(list(row), int(c), 0.125) * weights[c] for row, c in cases]
        judged = judge(kernel, z, y, 0.125, list(weights), dtype)
        assert judged.loss == pytest.approx(np.mean(expected), rel=close(dtype)["rtol"])
        assert judged.sum == pytest.approx(judged.loss * rows)
        assert judged.count == rows
        assert judge(kernel, z, y, 0.125, list(weights), dtype, gradient=False).loss == judged.loss


def numeric(kernel: Any, z: Any, y: Any, a: float, weights: Any, h: float = 1e-4) -> Any:
    """The loss's slope by every output: five points, error h⁴."""
    slopes = np.empty_like(z)
    for i in range(z.size):

        def loss_at(shift: float, i: int = i) -> float:
            moved = z.copy()
            moved.flat[i] += shift
            return judge(kernel, moved, y, a, weights, gradient=False).loss

        slopes.flat[i] = (8 * (loss_at(h) - loss_at(-h)) - (loss_at(2 * h) - loss_at(-2 * h))) / (12 * h)
    return slopes


def error(analytic: Any, measured: Any) -> float:
    return float(np.linalg.norm(analytic - measured) / max(np.linalg.norm(analytic), np.linalg.norm(measured), 1e-3))


numbers = st.integers(0, 2**31)


@settings(max_examples=15, deadline=None)
@given(seed=numbers, rows=st.integers(1, 5), outputs=st.integers(1, 4), a=st.floats(0.01, 0.9))
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_that_slopes_on_each_output_are_those_of_the_loss(
    name: str, seed: int, rows: int, outputs: int, a: float
) -> None:
    kernel, _, classes = ELEMENTWISE[name]
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 3, (rows, outputs))
    y = rng.integers(0, 2, (rows, outputs)).astype(float) if classes else rng.normal(0, 1, (rows, outputs))
    corners = {"mae": np.abs(z - y), "huber": np.abs(np.abs(z - y) - a), "hinge": np.abs(1 - (2 * y - 1) * z)}
    z = z + 0.01 * (corners.get(name, np.ones_like(z)) < 1e-3)  # a corner has no slope
    weights = tuple(rng.uniform(0.2, 3, 2))
    assert error(judge(kernel, z, y, a, weights).dz, numeric(kernel, z, y, a, weights)) <= 1e-6


@settings(max_examples=15, deadline=None)
@given(seed=numbers, rows=st.integers(1, 4), groups=st.integers(1, 3), classes=st.integers(2, 6), a=st.floats(0, 0.9))
@pytest.mark.parametrize("name", GROUPED)
def test_that_slopes_on_classes_are_those_of_the_loss(
    name: str, seed: int, rows: int, groups: int, classes: int, a: float
) -> None:
    kernel, _ = GROUPED[name]
    rng = np.random.default_rng(seed)
    # distances of at least 0.1, so that no two outputs are rivals for the maximum, nor stand at the margin of 1
    z = rng.permuted(np.broadcast_to(0.7 * np.arange(classes), (rows, groups, classes)), axis=-1)
    z = z + rng.uniform(-0.1, 0.1, z.shape)
    y = rng.integers(0, classes, (rows, groups))
    weights = list(rng.uniform(0.2, 3, classes))
    assert error(judge(kernel, z, y, a, weights).dz, numeric(kernel, z, y, a, weights)) <= 1e-6


def test_that_validation_is_counted_by_itself() -> None:
    bench = Bench(np.float64, 2)
    meters = np.zeros(METER_COUNT)
    bench.ctx[METERS], bench.ctx[METER] = meters.ctypes.data, VALIDATION_METERS
    arguments = bench.act([[1.0], [3.0]]), -1, bench.act([[0.0], [0.0]]), 1, bench.par([0.0, 1.0, 1.0])
    bench.call(losses.mse, *arguments)
    bench.call(losses.mse, *arguments)
    # (1 + 9), twice
    assert meters[VALIDATION_METERS + LOSS_SUM] == 20
    assert meters[VALIDATION_METERS + COUNT] == 4
    assert meters[:VALIDATION_METERS].tolist() == [0.0] * 4
