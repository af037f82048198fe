"""What a timeline keeps within its budget: the first, the best and the recent always, of the rest an even course."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.design.document import Document
from engine.insight.trail import Trail
from engine.program.state import State
from engine.training.log import COLUMNS, MetricLog
from engine.training.timeline import timeline as timelines
from engine.training.timeline.moment import Moment, Place
from engine.training.timeline.sharing import shared
from engine.training.timeline.timeline import Timeline

SIZE = 1000  # numbers of a moment's weights
DESIGN = Document()


def moment(branch: int, step: int, loss: float = math.nan, size: int = SIZE, edited: bool = False) -> Moment:
    state = State({"parameters/a/weight": np.full(size, step + 10_000 * branch, np.float32)}, {"step": step})
    nan = math.nan
    return Moment(-1, Place(branch, branch, step), DESIGN, state, None, float(step), loss, nan, nan, nan, edited)


def grown(timeline: Timeline, parent: Moment | None = None) -> int:
    return timeline.grow(parent, MetricLog(), Trail())


def held(timeline: Timeline) -> int:
    """Bytes of the numbers, counted anew."""
    arrays = {id(a): a.nbytes for m in timeline.shown.moments for a in m.state.arrays.values()}
    return sum(arrays.values())


@given(
    st.lists(st.floats(0.0, 10.0), min_size=5, max_size=120),
    st.integers(6, 40),
    st.lists(st.tuples(st.integers(0, 119), st.integers(1, 40)), max_size=2),
    st.sets(st.integers(1, 119), max_size=5),
)
def test_that_the_budget_is_kept_and_first_best_and_newest_stay(
    losses: list[float], room: int, forks: list[tuple[int, int]], edits: set[int]
) -> None:
    timeline = Timeline(budget=room * 8000)  # a moment's numbers and the objects around them
    branch = grown(timeline)
    for step, loss in enumerate(losses):
        added = timeline.add(moment(branch, step, loss, edited=step in edits))
        assert timeline.shown.moments[-1] is added
        assert timeline.shown.bytes <= timeline.budget
        assert held(timeline) <= timeline.shown.bytes
    own = timeline.shown.of_branch(branch)
    assert own[0].step == 0
    assert min(m.loss for m in own) == min(losses)
    assert [m.step for m in own] == sorted(m.step for m in own)
    for at, count in forks:
        parent = timeline.shown.find(Place(branch, branch, at))
        assert parent is not None
        child = grown(timeline, parent)
        for step in range(parent.step, parent.step + count):
            added = timeline.add(moment(child, step, float(step)))
            assert added in timeline.shown.moments
            assert timeline.shown.bytes <= timeline.budget
    assert timeline.shown.moments[0].step == 0


def test_that_an_old_course_becomes_sparser_evenly_and_the_recent_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, "MOST", 64)
    timeline = Timeline()
    branch = grown(timeline)
    for step in range(10_000):
        timeline.add(moment(branch, step, size=1))
    steps = [m.step for m in timeline.shown.of_branch(branch)]
    assert steps[0] == 0
    recent = len(steps) // 4
    assert steps[-recent:] == list(range(10_000 - recent, 10_000))
    gaps = np.diff([step for step in steps if step < 9_000])
    assert len(gaps) > 20
    assert gaps.max() <= 4 * np.median(gaps)
    assert steps[1] < 1000, "no part of the course is given up"


def test_that_every_branch_has_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, "MOST", 60)
    timeline = Timeline()
    first = grown(timeline)
    for step in range(1000):
        timeline.add(moment(first, step, size=1))
    base = timeline.shown.of_branch(first)[5]
    second = grown(timeline, base)
    for step in range(base.step, base.step + 200):
        timeline.add(moment(second, step, size=1))
    assert len(timeline.shown.of_branch(first)) >= 15
    assert len(timeline.shown.of_branch(second)) >= 15


def test_that_another_budget_is_obeyed_at_once() -> None:
    timeline = Timeline()
    branch = grown(timeline)
    for step in range(50):
        timeline.add(moment(branch, step, loss=abs(step - 20)))
    timeline.keep_to(12 * 8000)
    steps = [m.step for m in timeline.shown.of_branch(branch)]
    assert timeline.shown.bytes <= 12 * 8000
    assert {0, 20, 49} <= set(steps)


def test_that_equal_arrays_are_kept_once_and_counted_once() -> None:
    weights, slots = np.arange(SIZE, dtype=np.float32), np.ones(SIZE, np.float32)
    before = State({"parameters/a": weights, "optimizer/m/a": slots}, {})
    now = State(
        {
            "parameters/a": weights + 1, "optimizer/m/a": slots.copy(), "good/parameters/a": weights.copy(),
            "best/parameters/a": weights + 1,
        },
        {},
    )  # fmt: skip
    made = shared(now, before).arrays
    assert made["optimizer/m/a"] is slots
    assert made["good/parameters/a"] is weights
    assert made["best/parameters/a"] is made["parameters/a"]
    assert np.array_equal(made["parameters/a"], weights + 1)
    zero, negative = np.zeros(4, np.float32), -np.zeros(4, np.float32)
    assert shared(State({"a": negative}, {}), State({"a": zero}, {})).arrays["a"] is negative


def test_that_there_are_never_too_many_branches_and_what_leads_to_the_present_one_stays() -> None:
    timeline = Timeline()
    here = grown(timeline)
    base = timeline.add(moment(here, 0))
    timeline.change(here, name="Main")
    for number in range(1, 60):
        timeline.make_room(here)
        here = grown(timeline, base)
        timeline.add(moment(here, base.step + 1))
        base = timeline.add(moment(here, base.step + 2))
        if number == 7:
            timeline.change(here, name="Mine")
    branches = timeline.shown.branches
    assert len(branches) <= timelines.MOST_BRANCHES
    assert {"Main", "Mine", f"Branch {here}"} <= {branch.name for branch in branches}
    line = [m.step for m in timeline.shown.line(here)]
    assert line == sorted(line)
    assert (line[0], line[-1], len(line)) == (0, base.step, base.step + 1)
    held_now = timeline.shown.bytes
    timeline.take_over(timeline.shown)
    assert timeline.shown.bytes == held_now


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.data())
def test_that_a_log_that_has_grown_from_another_reads_like_a_whole_one(counts: list[int], data: st.DataObject) -> None:
    log, whole, at = MetricLog(4), np.empty((0, len(COLUMNS))), 0
    for count in counts:
        rows = np.random.default_rng(at).random((count, len(COLUMNS)))
        rows[:, 0] = rows[:, 1] = np.arange(at, at + count)
        before = log.read()
        other = log.until(10**9)
        log.append(rows)
        assert other.length == len(whole)
        np.testing.assert_array_equal(other.read()["loss"], before["loss"])
        whole, at = np.concatenate([whole, rows]), at + count
        step = data.draw(st.integers(-1, at))
        log, whole, at = log.until(step), whole[whole[:, 1] <= step], min(at, step + 1)
        start, most = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 50))
        np.testing.assert_array_equal(log.read(start, most)["loss"], whole[start : start + most, 2])
        assert log.last() == (dict(zip(COLUMNS, whole[-1].tolist(), strict=True)) if len(whole) else None)
        np.testing.assert_array_equal(log.since(step // 2), whole[whole[:, 1] > step // 2])
        after = whole[whole[:, 0] > step // 2]
        np.testing.assert_array_equal(log.sampled(10**6, step // 2)["loss"], after[:, 2])
        few = log.sampled(3, step // 2)["epoch"]
        assert (len(few), few[-1:].tolist()) == (min(3, len(after)), after[-1:, 0].tolist())
