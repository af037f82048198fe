"""A contest: everybody trains to the bits that they would reach alone, and nobody holds the others up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic, sleep

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compare.axes import AXES
from engine.compare.contest import MOST, Contest, cores
from engine.compare.standing import Contestant, Standing
from engine.design.document import Document
from engine.errors import NetloomError
from engine.program.program import Program
from engine.training.train import train
from tests.builders import chain, dense


def design(units: int = 4, **training: object) -> Document:
    document = chain(dense(units, "tanh"), dense(1), data="spiral")
    return document.but(training=document.training.but(**({"epochs": 12, "learning_rate": 0.01} | training)))


def until(holds: Callable[[], object]) -> None:
    end = monotonic() + 60
    while not holds():
        assert monotonic() < end, "it never came to what was waited for"
        sleep(0.001)


class Hash:
    """A question whose answer is the bits of all parameters."""

    def answer(self, program: Program) -> tuple[int, str]:
        return program.position, program.parameter_hash()


@pytest.fixture
def contest() -> Iterator[Contest]:
    made = Contest()
    yield made
    made.close()


def run_to_the_end(contest: Contest, *contestants: Contestant) -> tuple[Standing, ...]:
    for contestant in contestants:
        contest.add(contestant)
    contest.start()
    contest.play()
    until(lambda: not contest.busy)
    return contest.standings()


def bits(contest: Contest, key: int) -> str:
    contest.ask(key, "hash", Hash())
    until(lambda: contest.answer(key, "hash") is not None)
    return str(contest.answer(key, "hash")[1])


@settings(max_examples=5)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3), st.integers(20, 300)), min_size=1, max_size=4),
)
def test_that_lock_step_gives_the_bits_that_each_would_have_alone(wanted: list[tuple[int, int, int]]) -> None:
    contest = Contest()
    try:
        contestants = [
            Contestant(f"{n}", design(units, batch_size=batch), seed) for n, (units, seed, batch) in enumerate(wanted)
        ]
        for standing in run_to_the_end(contest, *contestants):
            alone = train(standing.contestant.document, seed=standing.contestant.seed)
            assert bits(contest, standing.key) == alone.program.parameter_hash()
            assert standing.epoch == alone.epoch == 12
            ours, theirs = standing.log.read(), alone.log.read()
            for name in ours.keys() - {"seconds"}:
                np.testing.assert_array_equal(ours[name], theirs[name])
    finally:
        contest.close()


def test_that_a_divergence_ends_one_and_no_other(contest: Contest) -> None:
    wild = design(learning_rate=1e12, optimizer="minibatch", loss="mse").but(data="plane")
    calm, gone = run_to_the_end(contest, Contestant("calm", design(), 1), Contestant("wild", wild, 1))
    assert calm.phase == "finished"
    assert calm.epoch == 12
    assert gone.phase == "diverged"
    assert "diverged" in gone.sentence


def test_that_what_cannot_be_trained_says_why_and_leaves_the_others(contest: Contest) -> None:
    calm, bad = run_to_the_end(contest, Contestant("calm", design(), 1), Contestant("bad", Document(), 1))
    assert (calm.phase, bad.phase) == ("finished", "failed")
    assert "canvas is empty" in bad.sentence


def test_that_a_pause_leaves_all_at_the_same_epoch_and_measures_them(contest: Contest) -> None:
    for units in (2, 16):
        contest.add(Contestant(str(units), design(units, epochs=10_000_000), 0))
    contest.start()
    contest.play()
    until(lambda: all(standing.epoch > 3 for standing in contest.standings()))
    contest.pause()
    until(lambda: not contest.busy)
    first, second = contest.standings()
    assert first.epoch == second.epoch
    assert first.begun == first.epoch
    assert [standing.phase for standing in (first, second)] == ["ready", "ready"]
    for standing in (first, second):
        assert standing.finals is not None
        assert standing.finals.step == standing.step
        assert set(standing.finals.losses) == {"train", "validation"}
    contest.play()
    until(lambda: all(standing.epoch > first.epoch for standing in contest.standings()))


def test_that_nobody_is_a_round_ahead(contest: Contest) -> None:
    for units in (1, 64):
        contest.add(Contestant(str(units), design(units, epochs=10_000_000), 0))
    contest.pace(1000)  # rounds of one epoch
    contest.start()
    contest.play()
    seen = 0
    while seen < 50:
        first, second = contest.standings()
        assert abs(first.epoch - second.epoch) <= 2  # one of the two may have been read a round earlier
        seen = min(first.epoch, second.epoch)


def test_that_one_who_comes_later_is_trained_up_to_the_others(contest: Contest) -> None:
    contest.add(Contestant("first", design(epochs=10_000_000), 0))
    contest.start()
    contest.play()
    until(lambda: contest.standings()[0].epoch > 20)
    late = contest.add(Contestant("late", design(epochs=10_000_000), 0))
    until(lambda: contest.standings()[1].epoch > 20)
    contest.pause()
    until(lambda: not contest.busy)
    assert contest.standings()[0].epoch == contest.standings()[1].epoch
    assert bits(contest, late) == bits(contest, contest.standings()[0].key)
    contest.remove(late)
    assert [standing.name for standing in contest.standings()] == ["first"]


def test_that_same_data_are_prepared_once(contest: Contest) -> None:
    keys = [contest.add(Contestant(str(seed), design(), seed)) for seed in range(2)]
    other = contest.add(Contestant("other", design().but(data="moons"), 0))

    class Address:
        def answer(self, program: Program) -> int:
            return int(program.prepared.x.ctypes.data)

    contest.start()
    for key in (*keys, other):
        contest.ask(key, "address", Address())
    until(lambda: all(contest.answer(key, "address") for key in (*keys, other)))
    assert contest.answer(keys[0], "address") == contest.answer(keys[1], "address") != contest.answer(other, "address")


def test_that_there_are_eight_places(contest: Contest) -> None:
    for seed in range(MOST):
        contest.add(Contestant(str(seed), design(), seed))
    with pytest.raises(NetloomError, match="Remove one first"):
        contest.add(Contestant("ninth", design(), 9))
    with pytest.raises(ValueError, match="above zero"):
        contest.pace(0)


def test_that_it_trains_with_no_more_threads_than_it_may() -> None:
    assert cores() >= 1
    contest = Contest()
    contest.limit(100)
    contest.limit(0)
    contest.close()


def test_that_the_axes_say_where_a_row_stands(contest: Contest) -> None:
    (standing,) = run_to_the_end(contest, Contestant("one", design(4, batch_size=100), 0))
    rows = standing.log.read()
    places = {key: axis.places(standing, rows) for key, axis in AXES.items()}
    assert places["epochs"].tolist() == list(range(1, 13))
    assert places["steps"].tolist() == [4 * epoch for epoch in range(1, 13)]  # 400 rows in batches of 100
    # 2·4 + 4·1 multiply-adds a row, forward and twice back, for 400 rows
    np.testing.assert_allclose(places["multiply_adds"], 3 * 12 * 400 * np.arange(1, 13))
    assert places["multiply_adds"][-1] == standing.multiply_adds
    assert np.all(np.diff(places["seconds"]) >= 0)
    assert places["seconds"][-1] == pytest.approx(standing.seconds)
