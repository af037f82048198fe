"""Where runs answer differently, on pictures whose difference is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.compare.maps import difference, disagreement_of, table_of_map
from engine.insight.pictures import BoundaryPicture, CurvePicture, Points

NOTHING = Points(np.empty((0, 2)), np.empty(0), np.empty(0, np.int64))
NAMES: dict[str, Any] = {"inputs": ("a", "b"), "target": "y", "kinds": ("plane",), "seconds": 0.0}


def plane(values: Any, classes: tuple[str, ...] = (), right: float = 1.0) -> BoundaryPicture:
    return BoundaryPicture(
        **NAMES, classes=classes, axes=("a", "b"), features=(0, 1), held=None, span=(0, right, 0, 1),
        values=np.array(values, float), limits=(-1, 1), train=NOTHING, validation=NOTHING,
    )  # fmt: skip


def curve(y: Any, classes: tuple[str, ...] = ()) -> CurvePicture:
    return CurvePicture(
        **NAMES, classes=classes, x=np.arange(3.0), y=np.array(y, float), baseline=None, degree=0, r2=0,
        baseline_r2=0, train=NOTHING, validation=NOTHING,
    )  # fmt: skip


def test_that_the_difference_of_planes_is_taken_in_their_own_unit() -> None:
    values = difference(plane([[1, 2], [3, 4]]), plane([[0, 2], [5, 4]]))
    assert values is not None
    assert values.values.tolist() == [[1, 0], [-2, 0]]
    assert (values.limit, values.signed) == (2, True)
    two = difference(plane([[1, -1]], ("no", "yes")), plane([[0, -1]], ("no", "yes")))  # 2p - 1
    assert two is not None
    assert two.values.tolist() == [[0.5, 0]]
    assert "P(yes)" in two.words
    three = ("x", "y", "z")
    many = difference(plane([[[1, 0, 0]]], three), plane([[[0.25, 0.5, 0.25]]], three))
    assert many is not None
    np.testing.assert_allclose(many.values, [[0.75]])
    assert not many.signed


def test_that_the_difference_of_curves_is_a_line_around_zero() -> None:
    found = difference(curve([1, 2, 3]), curve([1, 1, 5]))
    assert found is not None
    assert found.values.tolist() == [0, 1, -2]
    assert found.span == (0, 2, -2, 2)
    assert table_of_map(found)["a"].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "other", [plane([[1, 2]]), plane([[1, 2], [3, 4]], right=2.0), curve([1, 2, 3])], ids=["size", "span", "kind"]
)
def test_that_what_cannot_be_subtracted_is_not(other: Any) -> None:
    assert difference(plane([[1, 2], [3, 4]]), other) is None
    assert disagreement_of([plane([[1, 2], [3, 4]]), other]) is None


def test_that_seeds_disagree_by_votes_or_by_spread() -> None:
    spread = disagreement_of([plane([[0, 1]]), plane([[2, 1]])])
    assert spread is not None
    np.testing.assert_allclose(spread.values, [[2**0.5, 0]])
    votes = disagreement_of([plane([[0.1, 1]], ("a", "b")), plane([[-0.1, 1]], ("a", "b"))])
    assert votes is not None
    assert votes.values.tolist() == [[0.5, 0]]
    lines = disagreement_of([curve([0.6, 0.2, 0.9], ("a", "b")), curve([0.4, 0.3, 0.8], ("a", "b"))])
    assert lines is not None
    assert lines.values.tolist() == [0.5, 0, 0]
    table = table_of_map(spread)
    assert table["a"].tolist() == [0, 1]
    assert table["b"].tolist() == [0, 0]
