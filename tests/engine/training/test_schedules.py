"""Every schedule's learning rates, worked by hand, as a program trains with them; its curve; and going on with it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.program.program import Program
from engine.training.schedules import (
    Constant,
    Cosine,
    Exponential,
    OneCycle,
    OnPlateau,
    Schedule,
    Step,
    WarmUp,
)
from tests.engine.training.designs import design, program, rate, rows

# schedule, epochs, the factors of the learning rate at every step; two steps an epoch, so t = 0, ½, 1, 1½, 2 …
WORKED: list[tuple[Schedule, int, tuple[float, ...]]] = [
    (Constant(), 2, (1, 1, 1, 1)),
    # halved at t = 2 and at t = 4
    (Step(part=0.5, every=2), 5, (1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25)),
    # ¼ᵗ: 1, ½, ¼, ⅛
    (Exponential(keep=0.25), 2, (1, 0.5, 0.25, 0.125)),
    # ½(1 + cos(π·t/3)) at t/3 = 0, 1/6, 1/3, 1/2, 2/3, 5/6: cosines 1, √¾, ½, 0, -½, -√¾
    (Cosine(), 3, (1, 0.9330127, 0.75, 0.5, 0.25, 0.0669873)),
    # the same, squeezed between 0.2 and 1: 0.2 + 0.8·…
    (Cosine(floor=0.2), 3, (1, 0.9464102, 0.8, 0.6, 0.4, 0.2535898)),
    # 0.2 + 0.8·t/2, then 1
    (WarmUp(epochs=2, start=0.2), 3, (0.2, 0.4, 0.6, 0.8, 1, 1)),
    # after one epoch a step's own time begins: halved at t = 2 and at t = 3
    (WarmUp(epochs=1, start=0, then=Step(part=0.5, every=1)), 4, (0, 0.5, 1, 1, 0.5, 0.5, 0.25, 0.25)),
    # after one epoch the cosine has three left
    (WarmUp(epochs=1, start=0, then=Cosine()), 4, (0, 0.5, 1, 0.9330127, 0.75, 0.5, 0.25, 0.0669873)),
    # up in two epochs from ¼ along ½(1 - cos(π·t/2)): 0, 0.1464466, 0.5, 0.8535534, times ¾;
    # down to ¼/10 along ½(1 + cos(π·(t-2)/2)): 1, 0.8535534, 0.5, 0.1464466, times 0.975
    (
        OneCycle(rise=0.5, divide=4, end_divide=10),
        4,
        (0.25, 0.3598350, 0.625, 0.8901650, 1, 0.8572146, 0.5125, 0.1677854),
    ),
]


def descending(schedule: Schedule, epochs: int) -> Program:
    """Two steps an epoch at a learning rate of 0.1."""
    return program(
        design(optimizer="minibatch", batch_size=5, epochs=epochs, learning_rate=0.1, schedule=schedule), rows()
    )


@pytest.mark.parametrize(("schedule", "epochs", "factors"), WORKED, ids=lambda value: getattr(value, "kind", ""))
def test_that_a_program_trains_with_the_rates_that_one_works_out_by_hand(
    schedule: Schedule, epochs: int, factors: tuple[float, ...]
) -> None:
    made = descending(schedule, epochs)
    seen = []
    for _ in factors:
        assert made.run(1) == 1
        seen.append(rate(made))
    assert seen == pytest.approx([0.1 * factor for factor in factors], abs=1e-8)
    assert schedule.curve(epochs, 2) == pytest.approx(factors, abs=1e-7)
    # the log holds the rate of each epoch's last step
    assert made.take_log()[:, 6] == pytest.approx(seen[1::2])


def test_that_the_optimizer_uses_the_rate_of_the_schedule() -> None:
    # one step an epoch, each with a quarter of the rate of the last
    made = program(
        design(optimizer="gradient_descent", epochs=2, schedule=Exponential(keep=0.25), learning_rate=0.1), rows()
    )
    size = made.plan.parameters_size
    for used in (0.1, 0.025):
        before = made.parameters()
        made.run(1)
        for p in made.plan.parameters:
            start = size + made.plan.places[p.value]
            gradient = made.par[start : start + p.size].reshape(p.shape)
            assert made.parameters()[p.key] == pytest.approx(before[p.key] - used * gradient, rel=1e-12)


def test_that_on_plateau_cuts_the_rate_when_the_loss_no_longer_falls_enough() -> None:
    # at this small rate no loss ever falls by 90 %: the first sets the mark, then every second is one too many
    schedule = OnPlateau(part=0.5, patience=2, threshold=0.9)
    for validation in (0.0, 0.3):
        document = design(batch_size=5, epochs=8, learning_rate=0.001, schedule=schedule)
        made = program(document, rows(validation=validation))
        made.run(1000)
        rates = made.take_log()[:, 6]
        assert 1000 * rates == pytest.approx([1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125])


def test_that_a_reset_forgets_the_plateau() -> None:
    made = program(design(epochs=6, learning_rate=0.1, schedule=OnPlateau(part=0.5, patience=1, threshold=0.9)), rows())
    made.run(1000)
    first = made.take_log()
    assert first[-1, 6] < 0.1
    made.reset()
    made.run(1000)
    assert np.array_equal(made.take_log(), first, equal_nan=True)


GOING_ON = [
    *(kind() for kind in Schedule.kinds.values()),
    OnPlateau(part=0.5, patience=1, threshold=0.9),
    WarmUp(epochs=2, then=OnPlateau(part=0.5, patience=1, threshold=0.9)),
    WarmUp(epochs=2, then=WarmUp(epochs=1, then=Cosine(floor=0.1))),
]


@pytest.mark.parametrize("schedule", GOING_ON, ids=lambda schedule: schedule.kind)
def test_that_a_schedule_goes_on_after_a_restore_as_if_nothing_had_been(schedule: Schedule) -> None:
    document = design(optimizer="momentum", batch_size=4, epochs=6, learning_rate=0.05, schedule=schedule)
    whole = program(document, rows(validation=0.3))
    whole.run(100)
    history = whole.take_log()
    for steps in (3, 4, 5):  # two steps an epoch: within an epoch, and between two
        begun = program(document, rows(validation=0.3))
        begun.run(steps)
        resumed = program(document, rows(validation=0.3), seed=99)
        assert resumed.restore(begun.state()) == ()
        resumed.run(100)
        assert resumed.parameter_hash() == whole.parameter_hash()
        assert np.array_equal(resumed.take_log(), history[steps // 2 :], equal_nan=True)


def test_that_another_batch_size_while_training_shifts_no_schedule() -> None:
    document = design(optimizer="minibatch", batch_size=5, epochs=4, learning_rate=0.1, schedule=Cosine())
    made = program(document, rows())
    made.run(4)
    other = program(document.but(training=document.training.but(batch_size=1)), rows())
    other.restore(made.state())
    other.run(1)
    # two of four epochs are done: cos(π/2) = 0
    assert rate(other) == pytest.approx(0.05)


def test_that_another_schedule_begins_without_the_memory_of_the_last() -> None:
    document = design(epochs=9, learning_rate=0.1, schedule=OnPlateau(part=0.5, patience=1, threshold=0.9))
    made = program(document, rows())
    made.run(4)
    assert rate(made) < 0.1
    warm = WarmUp(epochs=1, then=OnPlateau(part=0.5, patience=1, threshold=0.9))
    other = program(document.but(training=document.training.but(schedule=warm)), rows())
    other.restore(made.state())
    other.run(1)
    assert rate(other) == pytest.approx(0.1)


@settings(max_examples=30, deadline=None)
@given(
    kind=st.sampled_from(sorted(Schedule.kinds)), epochs=st.integers(1, 300), steps=st.integers(1, 40),
    most=st.integers(2, 50),
)  # fmt: skip
def test_that_every_curve_stays_within_0_and_the_learning_rate(kind: str, epochs: int, steps: int, most: int) -> None:
    schedule = Schedule.kinds[kind]()
    curve = schedule.curve(epochs, steps)
    assert curve.shape == (epochs * steps,)
    assert curve.min() >= 0
    assert curve.max() <= 1 + 1e-12
    few = schedule.curve(epochs, steps, most)
    assert len(few) == min(most, epochs * steps)
    assert few[0] == curve[0]
    assert few[-1] == curve[-1]


def test_that_a_warm_up_longer_than_the_run_is_no_error() -> None:
    for then in (Cosine(), OneCycle(), Step(), Exponential()):
        schedule = WarmUp(epochs=10, start=0, then=then)
        made = descending(schedule, 2)
        made.run(100)
        assert np.isfinite(made.par).all()
        assert made.take_log()[:, 6] == pytest.approx(0.1 * schedule.curve(2, 2)[1::2])


def test_that_schedules_are_read_back_from_their_dump() -> None:
    for schedule in GOING_ON:
        assert Schedule.parse(schedule.dump()) == schedule


def test_that_the_curve_of_a_run_without_end_takes_no_room() -> None:
    assert len(Constant().curve(100_000_000, 1_000_000, 50)) == 50
