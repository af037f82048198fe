"""The range of the bent space glides, and then stays."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.live.space.steady import FILLED, STEP, Steady

SPANS = st.tuples(st.floats(-5, 5), st.floats(0.1, 10), st.floats(-5, 5), st.floats(0.1, 10)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2], drawn[2] + drawn[3])
)


@given(SPANS, SPANS)
def test_that_the_range_glides_to_hold_what_moves_and_then_stays(first: Any, second: Any) -> None:
    steady = Steady()
    steady.hold(first)
    before = np.array(steady.step())
    assert inside(first, before)
    steady.hold(second)
    for _ in range(60):
        steady.hold(second)
        after = np.array(steady.step())
        # never more than a step of the way, but for the last that is left
        assert np.abs(after - before).max() <= (STEP + 0.01) * 20
        before = after
    assert inside(second, before)
    assert steady.step() == tuple(before)
    assert np.ptp(before[:2]) <= (second[1] - second[0]) / FILLED + 1e-9
    assert np.ptp(before[2:]) <= (second[3] - second[2]) / FILLED + 1e-9


def inside(span: Any, seen: np.ndarray) -> bool:
    (left, right, bottom, top), slack = seen, 0.02
    return bool(
        left <= span[0] + slack * (right - left) and span[1] - slack * (right - left) <= right
        and bottom <= span[2] + slack * (top - bottom) and span[3] - slack * (top - bottom) <= top
    )  # fmt: skip


def test_that_small_movements_leave_the_range_alone() -> None:
    steady = Steady()
    steady.hold((-1, 1, -1, 1))
    at_first = steady.step()
    for breath in np.linspace(0.8, 1.02, 20):
        steady.hold((-breath, breath, -1, 1))
        assert steady.step() == at_first
