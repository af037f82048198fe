"""The optimizers in programs: their batches, their memory, weight decay, and that each of them learns."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.optimizers import Adam, AdamW, MiniBatch, Optimizer
from tests.engine.training.designs import design, program, rows

KINDS = sorted(Optimizer.kinds)


def test_that_the_list_is_complete() -> None:
    assert set(KINDS) == {
        "gradient_descent", "sgd", "minibatch", "momentum", "nesterov", "rmsprop", "adagrad", "adadelta", "adam",
        "adamw", "nadam",
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "steps"), [("gradient_descent", 1), ("sgd", 10), ("minibatch", 3), ("adam", 3)])
def test_that_an_epoch_has_as_many_steps_as_the_optimizer_says(kind: str, steps: int) -> None:
    made = program(design(optimizer=kind, batch_size=4, epochs=2), rows())
    assert made.run(1000) == 2 * steps


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_resumed_run_equals_one_without_a_break_bit_for_bit(kind: str) -> None:
    document = design(
        optimizer=kind, batch_size=4, epochs=5, learning_rate=Optimizer.kinds[kind].usual_rate,
        l1=0.01, l2=0.01, max_norm=1.0, clip_norm=0.5, clip_value=0.2,
    )  # fmt: skip
    whole = program(document, rows(validation=0.2))
    whole.run(1000)
    for steps in (1, 2, 4):
        begun = program(document, rows(validation=0.2))
        begun.run(steps)
        resumed = program(document, rows(validation=0.2), seed=7)
        assert resumed.restore(begun.state()) == ()
        resumed.run(1000)
        assert resumed.parameter_hash() == whole.parameter_hash()
        start, length = whole.plan.kept
        assert np.array_equal(resumed.par[start : start + length], whole.par[start : start + length])


@pytest.mark.parametrize("kind", KINDS)
def test_that_every_optimizer_learns_at_its_usual_rate(kind: str) -> None:
    made = program(
        design(optimizer=kind, batch_size=8, epochs=60, learning_rate=Optimizer.kinds[kind].usual_rate),
        rows(count=64),
    )
    made.run(100_000)
    losses = made.take_log()[:, 2]
    assert losses[-1] < 0.6 * losses[0]
    assert np.isfinite(made.par).all()


def test_that_weight_decay_shrinks_weights_and_leaves_biases_to_adam() -> None:
    settings = {"batch_size": 5, "epochs": 1, "learning_rate": 0.1}
    plain = program(design(optimizer=Adam(), **settings), rows())
    decayed = program(design(optimizer=AdamW(weight_decay=0.5), **settings), rows())
    first = plain.parameters()
    plain.run(1)
    decayed.run(1)
    without, with_decay = plain.parameters(), decayed.parameters()
    for key, start in first.items():
        # the gradient is the same, so Adam's step is: only α·λ·w = 0.05·w more is gone, from weights
        gone = 0.05 * start if key.endswith("weight") else 0.0
        assert with_decay[key] == pytest.approx(without[key] - gone, abs=1e-12)
        assert not np.array_equal(without[key], start)


def test_that_adamw_without_decay_is_adam() -> None:
    made = [program(design(optimizer=optimizer, epochs=3), rows()) for optimizer in (Adam(), AdamW(weight_decay=0.0))]
    for one in made:
        one.run(100)
    assert made[0].parameter_hash() == made[1].parameter_hash()


def test_that_another_optimizer_begins_with_an_empty_memory() -> None:
    begun = program(design(optimizer="adam", epochs=9), rows())
    begun.run(20)
    other = program(design(optimizer="nadam", epochs=9), rows())
    other.restore(begun.state())
    start, length = other.plan.kept
    assert np.array_equal(other.par[start : start + length], np.zeros(length))
    assert other.parameter_hash() == begun.parameter_hash()


def test_that_other_constants_of_the_same_optimizer_keep_its_memory() -> None:
    begun = program(design(optimizer=Adam(), epochs=9), rows())
    begun.run(20)
    other = program(design(optimizer=Adam(beta1=0.5), epochs=9), rows())
    other.restore(begun.state())
    start, length = other.plan.kept
    assert np.array_equal(other.par[start : start + length], begun.par[start : start + length])


def test_that_optimizers_are_read_back_from_their_dump() -> None:
    for kind in Optimizer.kinds.values():
        assert Optimizer.parse(kind().dump()) == kind()
    assert Optimizer.parse("minibatch") == MiniBatch()
