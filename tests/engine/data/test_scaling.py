"""Statistics and scaling of columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.data.scaling import NONE, Method, Scaling, fit

tables = arrays(
    np.float64,
    st.tuples(st.integers(2, 30), st.integers(1, 4)),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda number: round(number, 3)),
)


@given(tables, st.integers(1, 10))
def test_that_the_size_of_blocks_does_not_change_the_statistics(table: np.ndarray, step: int) -> None:
    whole = fit([table], (0,), "standard")
    parts = fit([table[first : first + step] for first in range(0, len(table), step)], (0,), "standard")
    np.testing.assert_allclose(parts.offset, table.mean(0), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(parts.scale, whole.scale, rtol=1e-6, atol=1e-9)


@given(tables, st.sampled_from(["standard", "0..1", "-1..1", "none"]))
def test_that_undoing_a_scaling_gives_the_values_back(table: np.ndarray, method: Method) -> None:
    scaling = fit([table], (0,), method)
    np.testing.assert_allclose(scaling.undo(scaling.apply(table)), table, rtol=1e-9, atol=1e-6)


@given(tables)
def test_that_each_method_does_what_its_name_says(table: np.ndarray) -> None:
    moving = table.max(0) > table.min(0)
    standard = fit([table], (0,), "standard").apply(table)
    np.testing.assert_allclose(standard.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(standard.std(0)[moving], 1, rtol=1e-6)
    for method, least in (("0..1", 0), ("-1..1", -1)):
        scaled = fit([table], (0,), method).apply(table)
        np.testing.assert_allclose(scaled.min(0)[moving], least, atol=1e-9)
        np.testing.assert_allclose(scaled.max(0)[moving], 1, atol=1e-9)


@pytest.mark.parametrize("method", ["standard", "0..1", "-1..1"])
@pytest.mark.parametrize("value", [0.0, 3.0, 0.1, 1e12 + 0.1, -1e-300])
def test_that_a_constant_column_moves_to_zero_and_never_divides_by_zero(method: Method, value: float) -> None:
    column = np.full((1001, 1), value)
    scaling = fit([column[:500], column[500:]], (0,), method)
    np.testing.assert_allclose(scaling.apply(column), 0, atol=abs(value) * 1e-12)
    assert scaling.apply(column + 1) == pytest.approx(1, abs=1e-3)


def test_that_a_small_spread_far_from_zero_keeps_its_digits() -> None:
    column = 1e9 + np.arange(1000.0).reshape(-1, 1)
    scaled = fit([column[:300], column[300:]], (0,), "standard").apply(column)
    np.testing.assert_allclose(scaled.std(), 1, rtol=1e-12)
    np.testing.assert_allclose(np.diff(scaled[:, 0]), 1 / np.arange(1000.0).std(), rtol=1e-6)


def test_that_axes_share_a_scale_where_they_should() -> None:
    values = np.random.default_rng(0).normal(5, 3, (40, 6, 2)) * [1, 10]
    by_feature = fit([values], (0, 1), "standard")
    np.testing.assert_allclose(by_feature.offset, values.mean((0, 1)))
    np.testing.assert_allclose(by_feature.scale, values.std((0, 1)))
    overall = fit([values], (0, 1, 2), "0..1")
    assert overall.offset.shape == ()
    assert overall.offset == values.min()


def test_that_no_scaling_changes_nothing_and_needs_no_rows() -> None:
    assert fit([], (0,), "none") is NONE
    np.testing.assert_array_equal(NONE.apply(np.array([[1.5]])), [[1.5]])


def test_that_a_flat_scaling_fits_rows_laid_out_as_one_axis() -> None:
    scaling = Scaling(np.arange(6.0).reshape(2, 3), np.full((2, 3), 2.0))
    raw = np.random.default_rng(0).normal(size=(4, 2, 3))
    np.testing.assert_array_equal(scaling.flat().apply(raw.reshape(4, 6)), scaling.apply(raw).reshape(4, 6))
