"""The functions that help draws: they are those that train."""

from __future__ import annotations

import numpy as np
import pytest

from engine.insight.functions import CURVATURES, START, activation_curve, descend, loss_curve
from engine.kernels import losses
from engine.kernels.activations import ACTIVATIONS
from engine.training.optimizers import Optimizer
from tests.engine.kernels import twins

Z = np.linspace(-5, 5, 41)


@pytest.mark.parametrize("name", [name for name, row in ACTIVATIONS.items() if row.value is not None])
def test_that_a_curve_is_the_activations_twin_and_its_slope_that_of_the_curve(name: str) -> None:
    y, slope = activation_curve(name, Z)
    np.testing.assert_allclose(y, twins.ACTIVATIONS[name](Z, ACTIVATIONS[name].default), atol=1e-12)
    away = Z[np.all([np.abs(Z - corner) > 0.01 for corner in (-3.0, 0.0, 3.0)], axis=0)]
    above, below = activation_curve(name, away + 1e-5)[0], activation_curve(name, away - 1e-5)[0]
    np.testing.assert_allclose(activation_curve(name, away)[1], (above - below) / 2e-5, atol=1e-6)
    assert len(slope) == len(Z)


def test_that_softmax_has_no_curve() -> None:
    with pytest.raises(ValueError, match="no curve"):
        activation_curve("softmax", Z)


def test_that_losses_are_those_of_their_formulas() -> None:
    np.testing.assert_allclose(loss_curve(losses.squared, Z, 1.0), (Z - 1) ** 2)
    huber = np.where(np.abs(Z) <= 2, Z**2 / 2, 2 * (np.abs(Z) - 1))
    np.testing.assert_allclose(loss_curve(losses.huber_value, Z, 0.0, 2.0), huber)
    np.testing.assert_allclose(loss_curve(losses.hinge_value, Z, 1.0), np.maximum(0, 1 - Z))


def test_that_gradient_descent_goes_down_the_valley_as_worked_by_hand() -> None:
    path = descend(Optimizer.kinds["gradient_descent"](), 0.1, 20).path
    expected = np.array(START) * (1 - 0.1 * np.array(CURVATURES)) ** np.arange(21)[:, None]
    np.testing.assert_allclose(path, expected, atol=1e-5)


def test_that_a_single_row_a_step_is_noisy_and_repeats() -> None:
    walk = [descend(Optimizer.kinds["sgd"](), 0.1, 30).path for _ in range(2)]
    smooth = descend(Optimizer.kinds["gradient_descent"](), 0.1, 30).path
    assert np.array_equal(*walk)
    assert np.abs(walk[0] - smooth).max() > 0.1
