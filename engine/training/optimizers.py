"""How a gradient becomes a step: each optimizer's settings, slots and kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from engine.design.declared import Declared
from engine.kernels import optimizers as kernels

if TYPE_CHECKING:
    from engine.kernels.contract import Kernel


@dataclass(frozen=True)
class Update:
    """What the plan needs to emit the update over the flat parameters.

    The kernel's row is: w, dw, size, rate, one offset per slot, the scalars' offset (where there are any), then the
    offsets of the constants.

    Attributes:
        names: of the arrays, as long as the parameters, that the optimizer keeps: ("m", "v").
        scalars: how many single numbers it keeps besides.
    """

    kernel: Kernel
    names: Sequence[str] = ()
    scalars: int = 0
    constants: Sequence[float] = ()

    @property
    def slots(self) -> int:
        return len(self.names)


class Optimizer(Declared):
    family = "optimizer"
    usual_rate: ClassVar[float] = 0.01

    def update(self) -> Update:
        raise TypeError(f"{type(self).__name__} is not lowered")

    def batch(self, batch_size: int, rows: int) -> int:
        """How many examples one step uses."""
        return min(batch_size, rows)


class MiniBatch(Optimizer):
    kind = "minibatch"
    title = "Mini-batch gradient descent"
    summary = "A step against the gradient of a small batch."

    def update(self) -> Update:
        return Update(kernels.descend)


class Adam(Optimizer):
    kind = "adam"
    title = "Adam"
    summary = "Momentum, and a step of its own for every weight."
    usual_rate = 0.001
    beta1: float = Field(0.9, ge=0, lt=1, title="β₁", description="How long the mean of the gradient remembers.")
    beta2: float = Field(0.999, ge=0, lt=1, title="β₂", description="How long the mean of its square remembers.")
    epsilon: float = Field(1e-8, gt=0, title="ε", description="Keeps the division away from zero.")

    def update(self) -> Update:
        return Update(kernels.adam, ("m", "v"), 2, (self.beta1, self.beta2, self.epsilon))
