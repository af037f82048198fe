"""Which rows train, validate and test."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.data.splitting import order, sizes
from engine.errors import DataError
from engine.training.spec import DataSplit

shares = st.tuples(st.floats(0, 0.6), st.floats(0, 0.3)).map(lambda pair: DataSplit(validation=pair[0], test=pair[1]))


@given(st.integers(10, 500), shares, st.integers(0, 2**31 - 1))
def test_that_every_row_is_used_once(rows: int, split: DataSplit, seed: int) -> None:
    assume(rows * (1 - split.validation - split.test) >= 4)  # parts of whole rows leave two to train on
    chosen, parts = order(rows, split.but(seed=seed))
    assert sorted(chosen) == list(range(rows))
    assert sum(parts) == rows
    assert abs(parts[1] - rows * split.validation) <= 1
    assert abs(parts[2] - rows * split.test) <= 1
    assert (parts[1] > 0) == (split.validation > 0)


@given(st.lists(st.integers(0, 4), min_size=20, max_size=300), shares)
def test_that_every_part_has_its_share_of_each_class(labels: list[int], split: DataSplit) -> None:
    found = np.array(labels, float)
    chosen, parts = order(len(found), split, found)
    assert sorted(chosen) == list(range(len(found)))
    kinds = len(np.unique(found))
    ends = np.cumsum(parts)
    for first, last in zip((0, *ends[:-1]), ends, strict=True):
        for label in np.unique(found):
            have = np.count_nonzero(found[chosen[first:last]] == label)
            fair = np.count_nonzero(found == label) * (last - first) / len(found)
            # The first of each class trains, and cuts fall between whole rows.
            assert abs(have - fair) <= kinds + 1


@given(st.integers(2, 8), st.integers(0, 1000))
def test_that_a_rare_class_always_trains(kinds: int, seed: int) -> None:
    labels = np.zeros(100)
    labels[:kinds] = np.arange(kinds)
    chosen, parts = order(100, DataSplit(validation=0.5, test=0.2, seed=seed), labels)
    assert set(labels[chosen[: parts[0]]]) == set(range(kinds))


def test_that_large_classes_are_shared_out_exactly() -> None:
    labels = np.repeat([0.0, 1.0, 2.0], [600, 300, 100])
    chosen, parts = order(1000, DataSplit(validation=0.2, test=0.1), labels)
    assert parts == (700, 200, 100)
    np.testing.assert_allclose(np.bincount(labels[chosen[:700]].astype(int)), [420, 210, 70], atol=1)
    np.testing.assert_allclose(np.bincount(labels[chosen[700:900]].astype(int)), [120, 60, 20], atol=1)
    np.testing.assert_allclose(np.bincount(labels[chosen[900:]].astype(int)), [60, 30, 10], atol=1)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_that_the_seed_alone_decides(first: int, second: int) -> None:
    assume(first != second)
    labels = np.arange(200.0) % 2
    same = [order(200, DataSplit(seed=first), labels)[0] for _ in range(2)]
    np.testing.assert_array_equal(*same)
    assert not np.array_equal(same[0], order(200, DataSplit(seed=second), labels)[0])


def test_that_training_rows_are_in_no_order_of_classes() -> None:
    labels = np.repeat([0.0, 1.0], 500)
    chosen, parts = order(1000, DataSplit(), labels)
    changes = np.count_nonzero(np.diff(labels[chosen[: parts[0]]]))
    assert 300 < changes < 500  # half of the neighbours in a fair shuffle; all of them if classes took turns


@pytest.mark.parametrize(
    ("rows", "split", "reason"),
    [
        (1, DataSplit(validation=0), "there are too few rows: 1. Give more rows"),
        (3, DataSplit(validation=0.5), "2 of the 3 rows are kept for validation and 0 for testing. Give more rows, or"),
        (10, DataSplit(validation=0.6, test=0.6), "6 of the 10 rows are kept for validation and 6 for testing"),
    ],
)
def test_that_too_few_rows_are_refused_with_the_way_out(rows: int, split: DataSplit, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        sizes(rows, split)
