"""Several seeds taken together, against numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.compare.fan import band, disagreement, spread, spreads

NAN = float("nan")


def test_that_mean_and_spread_are_those_of_a_sample() -> None:
    of = spread([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0])
    assert of.mean == 5.0
    assert of.sd == pytest.approx((32 / 7) ** 0.5)
    assert spread([3.0, NAN]).count == 1
    assert np.isnan(spread([3.0]).sd)
    assert np.isnan(spread([]).mean)
    rows = spreads([{"loss": 1.0, "accuracy": 0.5}, {"loss": 3.0}])
    assert (rows["loss"].mean, rows["accuracy"].count) == (2.0, 1)


def test_that_a_band_lies_on_the_epochs_that_all_have() -> None:
    epochs = np.array([1.0, 2.0, 3.0, 4.0])
    first = (epochs, 10 * epochs, np.array([1.0, 2.0, NAN, 4.0]))
    second = (epochs[:3], 30 * epochs[:3], np.array([3.0, 6.0, 9.0]))
    both = band([first, second])
    assert both.epochs.tolist() == [1, 2]
    assert both.x.tolist() == [20, 40]
    assert both.mean.tolist() == [2, 4]
    np.testing.assert_allclose(both.sd, [2**0.5, 8**0.5])
    assert both.low.tolist() == [1, 2]
    assert both.high.tolist() == [3, 6]
    assert band([first]).sd.tolist() == [0, 0, 0]


def test_that_disagreement_is_spread_of_values_and_share_of_other_votes() -> None:
    values = [np.array([[1.0, 0.0]]), np.array([[3.0, 0.0]])]
    np.testing.assert_allclose(disagreement(values, 0), [[2**0.5, 0.0]])
    votes = [np.array([0.9, 0.1]), np.array([-0.2, 0.3]), np.array([0.4, 0.8])]
    np.testing.assert_allclose(disagreement(votes, 2), [1 / 3, 0])
    several = [np.array([[0.8, 0.1, 0.1]]), np.array([[0.1, 0.8, 0.1]]), np.array([[0.1, 0.1, 0.8]])]
    np.testing.assert_allclose(disagreement(several, 3), [2 / 3])
    assert disagreement([np.array([1.0])], 0).tolist() == [0.0]
