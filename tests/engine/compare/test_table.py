"""The table of final numbers, the usual contests, and the changes that are offered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.compare.race import race, seed_fan, variations
from engine.compare.standing import Contestant, Finals, Standing
from engine.compare.table import table_of
from engine.compare.task import Task
from engine.design.checks import check
from engine.design.difference import differences
from engine.errors import DesignError
from tests.builders import chain, dense

DESIGN = chain(dense(4, "tanh"), dense(1), data="spiral")


def standing(key: int, train: float, validation: float, accuracy: float, fan: str = "") -> Standing:
    finals = Finals(5, "accuracy", {"train": train, "validation": validation}, {"train": accuracy})
    return Standing(key, Contestant(f"run {key}", DESIGN, key, fan), "finished", step=5, task="binary", finals=finals)


def test_that_the_best_is_least_loss_and_greatest_metric() -> None:
    table = table_of([standing(1, 0.3, 0.5, 0.8), standing(2, 0.2, 0.6, 0.9)])
    assert table.best == {"train loss": 1, "validation loss": 0, "train metric": 1}
    assert table.metric == "accuracy"
    assert table_of([standing(1, 0.3, 0.5, 0.8)]).best == {}
    assert table_of([standing(1, 0.3, 0.5, 0.8), standing(2, 0.3, 0.5, 0.8)]).best == {}


def test_that_a_fan_stands_for_its_seeds() -> None:
    seeds = [standing(1, 0.2, 0.4, 0.8, "A"), standing(2, 0.4, 0.6, 0.6, "A")]
    table = table_of([*seeds, standing(3, 0.25, 0.7, 0.65)])
    assert [row.name for row in table.rows] == ["run 1", "run 2", "run 3", "A: mean of 2"]
    fan = table.rows[3]
    assert fan.keys == (1, 2)
    assert fan.numbers["train loss"].mean == pytest.approx(0.3)
    assert fan.numbers["train loss"].sd == pytest.approx(0.02**0.5)
    assert table.best["train loss"] == 2
    assert table.best["validation loss"] == 3  # not one of the seeds that make it up


def test_that_old_finals_give_way_to_what_the_log_says() -> None:
    moved = replace(standing(1, 0.3, 0.5, 0.8), step=6, loss=0.1, validation_loss=float("nan"))
    numbers = table_of([moved]).rows[0].numbers
    assert numbers["train loss"].mean == 0.1
    assert "validation loss" not in numbers


def test_that_a_race_changes_the_optimizer_and_its_rate_alone() -> None:
    runners = race(DESIGN)
    assert [each.name for each in runners] == ["Gradient descent", "SGD", "Mini-batch", "Momentum", "RMSProp", "Adam"]
    assert {each.seed for each in runners} == {0}
    for each in runners:
        training = each.document.training
        assert training.learning_rate == type(training.optimizer).usual_rate
        assert each.document.but(training=DESIGN.training) == DESIGN
    assert [each.seed for each in seed_fan(DESIGN, 3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="from 1 to 8"):
        seed_fan(DESIGN, 9)


def test_that_every_change_that_is_offered_is_one_and_can_be_trained() -> None:
    offered = list(variations(DESIGN))
    assert len({(each.group, each.text) for each in offered}) == len(offered)
    assert {"Optimizer", "Learning rate", "Batch size", "Hidden layers", "Seed"} <= {each.group for each in offered}
    for each in offered:
        assert differences(DESIGN, each.document)
        assert not check(each.document).errors
        assert each.document.nodes[-1] == DESIGN.nodes[-1]  # the answer keeps its shape


def test_that_a_task_says_what_went_wrong_and_can_be_left() -> None:
    def fails() -> object:
        yield 1
        raise DesignError("Surface", "it is flat", "Train first")

    task = Task("test", fails)
    task._thread.join()
    assert (task.latest, task.failure, task.done) == (1, "Surface: it is flat. Train first", True)

    def endless() -> object:
        number = 0
        while True:
            number += 1
            yield np.float64(number)

    going = Task("test", endless)
    going.close()
    assert going.done
    assert not going.alive
