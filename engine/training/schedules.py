"""How the learning rate changes while training: each schedule's settings, its curve and its kernels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.design.declared import Declared
from engine.kernels import schedules as kernels

if TYPE_CHECKING:
    from engine.kernels.contract import Formula, Kernel


@dataclass(frozen=True)
class Stage:
    """One change of the learning rate, applied before every update: rate = (rate before)·factor.

    The kernel's row is: rate, rate before, memory or -1, constants.

    Attributes:
        memory: how many numbers it keeps; they are saved with the optimizer's and begin as zeros.
        judge: what is run at the end of an epoch, before its meters are cleared; its row is: memory, constants.
    """

    kernel: Kernel
    constants: Sequence[float]
    memory: int = 0
    judge: Kernel | None = None


class Schedule(Declared):
    """Multiplies the learning rate of the settings by a factor that depends on the time, or on how training goes."""

    family = "schedule"

    def stages(self, delay: float = 0.0) -> tuple[Stage, ...]:
        """What is applied in turn; ``delay``: the epochs before this schedule's own time begins."""
        raise TypeError(f"{type(self).__name__} is not lowered")

    def factor(self, t: float, epochs: float) -> float:
        """The factor at ``t`` epochs of a run of ``epochs``."""
        raise TypeError(f"{type(self).__name__} says no factor")

    def curve(self, epochs: int, steps_per_epoch: int, most: int | None = None) -> NDArray[np.float64]:
        """The factor at every step, for drawing: (epochs·steps_per_epoch,), or ``most`` of them evenly spaced.

        What depends on how training goes is drawn as if it went well all the time.
        """
        steps = epochs * steps_per_epoch
        # never all steps of a long run only to choose from them: there may be billions
        count = steps if most is None else min(most, steps)
        chosen = np.linspace(0, steps - 1, count)
        return np.array([self.factor(float(at) / steps_per_epoch, float(epochs)) for at in chosen])


class Constant(Schedule):
    kind = "constant"
    title = "Constant"
    summary = "The learning rate stays as it is."

    def stages(self, delay: float = 0.0) -> tuple[Stage, ...]:
        return ()

    def factor(self, t: float, epochs: float) -> float:
        return 1.0


class TimedSchedule(Schedule):
    """A schedule whose factor is a formula of the time alone."""

    formula: ClassVar[Formula]
    kernel: ClassVar[Kernel]

    def constants(self) -> tuple[float, float, float]:
        """What the formula reads besides the time."""
        raise TypeError(f"{type(self).__name__} names no constants")

    def stages(self, delay: float = 0.0) -> tuple[Stage, ...]:
        return (Stage(self.kernel, (delay, *self.constants())),)

    def factor(self, t: float, epochs: float) -> float:
        return float(self.formula.function(t, epochs, *self.constants()))


class Step(TimedSchedule):
    """α·factor^⌊t/every⌋, t in epochs."""

    kind = "step"
    title = "Step"
    summary = "Every so many epochs the learning rate falls to a part of itself."
    formula, kernel = kernels.step_factor, kernels.step
    part: float = Field(0.5, gt=0, le=1, title="Falls to", json_schema_extra={"unit": "of itself"})
    every: int = Field(100, ge=1, title="Every", json_schema_extra={"unit": "epochs"})

    def constants(self) -> tuple[float, float, float]:
        return self.part, float(self.every), 0.0


class Exponential(TimedSchedule):
    """α·keepᵗ, t in epochs; it falls a little with every batch."""

    kind = "exponential"
    title = "Exponential"
    summary = "The learning rate falls by the same share in every epoch, fast at first."
    formula, kernel = kernels.exponential_factor, kernels.exponential
    keep: float = Field(
        0.99, gt=0, le=1, title="Kept per epoch", description="0.99: after 100 epochs about a third of α is left."
    )

    def constants(self) -> tuple[float, float, float]:
        return self.keep, 0.0, 0.0


class Cosine(TimedSchedule):
    """α·(floor + (1-floor)·½(1 + cos(π·t/T))) (Loshchilov and Hutter 2017, without restarts)."""

    kind = "cosine"
    title = "Cosine"
    summary = "From α down to almost nothing at the last epoch: slow, then fast, then slow again."
    formula, kernel = kernels.cosine_factor, kernels.cosine
    floor: float = Field(
        0.0, ge=0, le=1, title="Ends at", description="What is left after the last epoch.",
        json_schema_extra={"unit": "of the rate"},
    )  # fmt: skip

    def constants(self) -> tuple[float, float, float]:
        return self.floor, 0.0, 0.0


class OneCycle(TimedSchedule):
    """From α/divide up to α, then down to α/(divide·end_divide), along cosines (Smith and Topin 2018)."""

    kind = "one_cycle"
    title = "One cycle"
    summary = "Up to α in the first part of the run, then down to almost nothing: quick training with a large α."
    formula, kernel = kernels.one_cycle_factor, kernels.one_cycle
    rise: float = Field(
        0.3, gt=0, lt=1, title="Rises for", description="The share of the run in which α is reached.",
        json_schema_extra={"unit": "of the run"},
    )  # fmt: skip
    divide: float = Field(25.0, ge=1, le=1e6, title="Begins at α divided by")
    end_divide: float = Field(1e4, ge=1, le=1e12, title="Ends at the first rate divided by")

    def constants(self) -> tuple[float, float, float]:
        return self.rise, 1.0 / self.divide, 1.0 / (self.divide * self.end_divide)


class OnPlateau(Schedule):
    """α·partⁿ, where n counts how often the loss has stopped falling for ``patience`` judgements."""

    kind = "plateau"
    title = "On plateau"
    summary = "When the validation loss no longer improves, the learning rate falls to a part of itself."
    part: float = Field(0.1, gt=0, lt=1, title="Falls to", json_schema_extra={"unit": "of itself"})
    patience: int = Field(
        10, ge=1, title="Patience", json_schema_extra={"unit": "validations"},
        description="So many validations without a better loss; without validation rows, the training loss counts.",
    )  # fmt: skip
    threshold: float = Field(
        1e-4, ge=0, lt=1, title="Least gain", json_schema_extra={"unit": "of the best loss"},
        description="Smaller improvements do not count.",
    )  # fmt: skip
    floor: float = Field(
        0.0, ge=0, le=1, title="Not below", json_schema_extra={"unit": "of the rate"},
        description="The least that the learning rate falls to.",
    )  # fmt: skip

    def stages(self, delay: float = 0.0) -> tuple[Stage, ...]:
        # a factor of exactly 0 would read as "not judged yet"; α·1e-30 moves no weight either
        constants = (self.part, float(self.patience), self.threshold, max(self.floor, 1e-30))
        return (Stage(kernels.plateau, constants, 3, kernels.judge_plateau),)

    def factor(self, t: float, epochs: float) -> float:
        return 1.0


class WarmUp(Schedule):
    """In a straight line from start·α to α, then another schedule, whose time begins after the warm-up."""

    kind = "warm_up"
    title = "Warm-up"
    summary = "Begins with small steps, until the optimizer knows its way; then another schedule takes over."
    epochs: float = Field(5.0, gt=0, title="Lasts", json_schema_extra={"unit": "epochs"})
    start: float = Field(0.1, ge=0, le=1, title="Begins at", json_schema_extra={"unit": "of the rate"})
    then: Schedule = Field(Constant(), title="Then", description="The schedule for the epochs after.")

    def stages(self, delay: float = 0.0) -> tuple[Stage, ...]:
        ramp = Stage(kernels.warm_up, (delay, self.start, self.epochs, 0.0))
        return (ramp, *self.then.stages(delay + self.epochs))

    def factor(self, t: float, epochs: float) -> float:
        ramp = float(kernels.warm_up_factor.function(t, epochs, self.start, self.epochs, 0.0))
        return ramp * self.then.factor(max(t - self.epochs, 0.0), max(epochs - self.epochs, 0.0))
