"""What a trainer publishes: its status, rare facts, and the shape of a question put to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from engine.data.prepare import Prepared
from engine.errors import NetloomError
from engine.program.program import Program
from engine.training.ending import Divergence

Phase = Literal["preparing", "ready", "running", "finished", "diverged", "failed"]


class Question(Protocol):
    """Something to be computed from the program between two chunks."""

    def answer(self, program: Program) -> Any: ...


@dataclass(frozen=True)
class Status:
    """What the trainer was doing when last looked at.

    Attributes:
        sentence: for the user: why it waits, how it ended; empty while all is usual.
        unfinished: "failed", but nothing is wrong: the design cannot be trained yet, as somebody is still building it.
        stage: the last stage of an unfinished batch: "forward", "loss", "backward", or "".
        loss, metric, validation_loss, validation_metric: of the last epoch; NaN where there is none.
        elapsed: seconds that it has been at work, the waiting of a set pace included.
        remaining: seconds to the last epoch, or None.
        divergence: where it left the finite numbers; None where it did not.
    """

    phase: Phase = "preparing"
    sentence: str = ""
    unfinished: bool = False
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    stage: str = ""
    loss: float = float("nan")
    metric: float = float("nan")
    validation_loss: float = float("nan")
    validation_metric: float = float("nan")
    steps_per_second: float = 0.0
    elapsed: float = 0.0
    remaining: float | None = None
    divergence: Divergence | None = None


@dataclass(frozen=True, eq=False)
class DataReady:
    """The design's data are loaded and prepared."""

    prepared: Prepared


@dataclass(frozen=True)
class Reinitialised:
    """An edit made these parameters begin anew; all others kept their values and optimizer state."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """The design cannot be trained as it is; training goes on by itself once it can."""

    error: NetloomError


@dataclass(frozen=True)
class Gone:
    """The moment of this epoch was given up on the way to it, with its branch: its design is trained from where the
    run was."""

    epoch: int
