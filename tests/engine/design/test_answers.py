"""What the last layer gives, beside what the data ask."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.data.prepare import Prepared
from engine.design.checks import check
from engine.layers import Spec
from engine.training.spec import DataSplit
from tests.builders import chain, dense
from tests.engine.design.reports import data, mended, only


@pytest.mark.parametrize(
    ("task", "outputs", "units"), [("regression", 1, 1), ("regression", 3, 3), ("binary", 2, 1), ("multiclass", 3, 3)]
)
def test_that_the_last_layer_is_set_to_what_the_data_ask(task: str, outputs: int, units: int) -> None:
    prepared = data(task, outputs)
    document = chain(dense(8, "relu"), dense(7))
    problem = only(check(document, prepared))
    assert (problem.node, problem.field) == ("dense_2", "units")
    assert problem.fix is not None
    assert problem.fix.text == f"Set units to {units}"
    assert check(mended(document, problem, prepared), prepared).problems == ()


def test_that_two_classes_may_be_told_apart_by_two_numbers() -> None:
    assert check(chain(dense(2)), data("binary")).problems == ()
    document = chain(dense(1), training={"loss": "cce"})
    problem = only(check(document, data("binary")))
    assert "two classes, told apart by 2 numbers" in problem.reason


def test_that_the_layer_before_an_activation_is_the_one_to_set() -> None:
    problem = only(check(chain(dense(8), "activation"), data()))
    assert (problem.node, problem.field) == ("dense_1", "units")


def test_that_a_dense_is_added_where_nothing_has_units() -> None:
    prepared = data(outputs=3)
    document = chain("batch_norm")
    problem = only(check(document, prepared))
    assert problem.node == "batch_norm_1"
    again = mended(document, problem, prepared)
    assert again.nodes[-1].layer == dense(3)
    assert check(again, prepared).problems == ()


def test_that_a_picture_is_flattened_for_an_answer_of_numbers() -> None:
    document = chain(dense(4), {"type": "reshape", "shape": (2, 2)}, dense(1))
    problem = only(check(document, data()))
    assert problem.reason == "the network answers with 2×1, and arrays asks for one number: 1"
    assert check(mended(document, problem), data()).problems == ()


def test_that_token_ids_are_no_answer() -> None:
    prepared = replace(data(), input=Spec((4,), tokens=10))
    assert "token ids are no answer" in check(chain(), prepared).problems[0].reason


def test_that_a_loss_that_cannot_judge_the_task_is_refused() -> None:
    document = chain(dense(3), training={"loss": "mse"})
    problem = only(check(document, data("multiclass", 3)))
    assert (problem.node, problem.field) == ("", "loss")
    assert "Mean squared error cannot judge several classes" in problem.reason
    assert check(mended(document, problem), data("multiclass", 3)).problems == ()


@pytest.mark.parametrize(
    ("task", "activation"), [("regression", "relu"), ("regression", "tanh"), ("binary", "relu"), ("binary", "softmax")]
)
def test_that_an_activation_that_limits_the_answer_is_warned_of(task: str, activation: str) -> None:
    problem = only(check(chain(dense(4, "relu"), dense(1, activation)), data(task)))
    assert (problem.severity, problem.node, problem.field) == ("warning", "dense_2", "activation")
    assert "some answers can never be reached" in problem.reason
    check(chain(dense(4, "relu"), dense(1, activation)), data(task)).require()
    assert check(mended(chain(dense(4, "relu"), dense(1, activation)), problem), data(task)).problems == ()


@pytest.mark.parametrize(
    ("task", "units", "activation"),
    [
        ("regression", 1, "linear"), ("regression", 1, "leaky_relu"), ("binary", 1, "sigmoid"),
        ("multiclass", 3, "softmax"),
    ],
)  # fmt: skip
def test_that_an_activation_that_the_loss_contains_is_no_limit(task: str, units: int, activation: str) -> None:
    assert check(chain(dense(units, activation)), data(task, units)).problems == ()


def test_that_a_target_in_the_user_s_own_units_may_be_limited() -> None:
    rng = np.random.default_rng(0)
    split = DataSplit(scale_target=False)
    prepared = Prepared.from_arrays(rng.standard_normal((20, 2)), rng.random((20, 1)), split=split)
    assert check(chain(dense(1, "sigmoid")), prepared).problems == ()
