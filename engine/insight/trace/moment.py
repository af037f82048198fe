"""A run as it stands between two chunks, with all that a trace needs: taken on the trainer's thread, read elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.insight.trace.chain import Chain, chain_of
from engine.insight.trace.reading import trace
from engine.insight.trace.record import Trace
from engine.insight.trace.tape import Tape
from engine.kernels import contract as c
from engine.program.saving import COUNTERS, parts
from engine.program.state import State

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.design.document import Document
    from engine.program.program import Program


@dataclass(frozen=True, eq=False)
class Moment:
    """Design, data and state of one moment; ``seconds``: what it cost to take."""

    document: Document
    prepared: Prepared
    state: State
    dtype: type
    seconds: float

    def equals(self, other: Moment) -> bool:
        """Whether a trace of the other one would show the same."""
        mine, theirs = self.state, other.state
        return (
            (self.document, mine.counters) == (other.document, theirs.counters)
            and self.prepared is other.prepared
            and mine.arrays.keys() == theirs.arrays.keys()
            and all(np.array_equal(values, theirs.arrays[name]) for name, values in mine.arrays.items())
        )

    def told(
        self, row: int, weight: tuple[str, int] | None, progress: Callable[[int, int], None] | None = None
    ) -> tuple[Trace, Chain | None]:
        """The trace of a row, and the chain of a weight, ("node/name", place in the flat parameter), if it is there.

        Args:
            progress: see `engine.insight.trace.reading.trace`; what it raises ends the work.

        Raises:
            NetloomError: there is no such row.
        """
        found = trace(self.document, self.prepared, row, self.state, self.dtype, progress)
        if weight is None or not found.updated.has(*weight):
            return found, None
        tape = Tape(self.document, self.prepared, row, self.state, np.float64, progress)
        return found, chain_of(tape, self.prepared, *weight)


@dataclass(frozen=True)
class Now:
    """The question for the present moment. Only what the next step depends on is copied."""

    def answer(self, program: Program) -> Moment:
        began = perf_counter()
        arrays = {part.name: part.view(program.par, part.at).copy() for part in parts(program.plan)}
        training = program.document.training
        counters: dict[str, int | float | str] = {
            "optimizer": training.optimizer.kind,
            "schedule": training.schedule.kind,
            **{name: int(program.ctx[index]) for name, index in COUNTERS.items()},
            "limit": int(program.ctx[c.EPOCHS]),
        }
        return Moment(
            program.document, program.prepared, State(arrays, counters), program.dtype, perf_counter() - began
        )  # fmt: skip
