"""Where batches come from and how an epoch is closed, beside plain Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernels import batch
from engine.kernels import contract as c
from tests.engine.kernels import twins
from tests.engine.kernels.calling import Bench, normal

DTYPES = [np.float32, np.float64]


class Loop:
    """A bench with the memory that the loop's own kernels reach by address."""

    def __init__(self, dtype: type, rows: int, size: int, targets: int, batch_size: int) -> None:
        self.bench = Bench(dtype, 0)
        self.x = normal(1, rows, size).astype(dtype)
        self.y = normal(2, rows, targets).astype(dtype)
        self.order = np.zeros(rows, np.int64)
        self.meters = np.zeros(c.METER_COUNT)
        self.meters[c.BEST_LOSS] = np.inf
        self.log = np.zeros((4, batch.LOG_COLUMNS))
        self.good, self.best = np.zeros(64, dtype), np.zeros(64, dtype)
        for index, array in (
            (c.X, self.x), (c.Y, self.y), (c.ORDER, self.order), (c.METERS, self.meters), (c.LOG, self.log),
            (c.GOOD, self.good), (c.BEST, self.best),
        ):  # fmt: skip
            self.ctx[index] = array.ctypes.data
        self.ctx[c.TRAIN_ROWS], self.ctx[c.BATCH] = rows, batch_size
        self.ctx[c.LOG_ROWS], self.ctx[c.EPOCHS], self.ctx[c.VALIDATE_EVERY] = 4, 100, 1

    @property
    def ctx(self) -> Any:
        return self.bench.ctx


def shuffled(seed: int, epoch: int, rows: int) -> list[int]:
    """Fisher and Yates's shuffle of the identity, drawn from the epoch's stream."""
    order, key = list(range(rows)), twins.stream(seed, batch.SHUFFLE, epoch)
    for i in range(rows - 1, 0, -1):
        bits = twins.mix((key + i * 0xD1342543DE82EF95) % 2**64) >> 32
        j = bits * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    return order


@pytest.mark.parametrize("dtype", DTYPES)
@given(rows=st.integers(1, 30), size=st.integers(1, 5), targets=st.integers(1, 3), batch_size=st.integers(1, 12))
def test_that_an_epoch_gives_every_row_once_in_the_order_of_its_stream(
    dtype: type, rows: int, size: int, targets: int, batch_size: int
) -> None:
    loop = Loop(dtype, rows, size, targets, batch_size)
    x, y = loop.bench.room(batch_size, size), loop.bench.room(batch_size, targets)
    for epoch in range(2):
        order, seen = shuffled(5, epoch, rows), []
        while loop.ctx[c.EPOCH] == epoch:
            loop.bench.call(batch.gather, x, size, y, targets)
            count = int(loop.ctx[c.ROWS])
            taken = order[len(seen) : len(seen) + count]
            np.testing.assert_array_equal(loop.bench[x][:count], loop.x[taken])
            np.testing.assert_array_equal(loop.bench[y][:count], loop.y[taken])
            seen += taken
            loop.bench.call(batch.advance_batch)
        assert sorted(seen) == list(range(rows))
        assert (loop.ctx[c.POSITION], loop.ctx[c.EPOCH_ENDED]) == (0, 1)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("with_targets", [True, False])
def test_that_evaluation_takes_rows_in_their_order_with_a_short_last_block(dtype: type, with_targets: bool) -> None:
    loop = Loop(dtype, 11, 3, 2, 4)
    x, y = loop.bench.room(4, 3), loop.bench.room(4, 2)
    if not with_targets:
        loop.ctx[c.Y] = 0
    loop.ctx[c.FIRST], loop.ctx[c.STOP_ROW] = 2, 11
    counts = []
    while loop.ctx[c.FIRST] < loop.ctx[c.STOP_ROW]:
        first = int(loop.ctx[c.FIRST])
        loop.bench.call(batch.gather_in_order, x, 3, y, 2, 4)
        counts.append(int(loop.ctx[c.ROWS]))
        np.testing.assert_array_equal(loop.bench[x][: counts[-1]], loop.x[first : first + counts[-1]])
        if with_targets:
            np.testing.assert_array_equal(loop.bench[y][: counts[-1]], loop.y[first : first + counts[-1]])
    assert counts == [4, 4, 1]


@pytest.mark.parametrize(("loss", "stop"), [(0.5, c.RUNNING), (np.nan, c.DIVERGED), (np.inf, c.DIVERGED)])
def test_that_a_loss_that_is_not_a_number_stops_the_loop(loss: float, stop: int) -> None:
    loop = Loop(np.float32, 4, 1, 1, 2)
    loop.meters[c.BATCH_LOSS] = loss
    loop.bench.call(batch.check_loss)
    assert loop.ctx[c.STOP] == stop


class Closing(Loop):
    """An epoch at its end: parameters, slots and state in par, sums in the meters."""

    def __init__(self, **settings: int) -> None:
        super().__init__(np.float64, 8, 1, 1, 4)
        self.rate = self.bench.par([0.25])
        self.parameters, self.slots, self.state = (self.bench.par(normal(n, 3)) for n in (1, 2, 3))
        for name, value in settings.items():
            self.ctx[getattr(c, name)] = value

    def close(self, loss: float, validation: float | None = None) -> None:
        """End an epoch with these mean losses over 8 training rows and 2 for validation."""
        self.ctx[c.EPOCH] += 1
        self.meters[[c.LOSS_SUM, c.METRIC_SUM, c.COUNT]] = 8 * loss, 6, 8
        if validation is not None:
            self.meters[[c.VALIDATION_METERS + i for i in (c.LOSS_SUM, c.METRIC_SUM, c.COUNT)]] = 2 * validation, 1, 2
        places = (self.rate, self.parameters, 3, self.slots, 3, self.state, 3)
        self.bench.call(batch.close_epoch, *places)

    def part(self, start: int) -> Any:
        return self.bench.get(start, "par")


def test_that_the_log_row_holds_means_and_the_meters_begin_anew() -> None:
    closing = Closing(STEP=7, VALIDATION_START=8, VALIDATION_STOP=10)
    closing.close(0.5, 0.75)
    assert closing.log[0, :7].tolist() == [1, 7, 0.5, 0.75, 0.75, 0.5, 0.25]
    assert not closing.meters[:8].any()
    assert closing.ctx[c.LOG_USED] == 1


def test_that_the_good_state_is_parameters_slots_and_state_of_a_finite_epoch_only() -> None:
    closing = Closing()
    closing.close(0.5)
    good = np.concatenate([closing.part(closing.parameters), closing.part(closing.slots), closing.part(closing.state)])
    np.testing.assert_array_equal(closing.good[:9], good)
    closing.bench.arenas["par"][closing.parameters : closing.parameters + 3] = 9.0
    closing.close(np.inf)
    np.testing.assert_array_equal(closing.good[:9], good)


def test_that_the_best_epoch_is_that_of_validation_and_patience_is_counted_in_validations() -> None:
    closing = Closing(VALIDATION_START=8, VALIDATION_STOP=10, PATIENCE=2, LOG_ROWS=100)
    closing.close(0.9, 0.5)
    best = np.concatenate([closing.part(closing.parameters), closing.part(closing.state)])
    closing.bench.arenas["par"][closing.parameters : closing.parameters + 3] = 9.0
    closing.close(0.8, 0.6)
    closing.close(0.7)  # not validated: it does not count
    assert (closing.ctx[c.BEST_EPOCH], closing.ctx[c.WAITED], closing.ctx[c.STOP]) == (1, 1, c.RUNNING)
    closing.close(0.6, 0.5)
    assert (closing.ctx[c.WAITED], closing.ctx[c.STOP]) == (2, c.EARLY)
    np.testing.assert_array_equal(closing.best[:6], best)


def test_that_an_improvement_below_the_least_is_none() -> None:
    closing = Closing()
    closing.meters[c.MIN_DELTA] = 0.1
    closing.close(0.5)
    closing.close(0.45)
    assert (closing.ctx[c.BEST_EPOCH], closing.ctx[c.WAITED]) == (1, 1)
    closing.close(0.35)
    assert (closing.ctx[c.BEST_EPOCH], closing.ctx[c.WAITED]) == (3, 0)


@pytest.mark.parametrize(
    ("settings", "loss", "stop"),
    [
        ({"EPOCHS": 1}, 0.5, c.EPOCHS_DONE),
        ({"LOG_ROWS": 1}, 0.5, c.LOG_FULL),
        ({}, 0.05, c.LOSS_REACHED),
        ({"EPOCHS": 1, "LOG_ROWS": 1}, 0.05, c.LOSS_REACHED),
        ({}, 0.5, c.RUNNING),
    ],
)
def test_that_it_stops_for_one_reason_the_weightiest(settings: dict[str, int], loss: float, stop: int) -> None:
    closing = Closing(**settings)
    closing.meters[c.STOP_LOSS] = 0.1
    closing.close(loss)
    assert closing.ctx[c.STOP] == stop
