"""The space as a layer sees it, against maps that are known: straight grids stay straight, planes are NumPy's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.data.prepare import Prepared
from engine.insight.contour import parting_lines, zero_segments
from engine.insight.warp import Warp, suitable
from engine.layers import Layer
from engine.program.program import Program
from tests.builders import chain, dense
from tests.engine.insight.planes import PLAIN, made, plane_data, straight_line

# The grid


def test_that_a_linear_layer_gives_the_grid_an_affine_map() -> None:
    weight, bias = np.array([[2.0, 1.0], [-1.0, 3.0]]), np.array([0.5, -4.0])
    program = straight_line(weight, bias)
    before, after = (Warp((node,), resolution=4).answer(program) for node in ("input_1", "dense_1"))
    assert [lines.shape for lines in after.grid] == [(5, 13, 2)] * 2
    for first, second in zip(before.grid, after.grid, strict=True):
        assert second == pytest.approx(first @ weight + bias, abs=1e-4)
    assert after.train.x == pytest.approx(before.train.x @ weight + bias, abs=1e-4)
    assert np.ptp(before.grid[0][:, :, 1], axis=1) == pytest.approx(0)  # along the first only x1 moves
    assert np.ptp(before.grid[1][:, :, 0], axis=1) == pytest.approx(0)
    left, right, bottom, top = after.span
    everything = np.concatenate([lines.reshape(-1, 2) for lines in after.grid])
    assert (everything >= [left, bottom]).all()
    assert (everything <= [right, top]).all()


def test_that_a_bent_layer_gives_what_the_network_gives_there() -> None:
    program = made(chain(dense(2, "tanh"), dense(1)), plane_data())
    picture = Warp(resolution=4).answer(program)
    inputs = Warp(("input_1",), resolution=4).answer(program).grid[0]
    weight, bias = (program.parameters()[f"dense_1/{name}"] for name in ("weight", "bias"))
    assert picture.node == "dense_1"
    assert picture.grid[0] == pytest.approx(np.tanh(inputs @ weight + bias), abs=1e-5)
    assert np.abs(picture.train.x).max() <= 1


def test_that_a_grid_in_the_users_units_is_scaled_for_the_network() -> None:
    x = np.random.default_rng(0).uniform([100, 5], [300, 6], (60, 2))
    program = engine.compile(chain(dense(2), dense(1)), Prepared.from_arrays(x, x[:, 0]))
    picture = Warp(("input_1",)).answer(program)
    raw = program.prepared.unscale_x(picture.grid[0].reshape(-1, 2))
    low, high = x.min(axis=0), x.max(axis=0)
    assert raw.min(axis=0) == pytest.approx(low - 0.08 * (high - low), rel=1e-3)
    assert raw.max(axis=0) == pytest.approx(high + 0.08 * (high - low), rel=1e-3)


@pytest.mark.parametrize("features", [("x1", "x2", "x1·x2", "sin x1"), ("x1²",)])
def test_that_inputs_made_of_two_coordinates_have_the_grid_of_those(features: tuple[str, ...]) -> None:
    program = engine.compile(chain(dense(3, "tanh"), dense(1), data={"type": "spiral", "features": features}))
    picture = Warp(("dense_1",), resolution=4).answer(program)
    assert picture.inputs == ("x1", "x2")
    assert [lines.shape for lines in picture.grid] == [(5, 13, 2)] * 2
    moved = np.abs(np.diff(picture.grid[1], axis=1)).max()
    assert (moved < 1e-6) == (features == ("x1²",))  # what does not see x2 does not move along it


def test_that_one_input_becomes_a_curve_and_more_than_two_only_points() -> None:
    curve = Warp().answer(engine.compile(chain(dense(4, "tanh"), dense(1), data="sine")))
    assert [lines.shape for lines in curve.grid] == [(1, 200, 2)]
    wide = Prepared.from_arrays(
        np.random.default_rng(0).normal(size=(40, 4)), np.arange(40) % 3, "multiclass", split=PLAIN
    )
    points = Warp().answer(engine.compile(chain(dense(5, "tanh"), dense(3)), wide))
    assert points.grid == ()
    assert points.inputs == ()
    assert points.train.x.shape == (30, 2)


# Which layer, and which numbers of it


def test_that_the_first_wished_layer_that_can_be_shown_is() -> None:
    program = made(chain(dense(2, "tanh"), dense(5, "tanh"), dense(1)), plane_data())
    assert suitable(program) == ("input_1", "dense_1", "dense_2")
    assert Warp().answer(program).node == "dense_2"
    assert Warp(("gone", "dense_3", "dense_1", "dense_2")).answer(program).node == "dense_1"
    assert Warp(("dense_1",)).answer(program).way == "units"
    assert Warp(("dense_2",)).answer(program).way == "pca"
    assert Warp(("dense_2",), "units").answer(program).plane is None


def test_that_a_network_without_two_units_anywhere_is_said_to_have_no_space() -> None:
    picture = Warp().answer(engine.compile(chain(dense(1), data="line")))
    assert (picture.node, picture.nodes) == ("", ())


def test_that_every_step_of_a_sequence_with_a_class_of_its_own_is_a_point() -> None:
    tokens = np.random.default_rng(0).integers(0, 4, (40, 6))
    data = Prepared.from_arrays(tokens, tokens, "multiclass", split=PLAIN, tokens=4)
    rnn = Layer.parse({"type": "simple_rnn", "units": 3, "answer": "sequence"})
    program = engine.compile(chain({"type": "embedding", "features": 2}, rnn, dense(4)), data)
    assert suitable(program) == ("embedding_1", "simple_rnn_1", "dense_1")  # ids of letters are no places
    picture = Warp(("embedding_1",)).answer(program)
    vectors = program.parameters()["embedding_1/weight"]
    assert picture.units == 2
    assert picture.train.x == pytest.approx(vectors[program.prepared.x[program.prepared.train].astype(int).ravel()])
    assert picture.train.y.tolist() == program.prepared.y[program.prepared.train].ravel().tolist()
    assert picture.train.rows.tolist() == np.repeat(np.arange(30), 6).tolist()


SHAPES = st.sampled_from([(1,), (2,), (5,), (4, 3), (4, 4, 2)])


@settings(max_examples=12)
@given(
    SHAPES,
    st.sampled_from(["regression", "binary", "multiclass"]),
    st.integers(1, 4),
    st.sampled_from(["relu", "linear"]),
)
def test_that_any_layer_of_any_shape_has_a_place_for_every_row(
    shape: tuple[int, ...], task: str, units: int, activation: str
) -> None:
    random = np.random.default_rng(units)
    y = random.normal(size=24) if task == "regression" else np.arange(24) % (2 if task == "binary" else 3)
    data = Prepared.from_arrays(random.normal(size=(24, *shape)), y, task, split=PLAIN)  # type: ignore[arg-type]
    program = engine.compile(chain(dense(units, activation), "flatten", dense(data.outputs)), data)
    for node in suitable(program):
        for way in ("units", "pca"):
            picture = Warp((node,), way, resolution=2).answer(program)  # type: ignore[arg-type]
            assert picture.node == node
            assert picture.train.x.shape == (18, 2)
            assert picture.validation.x.shape == (6, 2)
            assert picture.borders.shape[1:] == (2, 2)
            assert np.isfinite([*picture.span]).all()
            assert not picture.share > 1 + 1e-9


def test_that_a_network_of_nonsense_has_a_picture() -> None:
    program = made(chain(dense(3, "linear"), dense(1)), plane_data(), dense_1__bias=np.full(3, np.inf))
    for way in ("units", "pca"):
        picture = Warp(("dense_1",), way).answer(program)  # type: ignore[arg-type]
        assert not np.isfinite(picture.train.x).any()
        assert picture.span == (-1, 1, -1, 1)


def test_that_a_large_network_is_asked_for_fewer_rows() -> None:
    document = chain(dense(2000), dense(2000), dense(1))
    program = engine.compile(document, plane_data(3000))
    asked: list[int] = []

    def counting(x: np.ndarray, nodes: tuple[str, ...]) -> dict[str, np.ndarray]:
        asked.append(len(x))
        return {node: np.zeros((len(x), 2000 if node != "dense_3" else 1), np.float32) for node in nodes}

    program.layer_outputs = counting  # type: ignore[method-assign,assignment]
    picture = Warp().answer(program)
    assert sum(asked) < 1000
    assert len(picture.train.x) == 100


# Boundaries


def test_that_the_output_parts_two_linear_units_by_its_own_straight_line() -> None:
    program = straight_line(np.eye(2), np.zeros(2))
    program.set_parameters({"dense_2/weight": np.array([[3.0], [4.0]]), "dense_2/bias": np.array([-5.0])})
    picture = Warp(("dense_1",)).answer(program)
    assert picture.straight
    (segment,) = picture.borders
    assert segment @ [3, 4] == pytest.approx([5, 5], rel=1e-6)
    assert np.hypot(*(segment[1] - segment[0])) > 20 * (picture.span[1] - picture.span[0])
    turned = Warp(("dense_1",), "pca").answer(program)
    assert turned.plane is not None
    back = turned.borders[0] @ turned.plane.axes.T + turned.plane.middle
    assert back @ [3, 4] == pytest.approx([5, 5], abs=1e-4)


def test_that_elsewhere_the_boundary_is_bent_along_with_the_grid() -> None:
    program = made(
        chain(dense(2), dense(2, "tanh"), dense(1)), plane_data(), dense_1__weight=np.array([[1.0, 1.0], [-1.0, 1.0]])
    )
    picture = Warp(("dense_1",)).answer(program)
    assert not picture.straight
    assert len(picture.borders) > 10
    parameters = program.parameters()
    places = picture.borders.reshape(-1, 2)
    hidden = np.tanh(places @ parameters["dense_2/weight"] + parameters["dense_2/bias"])
    heights = hidden @ parameters["dense_3/weight"] + parameters["dense_3/bias"]
    all_heights = program.outputs(program.prepared.x)
    assert np.abs(heights).max() < 0.02 * np.abs(all_heights).max()


def test_that_several_classes_are_parted_where_the_two_highest_meet() -> None:
    weight, bias = np.array([[0.0, 2.0, -2.0], [2.0, -1.0, -1.0]]), np.array([0.3, 0.0, -0.2])
    segments = parting_lines(weight, bias, np.zeros(2), 10.0)
    assert len(segments) == 3
    for share in (0.01, 0.5, 0.99):
        places = segments[:, 0] * (1 - share) + segments[:, 1] * share
        heights = np.sort(places @ weight + bias, axis=1)
        assert heights[:, 2] == pytest.approx(heights[:, 1])
        assert (heights[:, 2] > heights[:, 0]).all()


def test_that_classes_that_are_never_the_highest_part_nothing() -> None:
    weight, bias = np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 0.0]]), np.array([0.0, 0.0, -3.0])
    (segment,) = parting_lines(weight, bias, np.zeros(2), 5.0)
    assert segment[:, 0] == pytest.approx([0, 0])
    assert len(parting_lines(np.zeros((2, 1)), np.ones(1), np.zeros(2), 5.0)) == 0
    assert len(parting_lines(np.full((2, 1), np.nan), np.ones(1), np.zeros(2), 5.0)) == 0


def test_that_the_zero_line_of_a_straight_field_is_exact_and_that_of_a_bowl_is_its_circle() -> None:
    x, y = np.linspace(-2, 2, 21), np.linspace(-1, 1, 11)
    straight = zero_segments(3 * x - 4 * y[:, None] - 0.5, x, y)
    assert straight @ [3, -4] == pytest.approx(np.full((len(straight), 2), 0.5))
    assert straight[..., 1].min() == pytest.approx(-1)
    assert straight[..., 1].max() == pytest.approx(1)
    circle = zero_segments(x**2 + y[:, None] ** 2 - 0.8**2, x, y)
    assert np.hypot(circle[..., 0], circle[..., 1]) == pytest.approx(0.8, abs=0.02)
    assert np.hypot(*(circle[:, 0] - circle[:, 1]).T).sum() == pytest.approx(2 * np.pi * 0.8, rel=0.02)


@pytest.mark.parametrize("middle", [1.0, -1.0])
def test_that_a_saddle_joins_what_its_middle_joins(middle: float) -> None:
    corners = np.array([[1.0, -1.0], [-1.0, 1.0]]) + 0.5 * middle
    segments = zero_segments(corners, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert len(segments) == 2
    for segment in segments:  # each cuts off one corner, of the sign that the middle does not have
        corner = np.round(segment.mean(axis=0))
        assert np.sign(corners[int(corner[1]), int(corner[0])]) == -middle
    assert len(zero_segments(np.full((3, 3), np.nan), np.arange(3.0), np.arange(3.0))) == 0


@pytest.mark.parametrize(("classes", "activation"), [(2, "sigmoid"), (3, "softmax")])
def test_that_the_line_is_straight_where_the_loss_contains_the_last_activation(classes: int, activation: str) -> None:
    x = np.random.default_rng(0).normal(size=(60, 2))
    y = np.arange(60.0) % classes
    prepared = Prepared.from_arrays(x, y, "binary" if classes == 2 else "multiclass")
    units = 1 if classes == 2 else classes
    plain, bent = (Program(chain(dense(2, "tanh"), dense(units, last)), prepared) for last in ("linear", activation))
    drawn, wanted = (Warp().answer(program) for program in (bent, plain))
    assert drawn.straight
    np.testing.assert_array_equal(drawn.borders, wanted.borders)
