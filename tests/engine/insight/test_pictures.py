"""Pictures of networks whose answers are known: curve, boundary, scatter and confusion show just those."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.data.prepare import Prepared
from engine.insight.pictures import (
    Boundary,
    BoundaryPicture,
    Confusion,
    ConfusionPicture,
    Curve,
    CurvePicture,
    Fit,
    Scatter,
    ScatterPicture,
)
from engine.training.spec import DataSplit
from tests.builders import chain, dense


class Known:
    """A program whose answers are a function of the inputs in the user's units."""

    def __init__(self, x: Any, y: Any, task: Any, answer: Any, **names: Any) -> None:
        self.prepared = Prepared.from_arrays(x, y, task, split=DataSplit(validation=0.25), **names)
        self._answer = answer

    def predict(self, x: Any) -> Any:
        return self._answer(np.asarray(x))


def grid(count: int = 12) -> np.ndarray:
    """(count², 2) points over [-1, 3] × [0, 2]."""
    x, y = np.meshgrid(np.linspace(-1, 3, count), np.linspace(0, 2, count))
    return np.column_stack([x.ravel(), y.ravel()])


def test_that_a_curve_is_the_answers_over_a_little_more_than_the_data_in_the_users_units() -> None:
    x = np.linspace(10, 20, 40)[:, None]
    program = Known(x, 1000 + 3 * x, "regression", lambda x: 2 * x)
    picture = Curve(points=7).answer(program)
    assert picture.x[0] == pytest.approx(10 - 0.8)
    assert picture.x[-1] == pytest.approx(20 + 0.8)
    assert picture.y == pytest.approx(2 * picture.x)
    assert picture.train.y == pytest.approx(1000 + 3 * picture.train.x[:, 0], rel=1e-5)
    assert len(picture.train.x) == 30
    assert len(picture.validation.x) == 10


def test_that_a_boundary_has_row_0_at_the_bottom_and_column_0_at_the_left() -> None:
    points = grid()
    program = Known(points, points.sum(axis=1), "regression", lambda x: 10 * x[:, :1] + x[:, 1:])
    picture = Boundary(resolution=5).answer(program)
    left, right, bottom, top = picture.span
    assert picture.values[0, 0] == pytest.approx(10 * left + bottom)
    assert picture.values[0, -1] == pytest.approx(10 * right + bottom)
    assert picture.values[-1, 0] == pytest.approx(10 * left + top)


def test_that_like_ranges_are_widened_to_the_shape_of_the_view_and_others_are_not() -> None:
    points = grid()
    wide = Boundary(5, aspect=3.0).answer(Known(points, points[:, 0], "regression", lambda x: x[:, :1]))
    left, right, bottom, top = wide.span
    assert (right - left) / (top - bottom) == pytest.approx(3.0)
    stretched = points * (100, 1)
    kept = Boundary(5, aspect=3.0).answer(Known(stretched, points[:, 0], "regression", lambda x: x[:, :1]))
    left, right, bottom, top = kept.span
    assert (left, right) == pytest.approx((-100 - 32, 300 + 32))
    assert (bottom, top) == pytest.approx((-0.16, 2.16))


def test_that_two_classes_are_signed_and_several_keep_their_probabilities() -> None:
    points = grid()
    two = Boundary(4).answer(Known(points, points[:, 0] > 1, "binary", lambda x: np.full((len(x), 1), 0.25)))
    assert two.values == pytest.approx(np.full((4, 4), -0.5))
    assert two.limits == (-1, 1)
    labels = np.arange(len(points)) % 3
    shares = np.array([0.2, 0.5, 0.3])
    three = Boundary(4).answer(Known(points, labels, "multiclass", lambda x: np.tile(shares, (len(x), 1))))
    assert three.values.shape == (4, 4, 3)
    assert three.values[2, 1] == pytest.approx(shares)


@pytest.mark.parametrize(
    ("low", "high", "limits"),
    [(-2, 1, (-2, 2)), (3, 5, (3, 5)), (-5, -3, (-5, -3))],
    ids=["around 0", "above", "below"],
)
def test_that_colours_end_at_the_data_and_lie_around_zero_where_that_is_among_them(
    low: float, high: float, limits: tuple[float, float]
) -> None:
    points = grid()
    y = np.linspace(low, high, len(points))
    y[:72], y[72:] = low, high  # both ends are in every part
    picture = Boundary(3).answer(Known(points, y, "regression", lambda x: x[:, :1]))
    assert picture.limits == pytest.approx(limits, rel=1e-5)


def test_that_a_scatter_sets_answers_beside_the_truth() -> None:
    x = np.random.default_rng(0).normal(size=(200, 3))
    y = x @ [1.0, 2.0, 3.0]
    right = Scatter().answer(Known(x, y, "regression", lambda x: (x @ [1.0, 2.0, 3.0])[:, None]))
    assert right.r2 == pytest.approx(1.0)
    assert right.validation_predicted == pytest.approx(right.validation_true, abs=1e-4)
    mean = float(np.mean(right.validation_true))
    blind = Scatter().answer(Known(x, y, "regression", lambda x: np.full((len(x), 1), mean)))
    assert blind.r2 == pytest.approx(0.0, abs=1e-6)


def test_that_a_confusion_matrix_counts_true_by_predicted() -> None:
    x = np.arange(400.0)[:, None] % 4
    y = x[:, 0] % 3
    answer = {0: 0, 1: 1, 2: 1, 3: 0}  # class 2 is always taken for class 1

    def predict(x: np.ndarray) -> np.ndarray:
        return np.eye(3)[[answer[round(float(v))] for v in x[:, 0]]]

    picture = Confusion().answer(Known(x, y, "multiclass", predict, classes=("a", "b", "c")))
    assert picture.part == "validation"
    assert picture.counts.sum() == 100
    assert picture.counts[2, 1] == picture.counts[2].sum()
    assert picture.recall.tolist() == [1, 1, 0]
    assert picture.accuracy == pytest.approx(np.trace(picture.counts) / 100)


def test_that_without_a_validation_part_the_training_part_is_judged() -> None:
    program = Known(np.arange(40.0)[:, None], np.arange(40) % 2, "binary", lambda x: np.round(x) % 2)
    program.prepared = Prepared.from_arrays(
        np.arange(40.0)[:, None], np.arange(40) % 2, "binary", split=DataSplit(validation=0)
    )
    picture = Confusion().answer(program)
    assert picture.part == "training"
    assert picture.accuracy == 1.0


@pytest.mark.parametrize(
    ("data", "outputs", "kind"),
    [
        ("sine", 1, CurvePicture),
        ("spiral", 1, BoundaryPicture),
        ("plane", 1, BoundaryPicture),
        ("blobs", 3, BoundaryPicture),
        ("diabetes", 1, ScatterPicture),
        ("iris", 3, ConfusionPicture),
        ("breast_cancer", 1, ConfusionPicture),
    ],
)
def test_that_every_kind_of_data_gets_the_picture_that_suits_it(data: str, outputs: int, kind: type) -> None:
    program = engine.compile(chain(dense(4, "tanh"), dense(outputs), data=data))
    picture = Fit(resolution=10).answer(program)
    assert type(picture) is kind
    assert picture.seconds > 0
    assert len(picture.inputs) == program.prepared.input.size
