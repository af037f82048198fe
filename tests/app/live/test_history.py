"""Curves kept for drawing: whatever is thinned away, the peaks stay."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.live.history import MOST, History, Series
from engine.training.log import COLUMNS, MetricLog


def rows(start: int, count: int, loss: np.ndarray | float) -> np.ndarray:
    """(count, columns) of a log, one epoch each, every second one validated."""
    made = np.full((count, len(COLUMNS)), np.nan)
    made[:, 0] = np.arange(start, start + count)
    made[:, 2] = loss
    made[::2, 4] = 2.0
    return made


def test_that_a_curve_holds_what_the_log_holds_and_leaves_out_what_was_not_measured() -> None:
    log, history = MetricLog(), History(("loss", "validation_loss"))
    history.take(log)
    assert history.empty
    log.append(rows(1, 5, 3.0))
    assert history.take(log)
    assert not history.take(log)
    log.append(rows(6, 4, 2.0))
    assert history.take(log)
    assert history.series["loss"].x.tolist() == list(range(1, 10))
    assert history.series["loss"].y.tolist() == [3.0] * 5 + [2.0] * 4
    assert history.series["validation_loss"].x.tolist() == [1, 3, 5, 6, 8]


def test_that_another_log_begins_another_curve() -> None:
    log, history = MetricLog(), History(("loss",))
    log.append(rows(1, 5, 3.0))
    history.take(log)
    assert history.take(MetricLog())
    assert history.empty


@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_that_a_long_curve_keeps_its_ends_and_its_peaks(pieces: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    total = sum(pieces)
    y = random.normal(size=total)
    y[random.integers(total)], y[random.integers(total)] = 100.0, -100.0
    series, begun = Series(), 0
    for count in pieces:
        series.extend(np.arange(begun, begun + count), y[begun : begun + count])
        begun += count
    assert len(series.x) <= MOST
    assert np.all(np.diff(series.x) > 0)
    assert series.y.max() == y.max()
    assert series.y.min() == y.min()
    assert series.x[-1] == total - 1


@given(st.integers(1, 20_000), st.integers(1, 2000), st.floats(0, 1), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_that_a_part_on_the_screen_shows_its_peaks_in_few_points(
    count: int, columns: int, first: float, last: float, seed: int
) -> None:
    y = np.random.default_rng(seed).normal(size=count)
    series = Series()
    series.extend(np.arange(count), y)
    left, right = sorted((first * count, last * count))
    x, shown = series.between(left, right, columns)
    inside = y[(np.arange(count) >= left) & (np.arange(count) <= right)]
    assert len(x) <= 8 * columns + 8
    assert np.all(np.diff(x) > 0)
    if len(inside):
        assert shown.max() >= inside.max()
        assert shown.min() <= inside.min()


def test_that_the_nearest_point_is_found() -> None:
    series = Series()
    assert series.near(3) is None
    series.extend(np.array([1.0, 2.0, 4.0]), np.array([10.0, 20.0, 40.0]))
    assert [series.near(x) for x in (-5, 1.4, 1.6, 3.2, 99)] == [(1, 10), (1, 10), (2, 20), (4, 40), (4, 40)]


@given(st.lists(st.integers(1, 60), min_size=2, max_size=6), st.data())
def test_that_a_log_that_goes_back_and_on_gives_the_curve_of_reading_it_anew(
    counts: list[int], data: st.DataObject
) -> None:
    history, log, at = History(("loss",)), MetricLog(4), 0
    for count in counts:
        fresh = np.random.default_rng(at).random((count, len(COLUMNS)))
        fresh[:, 0] = fresh[:, 1] = np.arange(at, at + count)
        log.append(fresh)
        history.take(log)
        at += count
        step = data.draw(st.integers(0, at))
        whole, log, at = log, log.until(step), min(at, step + 1)
        for each in (log, whole, log):
            assert history.take(each)
            while history.take(each):
                pass
            anew = History(("loss",))
            anew.take(each)
            assert history.series["loss"].x.tolist() == anew.series["loss"].x.tolist()
            assert history.series["loss"].y.tolist() == anew.series["loss"].y.tolist()
        assert log.in_common(whole) == log.length
