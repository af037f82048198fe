"""Metrics against numbers worked by hand and against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.insight.metrics import UNITS, confusion, measure

ROWS = st.integers(2, 30)
SEEDS = st.integers(0, 2**31)


def test_that_regression_is_measured_as_by_hand() -> None:
    # errors 1, -1, 2; spread of the targets 2, 0, 2 around the mean 3
    found = measure("regression", np.array([[2.0], [2.0], [7.0]]), np.array([[1.0], [3.0], [5.0]]))
    assert found == {"r2": 1 - 6 / 8, "rmse": pytest.approx(np.sqrt(2)), "mae": pytest.approx(4 / 3)}


def test_that_two_classes_are_measured_as_by_hand() -> None:
    # right with 0.9 and 0.6, wrong with 0.2
    found = measure("binary", np.array([[0.9], [0.4], [0.8]]), np.array([[1.0], [0.0], [0.0]]))
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert found["log_loss"] == pytest.approx(-np.log([0.9, 0.6, 0.2]).mean())


def test_that_every_step_of_a_sequence_counts() -> None:
    answers = np.array([[[0.7, 0.3], [0.4, 0.6]], [[0.1, 0.9], [0.8, 0.2]]])
    found = measure("multiclass", answers, np.array([[0, 1], [0, 0]]))
    assert found["accuracy"] == 0.75


def test_that_a_certain_wrong_answer_costs_much_but_not_infinity() -> None:
    assert 500 < measure("binary", np.array([[1.0]]), np.array([[0.0]]))["log_loss"] < 1000


def test_that_a_target_that_does_not_vary_has_no_r2() -> None:
    assert np.isnan(measure("regression", np.array([[1.0], [2.0]]), np.array([[3.0], [3.0]]))["r2"])


@given(ROWS, st.integers(1, 3), SEEDS)
def test_that_regression_agrees_with_scikit_learn(rows: int, targets: int, seed: int) -> None:
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    random = np.random.default_rng(seed)
    y, answers = random.standard_normal((2, rows, targets))
    found = measure("regression", answers, y)
    assert found["r2"] == pytest.approx(r2_score(y, answers))
    assert found["mae"] == pytest.approx(mean_absolute_error(y, answers))
    if targets == 1:
        assert found["rmse"] == pytest.approx(root_mean_squared_error(y, answers))


@given(ROWS, st.integers(2, 5), SEEDS)
def test_that_classes_agree_with_scikit_learn(rows: int, classes: int, seed: int) -> None:
    from sklearn.metrics import accuracy_score, confusion_matrix, log_loss

    random = np.random.default_rng(seed)
    answers = random.dirichlet(np.ones(classes), rows)
    y = random.integers(0, classes, (rows, 1))
    labels = range(classes)
    found = measure("multiclass", answers, y)
    assert found["accuracy"] == pytest.approx(accuracy_score(y.ravel(), answers.argmax(1)))
    assert found["log_loss"] == pytest.approx(log_loss(y.ravel(), answers, labels=labels), rel=1e-6)
    expected = confusion_matrix(y.ravel(), answers.argmax(1), labels=labels)
    assert (confusion("multiclass", answers, y, classes) == expected).all()


def test_that_every_metric_says_what_it_is() -> None:
    shown = measure("regression", np.eye(2), np.eye(2)) | measure("binary", np.array([[0.5]]), np.array([[1.0]]))
    assert shown.keys() == UNITS.keys()
