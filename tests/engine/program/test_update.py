"""What an update does around the optimizer's step: which operations are emitted, on what, and in which order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.program.program import Program
from engine.training.schedules import Cosine, OnPlateau
from tests.engine.training.designs import design, program, rows

RATE = 0.1


def names(**training: Any) -> list[str]:
    """The kernels between the backward pass and the end of a batch."""
    made = program(design(**training), rows())
    first, last = made.plan.sections[3], made.plan.sections[4]
    return [row.kernel.name or row.kernel.function.__name__ for row in made.plan.rows[first:last]]


def test_that_nothing_is_done_that_is_not_asked_for() -> None:
    assert names(optimizer="minibatch") == ["descend", "advance_batch"]


def test_that_everything_is_done_in_its_order() -> None:
    done = names(optimizer="adamw", l1=0.1, l2=0.1, clip_value=1, clip_norm=1, max_norm=1, schedule=Cosine(), epochs=3)
    assert done == [
        "l1", "l1", "l2", "l2", "clip_value", "clip_norm", "timed_cosine", "decay", "decay", "adam", "max_norm",
        "max_norm", "advance_batch",
    ]  # fmt: skip


def test_that_a_plateau_is_judged_before_the_epochs_meters_are_cleared() -> None:
    made = program(design(schedule=OnPlateau()), rows())
    closing = [row.kernel.function.__name__ for row in made.plan.rows[made.plan.sections[-2] :]]
    assert closing == ["judge_plateau", "close_epoch"]


def stepped(**training: Any) -> tuple[Program, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """A program after one step of gradient descent; its weights before and after."""
    made = program(design(optimizer="gradient_descent", learning_rate=RATE, **training), rows())
    # biases that are not 0 would show a penalty on them
    made.set_parameters({key: value + 0.25 for key, value in made.parameters().items()})
    before = made.parameters()
    made.run(1)
    return made, before, made.parameters()


def gradients(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {key: (value - after[key]) / RATE for key, value in before.items()}


def test_that_penalties_act_on_weights_and_not_on_biases() -> None:
    _, start, plain = stepped()
    _, _, penalised = stepped(l1=0.5, l2=0.25)
    for key, value in start.items():
        extra = 0.5 * np.sign(value) + 0.25 * value if key.endswith("weight") else 0.0
        assert penalised[key] == pytest.approx(plain[key] - RATE * extra, abs=1e-12)


def test_that_the_norm_of_all_gradients_together_is_clipped() -> None:
    free = gradients(*stepped()[1:])
    cut = gradients(*stepped(clip_norm=0.3)[1:])
    length = np.sqrt(sum((g**2).sum() for g in free.values()))
    assert length > 0.3
    for key, gradient in free.items():
        assert cut[key] == pytest.approx(gradient * 0.3 / length, abs=1e-12)


def test_that_gradients_are_clipped_with_their_penalties_by_value_before_by_norm() -> None:
    free = gradients(*stepped(l2=0.5)[1:])
    cut = gradients(*stepped(l2=0.5, clip_value=0.2, clip_norm=0.3)[1:])
    clipped = {key: np.clip(gradient, -0.2, 0.2) for key, gradient in free.items()}
    length = np.sqrt(sum((g**2).sum() for g in clipped.values()))
    assert length > 0.3
    for key, gradient in clipped.items():
        assert cut[key] == pytest.approx(gradient * 0.3 / length, abs=1e-12)


def test_that_no_units_weights_grow_longer_than_the_norm() -> None:
    _, _, free = stepped()
    _, _, held = stepped(max_norm=0.4)
    shortened = 0
    for key, value in free.items():
        if key.endswith("bias"):
            assert np.array_equal(held[key], value)
            continue
        lengths = np.linalg.norm(value, axis=0)
        shortened += int((lengths > 0.4).sum())
        assert held[key] == pytest.approx(value * np.minimum(1, 0.4 / lengths), abs=1e-12)
    assert shortened > 0


def test_that_a_limit_that_is_not_reached_changes_no_bit() -> None:
    free = program(design(epochs=3), rows())
    held = program(design(epochs=3, clip_norm=1e6, clip_value=1e6, max_norm=1e6), rows())
    for made in (free, held):
        made.run(100)
    assert free.parameter_hash() == held.parameter_hash()
