"""A pace is kept without a burst after a pause, chunks grow to their length, speed is that of the last moments."""

from __future__ import annotations

from time import sleep

import pytest

from engine.training import pacing
from engine.training.pacing import CHUNK, Pacing, Speedometer
from engine.training.run import Run
from tests.engine.training.timeline.walks import begun, design


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pacing, "perf_counter", made)
    return made


def test_that_a_pace_gives_as_many_batches_as_are_due(clock: Clock) -> None:
    paced = Pacing()
    paced.chunk = 1000
    paced.begin(2.0)
    trained = 0
    for _ in range(60):  # a second in ticks
        clock.now += 1 / 60
        due = paced.due(40)
        paced.did(due)
        trained += due
    assert trained == pytest.approx(80, abs=2)


def test_that_it_waits_until_the_next_batch_is_due_but_never_longer_than_a_tick(clock: Clock) -> None:
    paced = Pacing()
    paced.begin(1.0)
    paced.did(paced.due(1))
    assert paced.due(1) == 0
    assert paced.wait(1) == pacing.TICK
    clock.now += 0.995
    assert paced.wait(1) == pytest.approx(0.005)


def test_that_what_was_missed_while_the_machine_was_busy_does_not_come_in_one_burst(clock: Clock) -> None:
    paced = Pacing()
    paced.chunk = 5
    paced.begin(10.0)
    clock.now += 3600
    assert paced.due(40) == 5


def test_that_without_a_pace_a_chunk_is_due_at_once(clock: Clock) -> None:
    paced = Pacing()
    paced.begin(None)
    assert (paced.due(40), paced.wait(40)) == (1, 0.0)


def test_that_chunks_grow_by_two_to_their_length_and_shrink_at_once() -> None:
    paced = Pacing()
    per_batch = CHUNK / 64
    sizes = []
    for _ in range(9):
        paced.fit(paced.chunk, paced.chunk * per_batch)
        sizes.append(paced.chunk)
    assert sizes == [2, 4, 8, 16, 32, 64, 64, 64, 64]
    paced.fit(64, 100.0)
    assert paced.chunk == 1


def test_that_speed_and_time_at_work_are_told(clock: Clock) -> None:
    meter = Speedometer()
    meter.look(0, True, 0.0)
    for number in range(1, 11):
        clock.now += 0.1
        speed = meter.look(number * 50, True, number * 0.01)
    assert speed == pytest.approx(500)
    assert meter.elapsed == pytest.approx(1.0)
    clock.now += 5.0
    assert meter.look(500, False, 0.1) == 0.0
    clock.now += 50.0
    meter.look(500, False, 0.1)
    assert meter.elapsed == pytest.approx(6.0)


def test_that_a_reset_does_not_tell_a_negative_speed(clock: Clock) -> None:
    meter = Speedometer()
    meter.look(1000, True, 0.1)
    clock.now += 0.2
    meter.look(2000, True, 0.2)
    clock.now += 0.2
    assert meter.look(3, True, 0.0) >= 0


def test_that_single_steps_count_and_the_waiting_between_them_does_not(clock: Clock) -> None:
    meter = Speedometer(4.0)
    for number in range(1, 6):
        clock.now += 60.0
        meter.look(number, False, 4.0 + number * 0.3)
    assert meter.elapsed == pytest.approx(5.5)


def test_that_what_was_waited_before_play_is_no_time_at_work(clock: Clock) -> None:
    meter = Speedometer()
    meter.look(0, False, 0.0)
    clock.now += 60.0
    meter.look(1, True, 0.25)
    assert meter.elapsed == pytest.approx(0.25)


def test_that_chunks_do_not_shrink_while_the_thread_only_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that holds the interpreter would be asked for it ever oftener, and both would wait for each other."""
    work = begun(design(epochs=10_000_000))
    work.play()
    advance = Run.advance

    def waited(run: Run, steps: int) -> int:
        done = advance(run, steps)
        sleep(0.02)  # as for the interpreter: costs the processor nothing
        return done

    monkeypatch.setattr(Run, "advance", waited)
    for _ in range(16):
        work.work()
    assert work._pacing.chunk > 50


def test_that_a_fast_pace_is_kept_in_ticks_and_not_batch_for_batch(clock: Clock) -> None:
    paced = Pacing()
    paced.begin(10.0)
    paced.chunk = 100_000
    turns = trained = 0
    began = clock.now
    while clock.now < began + 1.0:
        due = paced.due(1000)
        paced.did(due)
        trained += due
        turns += 1
        clock.now += paced.wait(1000) + 1e-4  # a turn takes some time, too
    assert trained == pytest.approx(10_000, abs=200)
    assert turns < 70


def test_that_a_pace_that_is_too_fast_for_the_machine_is_not_waited_for(clock: Clock) -> None:
    paced = Pacing()
    paced.begin(1000.0)
    paced.chunk = 10
    paced.did(paced.due(1000))
    clock.now += 0.010  # that long a chunk takes
    assert paced.wait(1000) == 0.0
