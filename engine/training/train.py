"""Training that blocks: for programs, tests and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.program.state import State
from engine.training.run import Progress, Run

CALL_EVERY = 0.05  # s between two calls of the callback at the most


def train(
    document: Document,
    data: Prepared | None = None,
    *,
    epochs: int | None = None,
    seed: int | None = None,
    dtype: type = np.float32,
    state: State | None = None,
    history: Mapping[str, NDArray[Any]] | None = None,
    callback: Callable[[Run], bool | None] | None = None,
    progress: Progress | None = None,
) -> Run:
    """Train a design until its stop rules say so.

    Args:
        document: the design.
        data: prepared data; None: those that the design names.
        epochs, seed: in place of the design's.
        dtype: float32 or float64.
        state, history: a snapshot to go on from, bit for bit, and the log that belongs to it.
        callback: called with the run some twenty times a second, and at the end; False stops.
        progress: called with (number, of) for every kernel that has to be compiled.

    Returns:
        The run: ``.program`` predicts, ``.log`` has a row per epoch, ``.finished`` says why it ended (None: stopped).

    Raises:
        DesignError, DataError: it cannot be trained; says what, why and the way out.
    """
    changes: dict[str, Any] = {k: v for k, v in (("epochs", epochs), ("seed", seed)) if v is not None}
    if changes:
        document = document.but(training=document.training.but(**changes))
    run = Run(document, data, dtype, progress)
    if state is not None:
        run.restore(state, dict(history) if history is not None else None)
    chunk = 1
    with np.errstate(all="ignore"), threadpool_limits(run.program.blas_threads, user_api="blas"):
        while run.finished is None:
            began = perf_counter()
            done = run.advance(chunk)
            spent = max(perf_counter() - began, 1e-7)
            if done:
                chunk = max(1, min(int(done * CALL_EVERY / spent), 4 * chunk, 1 << 24))
            if callback is not None and callback(run) is False:
                break
    return run
