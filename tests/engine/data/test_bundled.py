"""The real sets that come along."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data import BreastCancer, Diabetes, Digits, Iris, Wine
from engine.data.bundled import Bundled


@pytest.mark.parametrize(
    ("source", "shape", "counts"),
    [
        (Iris(), (150, 4), [50, 50, 50]),
        (Wine(), (178, 13), [59, 71, 48]),
        (BreastCancer(), (569, 30), [212, 357]),
        (Digits(), (1797, 64), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
        (Digits(flat=False), (1797, 8, 8, 1), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    ],
)
def test_that_sets_to_classify_have_their_known_sizes(
    source: Bundled, shape: tuple[int, ...], counts: list[int]
) -> None:
    dataset = source.load(0)
    assert dataset.x.shape == shape
    assert np.bincount(dataset.y[:, 0].astype(int)).tolist() == counts
    assert len(dataset.classes) == len(counts)


def test_that_flat_digits_are_the_pictures_row_by_row() -> None:
    np.testing.assert_array_equal(Digits().load(0).x, Digits(flat=False).load(0).x.reshape(-1, 64))


def test_that_diabetes_is_in_the_units_of_the_clinic() -> None:
    dataset = Diabetes().load(0)
    assert dataset.task == "regression"
    assert dataset.x.shape == (442, 10)
    assert 18 < dataset.x[:, dataset.features.index("age")].min() < dataset.x[:, 0].max() < 90
    assert (dataset.y.min(), dataset.y.max()) == (25, 346)
