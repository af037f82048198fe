"""The public face of a program: answers, gradients, parameters and saved moments, and what it says to nonsense."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine
from engine.commands.predict import answers_as_table
from engine.data.prepare import Prepared
from engine.errors import DesignError
from engine.insight.judging import answered
from engine.insight.metrics import measure_parts
from engine.insight.questions import Boundary
from engine.training.spec import DataSplit
from tests.builders import dense
from tests.engine.program.compiled import DROP, NOISE, NORM, X, Y, compiled, design


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_a_prediction_is_what_the_parameters_say(dtype: type) -> None:
    program = compiled(dense(5, "tanh"), dense(1), dtype=dtype)
    p = program.parameters()
    assert {values.dtype for values in p.values()} == {np.dtype(dtype)}
    hidden = np.tanh(X @ p["dense_1/weight"] + p["dense_1/bias"])
    expected = hidden @ p["dense_2/weight"] + p["dense_2/bias"]
    np.testing.assert_allclose(program.predict(X), expected, rtol=1e-4 if dtype is np.float32 else 1e-12)


def test_that_answers_come_in_the_users_units() -> None:
    x, y = 1000 + 50 * X, 7e4 + 3e3 * X[:, :1]
    data = Prepared.from_arrays(x, y, split=DataSplit(validation=0.2), dtype=np.float64)
    run = engine.train(design(dense(1), epochs=300, learning_rate=0.05), data, dtype=np.float64)
    np.testing.assert_allclose(run.program.predict(x), y, rtol=1e-3)


@pytest.mark.parametrize(("rows", "batch"), [(0, 4), (1, 4), (3, 4), (4, 4), (513, 7), (1500, 1)])
def test_that_any_number_of_rows_is_answered_row_by_row(rows: int, batch: int) -> None:
    program = compiled(dense(3, "relu"), NORM, dense(2), dense(1), batch_size=batch)
    program.run(9)
    x = np.random.default_rng(1).normal(size=(rows, 2))
    answers = program.predict(x)
    assert answers.shape == (rows, 1)
    for row in range(0, rows, 97):
        np.testing.assert_allclose(answers[row : row + 1], program.predict(x[row : row + 1]), rtol=1e-12)


def test_that_probabilities_of_two_and_of_many_classes_add_up() -> None:
    for classes in (2, 4):
        labels = np.arange(50) % classes
        data = Prepared.from_arrays(X, labels, "multiclass", dtype=np.float64)
        answers = engine.compile(design(dense(classes, "softmax")), data, dtype=np.float64).predict(50 * X)
        np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-12)
    binary = Prepared.from_arrays(X, np.arange(50) % 2, "binary", dtype=np.float64)
    answers = engine.compile(design(dense(1, "sigmoid")), binary, dtype=np.float64).predict(1e6 * X)
    assert ((answers >= 0) & (answers <= 1)).all()


def test_that_two_logits_serve_a_question_with_two_answers() -> None:
    data = Prepared.from_arrays(X, (X[:, 0] > 0).astype(int), "binary")
    run = engine.train(design(dense(8, "tanh"), dense(2, "softmax"), epochs=200), data)
    answers = run.program.predict(X)
    assert answers.shape == (50, 1)  # as one logit gives it: the probability of the second class
    assert np.mean((answers[:, 0] > 0.5) == (X[:, 0] > 0)) > 0.95
    assert measure_parts(run.program)["train"]["accuracy"] > 0.95
    rows = np.arange(50)
    true, answered_classes, probabilities = answered(run.program, rows)
    assert probabilities.shape == (50, 2)
    assert np.mean(true == answered_classes) > 0.95
    table = answers_as_table(data, answers)
    assert table.shape == (50, 3)
    np.testing.assert_allclose(table.iloc[:, 1:].sum(axis=1), 1)
    picture = Boundary(8).answer(run.program)
    left, right, *_ = picture.span
    sides = np.sign(np.linspace(left, right, picture.values.shape[1]))
    assert np.mean(np.sign(picture.values) == sides) > 0.9


def test_that_gradients_are_those_of_least_squares() -> None:
    program = compiled(dense(1), batch_size=50)
    p = program.parameters()
    error = X @ p["dense_1/weight"] + p["dense_1/bias"] - Y
    loss, gradients = program.gradients(X, Y)
    factor = loss / np.mean(error**2)  # whether the loss halves the square is its own choice
    np.testing.assert_allclose(gradients["dense_1/weight"], factor * 2 * X.T @ error / 50, rtol=1e-10)
    np.testing.assert_allclose(gradients["dense_1/bias"], factor * 2 * error.mean(axis=0), rtol=1e-10)


@pytest.mark.parametrize("optimizer", ["sgd", "gradient_descent", "adam"])
def test_that_gradients_of_more_rows_than_a_batch_are_their_mean(optimizer: str) -> None:
    program = compiled(dense(4, "tanh"), dense(1), optimizer=optimizer)
    loss, gradients = program.gradients(X, Y)
    single = [program.gradients(X[i : i + 1], Y[i : i + 1]) for i in range(50)]
    assert loss == pytest.approx(np.mean([each for each, _ in single]))
    for key, value in gradients.items():
        np.testing.assert_allclose(value, np.mean([each[key] for _, each in single], axis=0), atol=1e-12)


def test_that_targets_may_come_without_an_axis_of_their_own() -> None:
    program = compiled(dense(1))
    assert program.gradients(X, Y)[0] == program.gradients(X, Y[:, 0])[0]


@pytest.mark.parametrize("within", [0, 2])
def test_that_asking_changes_nothing_of_a_run(within: int) -> None:
    layers = dense(6, "relu"), NORM, DROP, NOISE, dense(1)
    asked, left = compiled(*layers), compiled(*layers)
    for program in (asked, left):
        program.run(4 + within)
    before = asked.state()
    for rows in (1, 7, 16, 40):
        asked.gradients(X[:rows], Y[:rows])
        asked.predict(X[:rows])
        asked.outputs(X[:rows])
    after = asked.state()
    assert after.counters == before.counters
    for key, values in before.arrays.items():
        np.testing.assert_array_equal(after.arrays[key], values)
    asked.run(23)
    left.run(23)
    assert asked.parameter_hash() == left.parameter_hash()


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (np.ones((5, 3)), np.ones((5, 1)), "input takes"),
        (np.ones(2), np.ones(1), "input takes"),
        (np.ones((5, 2)), np.ones((3, 1)), "need"),
        (np.ones((5, 2)), np.ones((5, 2)), "need"),
        (np.ones((5, 2)), np.ones(()), "need"),
        (np.ones((0, 2)), np.ones((0, 1)), "0 rows"),
        (np.ones((51, 2)), np.ones((51, 1)), "51 rows"),
        (np.full((5, 2), "a"), np.ones((5, 1)), "numbers"),
        (np.ones((5, 2)), np.full((5, 1), None), "numbers"),
    ],
)
def test_that_batches_that_do_not_fit_are_refused_before_memory_is_read(x: Any, y: Any, words: str) -> None:
    with pytest.raises(DesignError, match=words):
        compiled(dense(4, "tanh"), dense(1)).gradients(x, y)


@pytest.mark.parametrize("wrong", [-1, 3, 0.5, np.nan, 2**40])
def test_that_a_target_that_is_no_class_is_refused(wrong: float) -> None:
    data = Prepared.from_arrays(X, np.arange(50) % 3, "multiclass")
    program = engine.compile(design(dense(3)), data)
    with pytest.raises(DesignError, match="no class"):
        program.gradients(X[:2], np.array([0, wrong]))


@pytest.mark.parametrize("x", [np.ones((5, 3)), np.ones(2), np.float64(1), np.ones((3, 2, 1)), [["a", "b"]]])
def test_that_examples_that_do_not_fit_are_refused(x: Any) -> None:
    program = compiled(dense(1))
    for ask in (program.predict, program.outputs):
        with pytest.raises(DesignError, match="examples"):
            ask(x)


def test_that_lists_and_whole_numbers_are_examples_too() -> None:
    program = compiled(dense(1))
    np.testing.assert_array_equal(program.predict([[1, 2]]), program.predict(np.array([[1.0, 2.0]])))  # type: ignore[arg-type]


def test_that_parameters_are_copies_and_can_be_set_again() -> None:
    program = compiled(dense(4, "tanh"), dense(1))
    first, before = program.parameters(), program.parameter_hash()
    first["dense_1/weight"][...] = 5
    assert program.parameter_hash() == before
    program.set_parameters(first)
    np.testing.assert_array_equal(program.parameters()["dense_1/weight"], 5)


@pytest.mark.parametrize(
    "values",
    [
        {"dense_9/weight": np.ones((2, 4))},
        {"dense_1/weight": np.ones((4, 2))},
        {"dense_1/weight": np.full((2, 4), "x")},
        {"dense_1/weight": None},
    ],
)
def test_that_parameters_that_do_not_fit_are_refused_and_nothing_is_set(values: dict[str, Any]) -> None:
    program = compiled(dense(4, "tanh"), dense(1))
    before = program.parameter_hash()
    with pytest.raises(DesignError):
        program.set_parameters({"dense_1/bias": np.ones(4), **values})
    assert program.parameter_hash() == before


def test_that_a_sibling_answers_alike_and_lives_its_own_life() -> None:
    program = compiled(dense(4, "tanh"), NORM, dense(1))
    program.run(11)
    other = program.sibling(3)
    np.testing.assert_array_equal(other.predict(X), program.predict(X))
    before = program.parameter_hash()
    other.run(5)
    assert program.parameter_hash() == before != other.parameter_hash()


def test_that_a_design_that_cannot_be_trained_is_not_compiled() -> None:
    document = design(dense(1))
    with pytest.raises(DesignError, match="dense_1"):
        engine.compile(document.disconnect(document.wires[0]), Prepared.from_arrays(X, Y))


def test_that_single_weights_are_set_and_hold_beyond_a_return_to_the_last_good_moment() -> None:
    program = compiled(dense(3, "tanh"), dense(1))
    program.run(5)
    before = program.parameters()
    program.set_elements({("dense_1/weight", 4): 7.0, ("dense_2/bias", 0): -2.0})
    before["dense_1/weight"][1, 1], before["dense_2/bias"][0] = 7.0, -2.0
    after = program.parameters()
    for key in before:
        np.testing.assert_array_equal(after[key], before[key])
    program.return_to_good()
    assert program.parameters()["dense_1/weight"][1, 1] == 7.0


@pytest.mark.parametrize(
    "values",
    [{("gone/weight", 0): 1.0}, {("dense_1/bias", 3): 1.0}, {("dense_1/bias", -1): 1.0},
     {("dense_1/bias", 0): float("nan")}, {("dense_1/bias", 0): float("inf")}],
)  # fmt: skip
def test_that_a_single_weight_that_is_not_there_or_no_number_changes_nothing(
    values: dict[tuple[str, int], float],
) -> None:
    program = compiled(dense(3), dense(1))
    before = program.par.copy(), program.good.copy()
    program.set_elements(values)
    np.testing.assert_array_equal(program.par, before[0])
    np.testing.assert_array_equal(program.good, before[1])
