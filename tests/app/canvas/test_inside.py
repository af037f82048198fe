"""Where everything lies inside an unfolded box."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from app.canvas.geometry import WIDTH
from app.canvas.unfolded import Inside
from engine.insight.tiles import Histogram, Neurons, Thumbnail


def inside(inputs: int, units: int) -> Inside:
    picture = Histogram(np.ones(3), 0.0, 1.0)
    weights = np.linspace(-1, 1, inputs * units).reshape(inputs, units)
    neurons = Neurons(weights, np.zeros(units), tuple(f"x{n + 1}" for n in range(inputs)), None)
    return Inside("layer", Thumbnail(picture, neurons), neurons)


@pytest.mark.parametrize(("inputs", "units"), [(1, 1), (2, 8), (32, 1), (3, 32), (32, 32)])
def test_that_everything_lies_inside_the_box_and_nothing_on_another(inputs: int, units: int) -> None:
    shown = inside(inputs, units)
    for rows in ([shown.neuron(unit) for unit in range(units)], [shown.input(number) for number in range(inputs)]):
        assert all(rect.top() >= 0 and rect.bottom() <= shown.height for rect in rows)
        assert all(rect.left() >= 0 and rect.right() <= WIDTH for rect in rows)
        assert all(a.bottom() <= b.top() for a, b in pairwise(rows))
    assert (shown.ends[:, 0] < shown.ends[:, 2]).all()


@pytest.mark.parametrize(("inputs", "units"), [(1, 1), (2, 8), (8, 8)])
def test_that_every_number_can_be_taken_hold_of_where_it_is_said_to_be(inputs: int, units: int) -> None:
    shown = inside(inputs, units)
    assert len(shown.grips()) == inputs * units + units
    for grip in shown.grips():
        assert shown.grip_at(shown.place_of(grip)) == grip
    assert shown.grip_at(QPointF(0, 0)) is None


def test_that_a_layer_with_too_many_inputs_has_biases_alone() -> None:
    neurons = Neurons(None, np.zeros(3), tuple("abcd"), None)
    shown = Inside("layer", Thumbnail(Histogram(np.ones(3), 0.0, 1.0), neurons), neurons)
    assert [grip.parameter for grip in shown.grips()] == ["bias"] * 3
    assert shown.grip_at(QPointF(WIDTH / 2, shown.height / 2)) is None
