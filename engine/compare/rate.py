"""Learning-rate range test: the rate grows from batch to batch, and the loss tells where it is too small or too large.

Smith (2017), "Cyclical Learning Rates for Training Neural Networks", section 3.3; smoothing, the stop and both
suggestions as in fast.ai's learning-rate finder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite, nan
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.insight.smoothing import Smoother
from engine.kernels import contract as c
from engine.program.loop import BACKWARD, EVALUATE, FORWARD
from engine.program.program import Program
from engine.training.schedules import Constant

if TYPE_CHECKING:
    from engine.program.state import State

Array = NDArray[Any]
LOWEST, HIGHEST = 1e-6, 10.0
RATES = 300
EXAMPLES = 32  # that judge a rate at the least: with smaller batches it takes several steps
WINDOW = 15.0  # rates that make up the smoothed loss
REACH = 12  # rates on both sides, over which a slope is taken
GONE = 4.0  # times the least smoothed loss so far: from here on the rate is too large
FIRST = 10  # rates before anything is suggested: the mean has hardly begun
NEVER = 100_000_000  # epochs
TOLD_EVERY = 0.05  # s
SAFE = 0.1  # of the rate with the least loss: it is already close to too large


@dataclass(frozen=True, eq=False)
class RateTest:
    """What was found so far.

    Attributes:
        rates, losses, smooth: (n,) rates, the mean loss of the batches of each before its step, and the running mean.
        steepest: the rate at which the mean falls most steeply per decade; tenth: a tenth of that with the least mean.
            NaN while there is none.
        ended: "" while it goes on; "diverged": the loss has left; "highest": it never did.
    """

    rates: Array
    losses: Array
    smooth: Array
    steepest: float
    tenth: float
    ended: str = ""


def rate_test(
    document: Document,
    prepared: Prepared,
    state: State | None = None,
    low: float = LOWEST,
    high: float = HIGHEST,
    count: int = RATES,
) -> Iterator[RateTest]:
    """Train a copy for some hundred steps with a rate that grows from ``low`` to ``high`` by a constant factor.

    What it trains is a program of its own; the one that the state comes from is not touched.

    Args:
        state: the weights to begin from, with what the optimizer keeps; None: the first weights.

    Yields:
        What was found so far, now and then; the last has ``ended``.
    """
    training = document.training.but(schedule=Constant(), epochs=NEVER, patience=0, stop_loss=0.0, validate_every=NEVER)
    program = Program(document.but(training=training), prepared, state=state)
    rates = np.geomspace(low, high, count)
    losses, smooth = np.full(count, nan), np.full(count, nan)
    smoother, told, least = Smoother(WINDOW), perf_counter(), np.inf
    repeats = -(-EXAMPLES // program.plan.batch)
    for number, rate in enumerate(rates):
        program.par[program.plan.rate] = rate
        loss = float(np.mean([_step(program) for _ in range(repeats)]))
        gone = not isfinite(loss)
        if not gone:
            losses[number] = loss
            smooth[number] = smoother.take(np.array([loss]))[0]
            least = min(least, smooth[number])
            gone = number >= FIRST and smooth[number] > GONE * least
        known = slice(0, number + 1)
        if gone or number == count - 1:
            yield _found(rates[known], losses[known], smooth[known], "diverged" if gone else "highest")
            return
        if perf_counter() - told > TOLD_EVERY:
            told = perf_counter()
            yield _found(rates[known], losses[known], smooth[known])


def _step(program: Program) -> float:
    """Train on the next batch; returns its loss before the step, NaN where it is not finite."""
    if program.ctx[c.STOP]:
        return nan
    program.section(FORWARD, BACKWARD)
    loss = float(program.meters[c.BATCH_LOSS])
    if program.ctx[c.STOP]:
        return nan
    program.section(BACKWARD, EVALUATE)
    if program.ctx[c.EPOCH_ENDED]:
        program.run(0)
        program.take_log()
    return loss


def _found(rates: Array, losses: Array, smooth: Array, ended: str = "") -> RateTest:
    steepest, tenth = suggestions(rates, smooth)
    return RateTest(rates.copy(), losses.copy(), smooth.copy(), steepest, tenth, ended)


def suggestions(rates: Array, smooth: Array) -> tuple[float, float]:
    """(the rate of the steepest fall, a tenth of the rate with the least loss) of a smoothed curve (n,); NaN: none.

    The slope is taken per decade, on the way down to the least loss alone. A curve that never falls has neither.
    """
    known = np.flatnonzero(np.isfinite(smooth))
    known = known[known >= FIRST]
    x, y = np.log10(rates[known]), smooth[known]
    bottom = int(y.argmin()) if len(y) else 0
    if bottom < 2:
        return nan, nan
    reach = min(REACH, bottom // 2)
    middle = np.arange(reach, bottom - reach + 1)
    slope = (y[middle + reach] - y[middle - reach]) / (x[middle + reach] - x[middle - reach])
    return float(10.0 ** x[middle[slope.argmin()]]), float(SAFE * 10.0 ** x[bottom])
