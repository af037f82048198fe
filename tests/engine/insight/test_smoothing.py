"""The running mean against its definition, however the curve is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.insight.smoothing import Smoother


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200),
    st.sampled_from([1.0, 2.0, 10.0, 1000.0]),
    st.integers(1, 50),
)
def test_that_it_is_the_weighted_mean_whatever_the_pieces(values: list[float], window: float, size: int) -> None:
    keep = 1 - 1 / window
    smoother = Smoother(window)
    pieces = [smoother.take(np.array(values[i : i + size])) for i in range(0, len(values), size)]
    for n, found in enumerate(np.concatenate(pieces)):
        weights = keep ** np.arange(n, -1, -1.0)
        assert found == pytest.approx(np.average(values[: n + 1], weights=weights), rel=1e-9, abs=1e-6)


def test_that_a_flat_curve_stays_where_it_is_and_an_empty_piece_is_nothing() -> None:
    smoother = Smoother(100)
    assert smoother.take(np.full(1000, 3.0)) == pytest.approx(3.0)
    assert len(smoother.take(np.empty(0))) == 0
    assert smoother.take(np.full(5, 3.0)) == pytest.approx(3.0)


def test_that_a_geometric_mean_is_straight_where_the_logarithm_is() -> None:
    steps = np.arange(500.0)
    found = Smoother(10, geometric=True).take(10.0 ** (-steps / 50))
    assert np.diff(np.log10(found))[200:] == pytest.approx(-1 / 50)
    assert Smoother(10, geometric=True).take(np.tile([1.0, 100.0], 50))[-1] == pytest.approx(10.0, rel=0.2)


@pytest.mark.parametrize("window", [0.5, 0.0, float("nan")])
def test_that_a_window_below_one_is_refused(window: float) -> None:
    with pytest.raises(ValueError, match="at least one value"):
        Smoother(window)
