"""The kernels that change the learning rate: the arithmetic of a plateau, and time that is counted in rows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.kernels import schedules
from engine.kernels.contract import (
    COUNT,
    EPOCH,
    EPOCHS,
    LOSS_SUM,
    METER_COUNT,
    METERS,
    POSITION,
    TRAIN_ROWS,
    VALIDATION_METERS,
    VALIDATION_STOP,
)
from tests.engine.kernels.calling import Bench


class Plateau:
    """A plateau's two kernels with patience 2, threshold 0.1, factor 0.5, least 0.2, on a rate of 8."""

    def __init__(self) -> None:
        self.bench = Bench(np.float64, 4)
        self.meters = np.zeros(METER_COUNT)
        self.bench.ctx[METERS] = self.meters.ctypes.data
        self.memory = self.bench.par([0.0, 0.0, 0.0])
        self.constants = self.bench.par([0.5, 2.0, 0.1, 0.2])
        self.rate, self.base = self.bench.par([0.0]), self.bench.par([8.0])

    def after(self, training: float, validation: float | None = None) -> float:
        """The rate for the next batch, when an epoch has ended with these mean losses over 4 and 2 rows."""
        self.meters[[LOSS_SUM, COUNT]] = training * 4, 4
        if validation is not None:
            self.meters[[VALIDATION_METERS + LOSS_SUM, VALIDATION_METERS + COUNT]] = validation * 2, 2
        else:
            self.meters[[VALIDATION_METERS + LOSS_SUM, VALIDATION_METERS + COUNT]] = 0
        self.bench.call(schedules.judge_plateau, self.memory, self.constants)
        return self.now()

    def now(self) -> float:
        self.bench.call(schedules.plateau, self.rate, self.base, self.memory, self.constants)
        return float(self.bench.get(self.rate, "par")[0])


# loss -> rate. Better is less than 0.9·best.
# 1.00 is the first, and best; 0.95 and 0.92 are no less than 0.90: two in vain, rate·½; 0.85 is better;
# 0.80 and 0.79 are no less than 0.765: ·½; 0.78 once in vain, 0.70 better; three times 0.69: ·½ after two, but
# not below 0.2·8, then one in vain
SEQUENCE = [
    (1.00, 8.0), (0.95, 8.0), (0.92, 4.0), (0.85, 4.0), (0.80, 4.0), (0.79, 2.0), (0.78, 2.0), (0.70, 2.0),
    (0.69, 2.0), (0.69, 1.6), (0.69, 1.6),
]  # fmt: skip


def test_that_the_rate_falls_when_validation_has_not_improved_for_so_long() -> None:
    plateau = Plateau()
    assert plateau.now() == 8.0
    # the training loss, always better, does not count
    falling = [plateau.after(10.0 * 0.5**i, loss) for i, (loss, _) in enumerate(SEQUENCE)]
    assert falling == pytest.approx([rate for _, rate in SEQUENCE])


def test_that_without_validation_rows_the_training_loss_is_judged() -> None:
    plateau = Plateau()
    assert [plateau.after(loss) for loss, _ in SEQUENCE] == pytest.approx([rate for _, rate in SEQUENCE])


def test_that_an_epoch_without_validation_is_not_judged_where_there_are_rows_for_it() -> None:
    plateau = Plateau()
    plateau.bench.ctx[VALIDATION_STOP] = 2
    rates = []
    for loss, _ in SEQUENCE:
        rates.append(plateau.after(5.0, loss))
        assert plateau.after(9.0) == rates[-1]
    assert rates == pytest.approx([rate for _, rate in SEQUENCE])


def test_that_a_loss_that_is_no_number_is_no_improvement() -> None:
    plateau = Plateau()
    assert [plateau.after(1.0, loss) for loss in (math.nan, math.nan, 1.0, 0.5)] == [8.0, 4.0, 4.0, 4.0]
    assert [plateau.after(1.0, math.nan) for _ in range(2)] == [4.0, 2.0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_time_is_epochs_and_the_share_of_rows_that_were_used(dtype: type) -> None:
    bench = Bench(dtype, 4)
    rate, base, constants = bench.par([0.0]), bench.par([0.5]), bench.par([1.0, 0.25, 0.0, 0.0])
    for epoch, position, expected in (
        (0, 0, 1.0),  # before the delay of one epoch
        (0, 7, 1.0),
        (1, 0, 1.0),
        (1, 5, 0.5),  # half of ten rows: 0.25^½
        (2, 0, 0.25),
        (3, 5, 0.03125),  # 0.25^2.5
    ):
        bench.ctx[[EPOCH, POSITION, TRAIN_ROWS, EPOCHS]] = epoch, position, 10, 4
        bench.call(schedules.exponential, rate, base, -1, constants)
        assert bench.get(rate, "par")[0] == pytest.approx(0.5 * expected)
