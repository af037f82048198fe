"""The example that a trace tells, in the user's units."""

from __future__ import annotations

import numpy as np

from engine.data.prepare import Prepared
from engine.insight.trace import trace
from engine.program.program import Program
from tests.engine.layers.designs import chain, dense


def test_that_what_was_zero_before_it_was_scaled_is_zero_again() -> None:
    rng = np.random.default_rng(0)
    rows = np.where(rng.random((40, 6)) < 0.4, 0.0, rng.integers(1, 17, (40, 6)) / 3.0)
    prepared = Prepared.from_arrays(rows, rng.random((40, 1)), "regression", dtype=np.float32)
    document = chain(dense(1))
    state = Program(document, prepared).state()
    for row in range(10):
        told = np.array([value for _, value in trace(document, prepared, row, state).example])
        near = np.abs(rows - told).max(axis=1).argmin()
        np.testing.assert_allclose(told, rows[near], rtol=1e-5)
        assert ((told == 0) == (rows[near] == 0)).all()
