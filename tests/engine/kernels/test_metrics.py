"""What is counted besides the loss, beside NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.kernels import metrics
from engine.kernels.contract import METER, METER_COUNT, METERS, METRIC_SUM, VALIDATION_METERS, Kernel
from tests.engine.kernels.calling import Bench, normal

DTYPES = [np.float32, np.float64]


def counted(dtype: type, kernel: Kernel, z: Any, y: Any, groups: int, classes: int) -> float:
    bench = Bench(dtype, len(z))
    meters = np.zeros(METER_COUNT)
    bench.ctx[METERS], bench.ctx[METER] = meters.ctypes.data, VALIDATION_METERS
    bench.call(kernel, bench.act(z), bench.act(y), groups, classes)
    assert np.count_nonzero(meters[:VALIDATION_METERS]) == 0
    return float(meters[VALIDATION_METERS + METRIC_SUM])


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_squared_errors_are_summed_over_rows_and_averaged_over_outputs(dtype: type) -> None:
    # rows (1, 3) and (0, -2) against 0: (1 + 9)/2 + (0 + 4)/2
    assert counted(dtype, metrics.squared_error, [[1.0, 3.0], [0.0, -2.0]], np.zeros((2, 2)), 1, 2) == 7
    z, y = normal(1, 50, 3), normal(2, 50, 3)
    expected = ((z.astype(float) - y) ** 2).mean(axis=1).sum()
    assert counted(dtype, metrics.squared_error, z, y, 1, 3) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_a_logit_on_the_side_of_its_class_is_a_hit(dtype: type) -> None:
    # a logit of 0 is an answer for class 0, as ½ is not more than ½
    z, y = [[2.0, -1.0], [0.0, 0.0], [-3.0, 4.0]], [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    assert counted(dtype, metrics.sign_hits, z, y, 1, 2) == (2 + 1 + 1) / 2


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_the_largest_of_a_groups_logits_is_its_answer(dtype: type) -> None:
    z = normal(3, 40, 5, 7)
    y = np.random.default_rng(4).integers(0, 7, (40, 5))
    hits = (z.argmax(axis=-1) == y).mean(axis=1).sum()
    assert 0 < hits < 40
    assert counted(dtype, metrics.class_hits, z, y, 5, 7) == pytest.approx(hits)
