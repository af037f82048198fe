"""Pictures of networks whose answers are known: curve, boundary, scatter and confusion show just those."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import engine
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.insight.metrics import confusion
from engine.insight.pictures import BoundaryPicture, ConfusionPicture, CurvePicture, ScatterPicture
from engine.insight.questions import JUDGED, WORK, Boundary, Confusion, Curve, Fit, Scatter, Worst
from engine.training.spec import DataSplit
from tests.builders import chain, dense


class Known:
    """A program whose answers are a function of the inputs in the user's units."""

    def __init__(self, x: Any, y: Any, task: Any, answer: Any, work: int = 10, **names: Any) -> None:
        self.prepared = Prepared.from_arrays(x, y, task, split=DataSplit(validation=0.25), **names)
        self._answer = answer
        self.document = Document()
        records = {"dense": SimpleNamespace(multiply_adds=work)}
        self.plan = SimpleNamespace(lowered=SimpleNamespace(build=SimpleNamespace(records=records)))

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


def test_that_an_answer_right_in_the_middle_counts_the_same_everywhere() -> None:
    x = np.arange(40.0)[:, None]
    y = np.arange(40) % 2
    program = Known(x, y, "binary", lambda x: np.full((len(x), 1), 0.5), classes=("no", "yes"))
    rows = program.prepared.validation
    expected = confusion("binary", np.full((10, 1), 0.5), program.prepared.y[rows], 2)
    assert Confusion().answer(program).counts.tolist() == expected.tolist()


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


def test_that_the_baseline_of_a_curve_is_the_least_squares_polynomial() -> None:
    x = np.linspace(10, 20, 40)[:, None]
    cubic = Known(x, (x[:, 0] - 12) ** 3, "regression", lambda x: np.zeros((len(x), 1)))
    picture = Curve(points=50, degree=3).answer(cubic)
    assert picture.baseline == pytest.approx((picture.x - 12) ** 3, rel=1e-3, abs=0.05)
    assert picture.baseline_r2 == pytest.approx(1.0, abs=1e-5)
    assert picture.r2 < 0
    line = Curve(points=50, degree=1).answer(cubic)
    assert line.baseline is not None
    assert np.diff(line.baseline) == pytest.approx(np.diff(line.baseline)[0])
    assert line.baseline_r2 < 0.95
    assert Curve(points=50).answer(cubic).baseline is None


def test_that_there_is_no_polynomial_beside_probabilities() -> None:
    program = Known(np.arange(40.0)[:, None], np.arange(40) % 2, "binary", lambda x: np.full((len(x), 1), 0.5))
    assert Curve(degree=3).answer(program).baseline is None


@pytest.mark.parametrize("held", [None, 7, 10**9])
def test_that_a_plane_of_two_among_many_inputs_holds_the_others(held: int | None) -> None:
    x = np.random.default_rng(0).normal(size=(200, 4)) * (1, 10, 100, 1000)
    seen: list[np.ndarray] = []

    def answer(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return x[:, 3:] - x[:, 1:2]

    program = Known(x, x[:, 0], "regression", answer, features=("a", "b", "c", "d"))
    picture = Boundary(10, features=(3, 1), held=held).answer(program)
    raw = program.prepared.unscale_x(program.prepared.x)
    others = raw[7] if held == 7 else raw[program.prepared.train].mean(axis=0)
    assert picture.axes == ("d", "b")
    assert picture.held == (7 if held == 7 else None)
    assert seen[-1][:, [0, 2]] == pytest.approx(np.tile(others[[0, 2]], (100, 1)), rel=1e-3, abs=1e-2)
    left, right, bottom, top = picture.span
    assert picture.values[0, -1] == pytest.approx(right - bottom)
    assert picture.values[-1, 0] == pytest.approx(left - top)
    assert picture.train.x == pytest.approx(raw[picture.train.rows][:, [3, 1]])


@pytest.mark.parametrize("features", [("x1²", "x2²"), ("x1", "x2", "sin x1"), ("x1·x2",)])
def test_that_inputs_made_of_two_coordinates_are_shown_over_their_plane(features: tuple[str, ...]) -> None:
    document = chain(dense(4, "tanh"), dense(1), data="circle")
    program = engine.compile(document.but(data=document.data.but(features=features)))
    picture = Fit(resolution=12).answer(program)
    assert isinstance(picture, BoundaryPicture)
    assert picture.axes == ("x1", "x2")
    plain = engine.compile(document).prepared
    places = plain.unscale_x(plain.x)
    assert picture.train.x == pytest.approx(places[picture.train.rows], abs=1e-5)
    assert picture.train.y.tolist() == plain.y[picture.train.rows, 0].tolist()
    left, _, _, top = picture.span
    corner = document.data.but(features=features).inputs(np.array([[left, top]]))
    assert picture.values[-1, 0] == pytest.approx(2 * float(program.predict(corner).ravel()[0]) - 1, abs=1e-5)


def test_that_the_worst_mistakes_come_first_and_can_be_narrowed_down() -> None:
    x = np.column_stack([np.arange(400.0) % 3, np.arange(400.0)])
    shares = {0: (0.8, 0.1, 0.1), 1: (0.3, 0.1, 0.6), 2: (0.45, 0.15, 0.4)}  # 1 is taken for 2, and 2 for 0
    program = Known(
        x, x[:, 0], "multiclass", lambda x: np.array([shares[round(v)] for v in x[:, 0]]), classes=("a", "b", "c")
    )
    picture = Worst().answer(program)
    part = program.prepared.y[program.prepared.validation].ravel()
    assert picture.part == "validation"
    assert picture.wrong == np.sum(part > 0)
    assert set(picture.true) == {1}
    assert picture.score == pytest.approx(0.1)
    assert picture.values == pytest.approx(program.prepared.unscale_x(program.prepared.x[picture.rows]))
    narrowed = Worst(of=(2, 0)).answer(program)
    assert (set(narrowed.true), set(narrowed.predicted)) == ({2}, {0})
    assert len(Worst(of=(0, 1)).answer(program).rows) == 0


def test_that_the_worst_of_a_regression_are_the_largest_errors() -> None:
    x = np.linspace(0, 1, 100)[:, None]
    picture = Worst().answer(Known(x, x, "regression", lambda x: 3 * x))
    assert np.all(np.diff(picture.score) <= 0)
    assert picture.score[0] == pytest.approx(2 * picture.true[0])


def test_that_examples_that_are_pictures_come_as_pictures() -> None:
    picture = Worst().answer(engine.compile(chain(dense(10), data="digits")))
    assert picture.images is not None
    assert picture.images.shape == (len(picture.rows), 8, 8)
    assert picture.images.max() == 255


def test_that_a_large_network_is_asked_for_fewer_rows() -> None:
    asked: list[int] = []

    def answer(x: np.ndarray) -> np.ndarray:
        asked.append(len(x))
        return np.zeros((len(x), 1))

    x = np.random.default_rng(0).normal(size=(40_000, 3))
    for work in (10, WORK // 1000, WORK):
        Confusion().answer(Known(x, x[:, 0] > 0, "binary", answer, work=work))
    assert asked == [JUDGED, 1000, 200]
    Boundary(100).answer(Known(x, x[:, 0] > 0, "binary", answer, work=WORK))
    assert asked[-1] == 16 * 16


@pytest.mark.parametrize(
    ("data", "outputs", "kinds"),
    [
        ("sine", 1, ("curve", "scatter", "worst")),
        ("spiral", 1, ("plane", "confusion", "worst")),
        ("diabetes", 1, ("scatter", "plane", "worst")),
        ("iris", 3, ("confusion", "plane", "worst")),
        ("digits", 10, ("confusion", "worst")),
    ],
)
def test_that_every_possible_kind_can_be_asked_for_and_another_gives_the_best(
    data: str, outputs: int, kinds: tuple[str, ...]
) -> None:
    program = engine.compile(chain(dense(4, "tanh"), dense(outputs), data=data))
    found = {kind: type(Fit(10, kind=kind).answer(program)).__name__ for kind in kinds}  # type: ignore[arg-type]
    assert len(set(found.values())) == len(kinds)
    assert Fit(10).answer(program).kinds == kinds
    impossible = next(kind for kind in ("curve", "plane", "scatter", "confusion") if kind not in kinds)
    assert type(Fit(10, kind=impossible).answer(program)).__name__ == found[kinds[0]]  # type: ignore[arg-type]


@pytest.mark.parametrize(("data", "outputs"), [("sine", 1), ("spiral", 1), ("diabetes", 1), ("iris", 3)])
def test_that_every_picture_can_be_made_without_a_validation_part(data: str, outputs: int) -> None:
    document = chain(dense(4, "tanh"), dense(outputs), data=data)
    program = engine.compile(document.but(split=document.split.but(validation=0.0)))
    for kind in Fit(10).answer(program).kinds:
        assert Fit(10, kind=kind, degree=2).answer(program).inputs
