"""The course of the layers' statistics: bounded, of even columns, and true to what was observed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.insight.tensors import LayerStat, TensorStats
from engine.insight.trail import COLUMNS, QUANTITIES, Trail
from engine.training.trainer import Trainer
from tests.builders import chain, dense


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = perf_counter() + seconds
    while not true():
        assert perf_counter() < deadline
        Event().wait(0.005)


def stats(step: int, **norms: float) -> TensorStats:
    layers = (
        LayerStat(
            node=node, norm=norm, mean=norm / 2, largest=2 * norm, update_ratio=1e-3, dead=0.25, saturated=0.5,
            output_mean=0.0, output_spread=1.0,
        )
        for node, norm in norms.items()
    )  # fmt: skip
    return TensorStats(step, step // 10, (), tuple(layers))


def test_that_every_quantity_of_every_layer_that_learns_is_kept() -> None:
    trail = Trail()
    for step in (1, 2, 3):
        trail.append(stats(step, input=float("nan"), a=10.0**-step, b=0.0))
    course = trail.course("norm")
    assert course.layers == ("a", "b")
    assert course.steps.tolist() == [1, 2, 3]
    assert course.values[0] == pytest.approx([0.1, 0.01, 0.001])
    assert course.values[1].tolist() == [0, 0, 0]
    assert {name: trail.course(name).values[0, 0] for name in QUANTITIES} == {
        "norm": pytest.approx(0.1), "mean": pytest.approx(0.05), "largest": pytest.approx(0.2),
        "update_ratio": pytest.approx(1e-3), "dead": 0.25, "saturated": 0.5, "output_mean": 0.0,
        "output_spread": pytest.approx(1.0),
    }  # fmt: skip


def test_that_layers_without_weights_have_a_course_of_what_they_give() -> None:
    trail = Trail()
    trail.append(stats(1, input=float("nan"), a=1.0, relu=float("nan"), b=2.0))
    assert trail.course("norm").layers == ("a", "b")
    assert trail.course("update_ratio").values.shape == (2, 1)
    assert trail.course("dead").layers == ("a", "relu", "b")
    assert trail.course("dead").values[:, 0].tolist() == [0.25, 0.25, 0.25]


@given(st.integers(1, 5 * COLUMNS))
def test_that_any_number_of_observations_fits_and_reaches_to_the_newest(count: int) -> None:
    trail = Trail()
    for step in range(1, count + 1):
        trail.append(stats(step, a=10.0 ** ((1 - step) / count)))
    course = trail.course("norm")
    assert 0 < course.values.shape[1] <= COLUMNS
    assert course.steps[-1] == count
    assert np.all(np.diff(course.steps) > 0)
    assert np.all(np.diff(course.values[0]) < 0)  # it fell all the time
    assert course.values[0, 0] == pytest.approx(1.0, rel=0.05)


def test_that_an_explosion_survives_the_thinning() -> None:
    trail = Trail()
    for step in range(1, 3 * COLUMNS):
        trail.append(stats(step, a=np.inf if step == 5 else 1.0))
    assert np.isinf(trail.course("norm").values).sum() == 1


def test_that_layers_may_come_and_go() -> None:
    trail = Trail()
    trail.append(stats(1, a=1.0, b=2.0))
    trail.append(stats(2, c=3.0, b=4.0))
    course = trail.course("norm")
    assert course.layers == ("c", "b")
    assert course.values[1] == pytest.approx([2, 4])
    assert np.isnan(course.values[0, 0])
    trail.clear()
    assert trail.course("norm").values.shape == (2, 0)


def test_that_a_trainer_keeps_the_course_of_its_run_and_forgets_it_with_a_reset() -> None:
    document = chain(dense(4, "tanh"), dense(1), data="spiral")
    trainer = Trainer(document.but(training=document.training.but(epochs=10_000_000)))
    trainer.start()
    try:
        trainer.play()
        until(lambda: trainer.trail.course("norm").values.shape[1] >= 3)
        course = trainer.trail.course("norm")
        assert course.layers == ("dense_1", "dense_2")
        assert np.all(course.values > 0)
        trainer.reset()
        until(lambda: trainer.trail.course("norm").values.shape[1] == 0)
    finally:
        trainer.close()
