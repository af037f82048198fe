"""Loss surfaces against brute force, directions and projections against made-up paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compare.directions import CELLS, path_slice, random_slice
from engine.compare.path import MOST, Path, principal_directions, weights_of
from engine.compare.surface import FINEST, loss_at, surface
from engine.data.prepare import prepare
from engine.design.document import Document
from engine.errors import DesignError
from engine.program.program import Program
from engine.training.train import train
from tests.builders import chain, dense


def small(**training: object) -> Document:
    document = chain(dense(3, "tanh"), dense(1), data="spiral")
    return document.but(training=document.training.but(**({"epochs": 5, "learning_rate": 0.05} | training)))


@pytest.fixture(scope="module")
def program() -> Program:
    document = small()
    trained = train(document).program
    return Program(
        document, prepare(document.data, document.split, np.float64), dtype=np.float64, state=trained.state()
    )


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A surface becomes fine also where the machine is busy."""
    monkeypatch.setattr("engine.compare.surface.PATIENCE", np.inf)


def test_that_principal_directions_are_those_of_a_made_up_path() -> None:
    random = np.random.default_rng(0)
    first, second = np.linalg.qr(random.normal(size=(50, 2)))[0].T
    t = np.linspace(0, 1, 40)
    away = np.outer(10 * t, first) + np.outer(3 * np.sin(12 * t), second)
    directions, shares = principal_directions(away)
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-9)
    # the plane is the one that the path was made in, and holds all of it
    np.testing.assert_allclose(away @ directions.T @ directions, away, atol=1e-9)
    assert shares[0] > shares[1] > 0
    assert shares.sum() == pytest.approx(1)
    _, s, vt = np.linalg.svd(away, full_matrices=False)
    np.testing.assert_allclose(np.abs(vt[:2] @ directions.T), np.eye(2), atol=1e-7)
    np.testing.assert_allclose(shares, s[:2] ** 2 / (s**2).sum())


def test_that_a_straight_path_gets_a_second_direction_across() -> None:
    centre, way = np.zeros(20), np.arange(20.0)
    plane = path_slice(centre, [np.outer(np.linspace(1, 0, 5), way)])
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
    assert plane.shares == (pytest.approx(1), 0)
    ends = plane.coordinates(way[None])[0]
    assert abs(ends[0]) == pytest.approx(np.linalg.norm(way))
    assert ends[1] == pytest.approx(0, abs=1e-9)


def test_that_random_directions_are_normalised_filter_by_filter(program: Program) -> None:
    centre = weights_of(program)
    plane = random_slice(program, centre, 7)
    assert plane.span == (-1, 1, -1, 1)
    for parameter in program.plan.parameters:
        at = program.plan.places[parameter.value]
        block = slice(at, at + parameter.size)
        for direction in plane.directions:
            if len(parameter.shape) < 2:
                assert not direction[block].any()  # a bias stays
                continue
            drawn, weights = (each[block].reshape(parameter.shape) for each in (direction, centre))
            np.testing.assert_allclose(np.linalg.norm(drawn, axis=0), np.linalg.norm(weights, axis=0))
    again, other = random_slice(program, centre, 7), random_slice(program, centre, 8)
    np.testing.assert_array_equal(plane.directions, again.directions)
    assert not np.array_equal(plane.directions, other.directions)


def test_that_coordinates_give_back_where_a_point_was_put(program: Program) -> None:
    plane = random_slice(program, weights_of(program), 1)
    places = np.array([[0.0, 0.0], [0.5, -0.25], [1.0, 2.0]])
    np.testing.assert_allclose(plane.coordinates(plane.centre + places @ plane.directions), places, atol=1e-9)


@settings(max_examples=30)
@given(st.integers(0, 2**31), st.integers(1, 12))
def test_that_a_span_holds_the_paths_and_has_the_centre_on_a_node(seed: int, moments: int) -> None:
    random = np.random.default_rng(seed)
    centre = random.normal(size=9)
    path = centre + random.normal(size=(moments, 9)) * random.uniform(0, 5)
    plane = path_slice(centre, [path, centre[None]])
    left, right, bottom, top = plane.span
    places = plane.coordinates(path)
    assert (places >= (left, bottom)).all()
    assert (places <= (right, top)).all()
    for low, high in ((left, right), (bottom, top)):
        assert high > low
        assert np.abs(np.linspace(low, high, CELLS + 1)).min() <= 1e-12 * (high - low)


def test_that_the_middle_is_the_loss_of_the_weights_and_slices_are_brute_force() -> None:
    document = small()
    run = train(document)
    prepared, state = run.prepared, run.program.state()
    other = Program(document, prepared)
    *_, last = surface(document, prepared, state, "random", {1: weights_of(run.program)[None]}, seed=3)
    assert last.done == 1
    assert last.rows == last.of == 400
    assert last.values.shape == (FINEST + 1, FINEST + 1)
    assert last.centre == run.program.training_loss()
    assert last.values[FINEST // 2, FINEST // 2] == last.centre
    np.testing.assert_allclose(last.paths[1], [[0, 0]], atol=1e-6)
    axis = np.linspace(-1, 1, FINEST + 1)
    for row, column in ((0, 0), (3, 40), (32, 11), (64, 63)):
        weights = last.slice.centre + axis[column] * last.slice.directions[0] + axis[row] * last.slice.directions[1]
        start = 0
        shaped = {}
        for parameter in other.plan.parameters:
            start = other.plan.places[parameter.value]
            shaped[parameter.key] = weights[start : start + parameter.size].reshape(parameter.shape)
        other.set_parameters(shaped)
        assert last.values[row, column] == pytest.approx(other.training_loss(), rel=1e-6)
    # what it was computed from has not been touched
    assert run.program.training_loss() == last.centre


def test_that_it_comes_coarse_first_and_what_is_known_stays() -> None:
    document = small()
    run = train(document)
    shapes, coarse = [], None
    for found in surface(document, run.prepared, run.program.state(), "random", {}):
        if not shapes or found.values.shape != shapes[-1]:
            shapes.append(found.values.shape)
        if coarse is None and np.isfinite(found.values).all():
            coarse = found.values
    assert shapes == [(9, 9), (17, 17), (33, 33), (65, 65)]
    assert coarse is not None
    np.testing.assert_array_equal(found.values[::8, ::8], coarse)


def test_that_a_path_ends_where_the_weights_are_and_begins_where_they_began() -> None:
    document = small(epochs=8)
    path = Path()
    run = train(document, epochs=1)
    path.begin(Program(document, run.prepared))
    for epoch in range(1, 9):
        run = train(document, run.prepared, epochs=epoch)
        path.append(run.program, epoch)
    epochs, weights = path.read()
    assert epochs.tolist() == list(range(9))
    *_, last = surface(document, run.prepared, run.program.state(), "path", {4: weights})
    np.testing.assert_allclose(last.paths[4][-1], 0, atol=1e-5)
    first = last.paths[4][0]
    assert np.hypot(*first) == pytest.approx(np.linalg.norm(weights[0] - weights[-1]), rel=0.1)
    assert last.slice.shares[0] > 0.5
    assert loss_at(run.program, last.slice, 0.0, 0.0, 400) == last.centre


def test_that_only_paths_of_one_network_and_one_task_lie_on_one_surface() -> None:
    def ground(document: Document) -> object:
        path = Path()
        path.begin(Program(document, prepare(document.data, document.split)))
        return path.ground

    first = small()
    assert ground(small(learning_rate=0.1, epochs=9)) == ground(first)
    assert ground(first.set_fields("dense_1", activation="relu")) != ground(first)
    assert ground(first.but(data=first.data.but(noise=10))) != ground(first)


def test_that_who_has_not_moved_has_no_direction() -> None:
    document = small()
    program = Program(document, prepare(document.data, document.split))
    with pytest.raises(DesignError, match="nobody has moved"):
        next(surface(document, program.prepared, program.state(), "path", {1: weights_of(program)[None]}))


def test_that_a_long_path_is_thinned_and_keeps_its_ends() -> None:
    document = small()
    program = Program(document, prepare(document.data, document.split))
    path = Path()
    path.begin(program)
    for epoch in range(1, 4 * MOST):
        program.par[0] = epoch
        path.append(program, epoch)
    epochs, weights = path.read()
    assert len(epochs) <= MOST + 1
    assert (epochs[0], epochs[-1]) == (0, 4 * MOST - 1)
    assert (np.diff(epochs) > 0).all()
    np.testing.assert_array_equal(weights[1:, 0], epochs[1:])
