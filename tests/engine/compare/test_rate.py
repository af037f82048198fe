"""The learning-rate range test on problems whose right rate is known."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest

from engine.compare.rate import FIRST, RATES, rate_test, suggestions
from engine.data.prepare import prepare
from engine.design.document import Document
from engine.program.program import Program
from engine.training.train import train
from tests.builders import chain, dense


def line(**training: object) -> Document:
    """A straight line by gradient descent: its loss is a parabola, whose curvature says which rates are stable."""
    document = chain(dense(1), data={"type": "line", "noise": 20})
    return document.but(
        training=document.training.but(**({"optimizer": "gradient_descent", "loss": "mse", "epochs": 50} | training))
    )


def test_that_the_suggested_rate_is_sane_where_the_stable_ones_are_known() -> None:
    document = line()
    prepared = prepare(document.data, document.split)
    *_, found = rate_test(document, prepared)
    x = prepared.x[prepared.train].astype(np.float64)
    design = np.column_stack([x, np.ones(len(x))])
    curvature = float(np.linalg.eigvalsh(2 * design.T @ design / len(x)).max())
    stable = 2 / curvature  # gradient descent on a parabola diverges beyond
    assert found.ended == "diverged"
    assert found.rates[-1] > stable
    assert 0.01 * stable < found.tenth < stable
    assert 0.01 * stable < found.steepest < stable

    def loss_with(rate: float) -> float:
        return train(line(learning_rate=rate)).program.training_loss()

    # a tenth of the lowest learns the line in 50 steps, the steepest most of it, a hundredth of that hardly any
    best = float(np.linalg.lstsq(design, prepared.y[prepared.train].astype(np.float64), rcond=None)[1][0]) / len(x)
    assert loss_with(found.tenth) < best + 0.001
    assert loss_with(found.steepest) < 0.05 * found.losses[0]
    assert loss_with(found.steepest / 100) > 0.5 * found.losses[0]


def test_that_the_rates_grow_by_a_constant_factor_and_are_those_that_were_used() -> None:
    document = line(epochs=3)
    prepared = prepare(document.data, document.split)
    *_, found = rate_test(document, prepared, low=1e-4, high=1e-2, count=5)
    np.testing.assert_allclose(found.rates, [1e-4, 10**-3.5, 1e-3, 10**-2.5, 1e-2])
    assert found.ended == "highest"
    # by hand: a step of gradient descent after another, each with its rate
    program = Program(document, prepared)
    for rate, loss in zip(found.rates, found.losses, strict=True):
        x, y = prepared.unscale_x(prepared.x[prepared.train]), prepared.unscale_y(prepared.y[prepared.train])
        computed, gradients = program.gradients(x, y)
        assert loss == pytest.approx(computed, rel=1e-5)
        now = program.parameters()
        program.set_parameters({key: now[key] - rate * gradients[key] for key in now})


def test_that_it_begins_at_the_present_weights_and_leaves_them_alone() -> None:
    document = line(learning_rate=0.1)
    run = train(document)
    before = run.program.parameter_hash()
    *_, found = rate_test(document, run.prepared, run.program.state())
    assert found.losses[0] == pytest.approx(run.program.training_loss(), rel=1e-4)
    assert run.program.parameter_hash() == before
    *_, fresh = rate_test(document, run.prepared)
    assert fresh.losses[0] > 2 * found.losses[0]


@pytest.mark.parametrize("optimizer", ["sgd", "minibatch", "momentum", "adam"])
def test_that_every_kind_of_step_has_its_rate(optimizer: str) -> None:
    document = chain(dense(8, "tanh"), dense(1), data="circle")
    document = document.but(training=document.training.but(optimizer=optimizer, batch_size=20))
    *_, found = rate_test(document, prepare(document.data, document.split))
    assert 1e-4 < found.steepest < 5
    assert np.isfinite(found.smooth[:-1]).all()
    assert len(found.rates) <= RATES


def test_that_suggestions_follow_the_curve() -> None:
    rates = np.geomspace(1e-5, 10, 61)
    x = np.log10(rates)
    curve = 1 - 0.9 / (1 + np.exp(-4 * (x + 2))) + np.where(x > 0, 10 * x, 0)  # falls most at 10⁻², rises from 1 on
    steepest, tenth = suggestions(rates, curve)
    assert steepest == pytest.approx(1e-2, rel=0.3)
    assert tenth == pytest.approx(0.1 * 10 ** x[curve.argmin()])
    assert isnan(suggestions(rates, np.linspace(1, 2, 61))[0])
    assert isnan(suggestions(rates[:FIRST], curve[:FIRST])[0])
    assert isnan(suggestions(rates, np.full(61, nan))[1])
