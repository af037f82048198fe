"""A run that is trained while the doctor watches: the same looks at the same steps, whatever the clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from threadpoolctl import threadpool_limits

from engine.insight.tensors import observe
from engine.insight.trail import Trail
from engine.program.program import Program

if TYPE_CHECKING:
    from engine.training.run import Run

DENSE: Final = 32  # looks before the gaps between them begin to grow, and how slowly they grow: by 1/32 each

GLANCE: Final = 16  # batches from which it is told how a network is that was trained before


def glance(program: Program) -> Trail:
    """Look at a few batches of a network that was trained elsewhere, in a copy: it stays as it is."""
    other = Program(program.document, program.prepared, program.seed, program.dtype, state=program.state())
    other.extend(GLANCE)
    trail = Trail()
    with np.errstate(all="ignore"), threadpool_limits(program.blas_threads, user_api="blas"):
        for _ in range(GLANCE):
            stats = observe(other)
            if stats is not None:
                trail.append(stats)
    return trail


def watch(run: Run, until: int | None = None, trail: Trail | None = None, stop: Callable[[], bool] = bool) -> Trail:
    """Train to the run's stop rules, or to the end of epoch ``until``, and look at a batch every now and then.

    Args:
        trail: goes on with this one; None: a new one.
        stop: asked before every look; True ends it.
    """
    trail = Trail() if trail is None else trail
    with np.errstate(all="ignore"), threadpool_limits(run.program.blas_threads, user_api="blas"):
        while run.finished is None and (until is None or run.epoch < until) and not stop():
            stats = run.observe()
            if stats is not None:
                trail.append(stats)
            gap = run.step // DENSE
            if until is not None:
                left = (until - run.epoch) * run.steps_per_epoch - run.program.position // run.program.plan.batch
                gap = min(gap, max(left - 1, 0))
            run.advance(gap)
    return trail
