"""The metric log grows, is read while it grows, and keeps what matters when it is thinned."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.training.log import COLUMNS, MetricLog

LOSS, VALIDATION = COLUMNS.index("loss"), COLUMNS.index("validation_loss")


def rows(count: int, first: int = 0) -> np.ndarray:
    made = np.random.default_rng(first).random((count, len(COLUMNS)))
    made[:, 0] = np.arange(first, first + count)
    return made


@given(st.lists(st.integers(0, 700), max_size=8))
def test_that_what_was_appended_in_pieces_is_read_back_whole_and_in_pieces(counts: list[int]) -> None:
    log, pieces, read, at = MetricLog(4), [], [], 0
    for count in counts:
        pieces.append(rows(count, at))
        log.append(pieces[-1])
        read.append(log.read(at)["loss"])
        at += count
    assert log.length == at
    if counts:
        np.testing.assert_array_equal(log.read()["loss"], np.concatenate(pieces)[:, LOSS])
        np.testing.assert_array_equal(np.concatenate(read), log.read()["loss"])


def test_that_what_was_read_does_not_change_when_the_log_grows() -> None:
    log = MetricLog(2)
    log.append(rows(2))
    before = log.read()["loss"]
    kept = before.copy()
    log.append(rows(1000, 2))
    np.testing.assert_array_equal(before, kept)


@given(arrays(np.float64, st.integers(1, 400), elements=st.floats(0, 1e6)))
def test_that_thinning_halves_and_keeps_lowest_highest_best_and_last(losses: np.ndarray) -> None:
    made = rows(len(losses))
    made[:, LOSS] = losses
    log = MetricLog()
    log.append(made)
    thin = log.thinned()
    kept = thin.read()
    assert thin.length <= len(losses) // 2 + 5
    assert kept["loss"].max() == losses.max() or len(losses) % 4
    assert losses.min() in kept["loss"]
    assert made[:, VALIDATION].min() in kept["validation_loss"]
    assert kept["epoch"][-1] == len(losses) - 1
    assert (np.diff(kept["epoch"]) > 0).all()


def test_that_a_history_from_a_file_is_the_log_again_and_missing_columns_are_nan() -> None:
    log = MetricLog()
    log.append(rows(10))
    again = MetricLog.of(log.read())
    np.testing.assert_array_equal(again.read()["validation_loss"], log.read()["validation_loss"])
    assert np.isnan(MetricLog.of({"loss": np.ones(3)}).read()["metric"]).all()
    assert MetricLog.of({}).last() is None


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(0, 100), st.sampled_from([0.0, 0.6, 1.0]))
def test_that_a_log_knows_its_lowest_loss_also_where_it_was_cut(counts: list[int], step: int, gaps: float) -> None:
    log, at = MetricLog(4), 0
    for count in counts:
        made = rows(count, at)
        made[:, 1] = made[:, 0]
        made[np.random.default_rng(at).random(count) < gaps, VALIDATION] = np.nan
        log.append(made)
        at += count
    for each in (log, log.until(step), log.until(step).until(step // 2), log.thinned()):
        kept = each.read()
        judged = kept["validation_loss"] if np.isfinite(kept["validation_loss"]).any() else kept["loss"]
        row = int(np.nanargmin(judged))
        assert each.best() == (kept["epoch"][row], judged[row])
    assert MetricLog().best() is None
    log.append(np.full((1, len(COLUMNS)), np.nan))
    assert log.best() is not None
