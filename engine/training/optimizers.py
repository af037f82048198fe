"""How a gradient becomes a step: each optimizer's settings, slots and kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from engine.design.declared import Declared
from engine.kernels import optimizers as kernels

if TYPE_CHECKING:
    from engine.kernels.contract import Kernel


@dataclass(frozen=True)
class Update:
    """What the plan needs to emit the update over the flat parameters.

    The kernel's row is: w, dw, size, rate, one offset per slot, the scalars' offset and the constants' offset (each
    where there are any).

    Attributes:
        names: of the arrays, as long as the parameters, that the optimizer keeps: ("m", "v").
        scalars: how many single numbers it keeps besides.
        decay: λ of the decoupled weight decay w -= α·λ·w, on weights and not on biases; 0: none.
    """

    kernel: Kernel
    names: Sequence[str] = ()
    scalars: int = 0
    constants: Sequence[float] = ()
    decay: float = 0.0

    @property
    def slots(self) -> int:
        return len(self.names)


class Optimizer(Declared):
    """A rule for steps; ``usual_rate`` is the learning rate that people begin with."""

    family = "optimizer"
    usual_rate: ClassVar[float] = 0.01

    def update(self) -> Update:
        raise TypeError(f"{type(self).__name__} is not lowered")

    def batch(self, batch_size: int, rows: int) -> int:
        """How many examples one step uses."""
        return min(batch_size, rows)


def _memory(usual: float, symbol: str, description: str) -> Any:
    return Field(usual, ge=0, lt=1, title=symbol, description=description)


def _epsilon(usual: float) -> Any:
    # float32 must hold it: 0/0 would not be a number
    return Field(usual, ge=1e-30, le=1, title="ε", description="Keeps the division away from zero.")


class GradientDescent(Optimizer):
    kind = "gradient_descent"
    title = "Gradient descent"
    summary = "One step per epoch, against the gradient of all training rows: smooth and slow."
    usual_rate = 0.1

    def update(self) -> Update:
        return Update(kernels.descend)

    def batch(self, batch_size: int, rows: int) -> int:
        return rows


class StochasticGradientDescent(Optimizer):
    kind = "sgd"
    title = "Stochastic (SGD)"
    summary = "Stochastic gradient descent: a step after every single row, quick and noisy."

    def update(self) -> Update:
        return Update(kernels.descend)

    def batch(self, batch_size: int, rows: int) -> int:
        return 1


class MiniBatch(Optimizer):
    kind = "minibatch"
    title = "Mini-batch SGD"
    summary = "Gradient descent with mini-batches: a step against the gradient of a small batch."
    usual_rate = 0.03

    def update(self) -> Update:
        return Update(kernels.descend)


class Momentum(Optimizer):
    """v = β·v + dw; w -= α·v (Polyak 1964)."""

    kind = "momentum"
    title = "Momentum"
    summary = "Rolls on like a ball: steps in one direction add up, zigzags cancel."
    beta: float = _memory(0.9, "β", "How much of the last step's velocity is kept; steps grow up to 1/(1-β) times.")

    def update(self) -> Update:
        return Update(kernels.momentum, ("v",), 0, (self.beta,))


class Nesterov(Optimizer):
    """v = β·v + dw; w -= α·(dw + β·v) (Nesterov 1983, in the form of Sutskever et al. 2013)."""

    kind = "nesterov"
    title = "Nesterov"
    summary = "Momentum that looks one step ahead, and so brakes earlier."
    beta: float = _memory(0.9, "β", "How much of the last step's velocity is kept; steps grow up to 1/(1-β) times.")

    def update(self) -> Update:
        return Update(kernels.nesterov, ("v",), 0, (self.beta,))


class RMSProp(Optimizer):
    """s = ρ·s + (1-ρ)·dw²; w -= α·dw/(√s + ε) (Tieleman and Hinton 2012)."""

    kind = "rmsprop"
    title = "RMSProp"
    summary = "Divides every weight's step by how large its gradients were lately."
    usual_rate = 0.001
    rho: float = _memory(0.9, "ρ", "How long the mean of the squared gradient remembers.")
    epsilon: float = _epsilon(1e-8)

    def update(self) -> Update:
        return Update(kernels.rmsprop, ("s",), 0, (self.rho, self.epsilon))


class Adagrad(Optimizer):
    """s += dw²; w -= α·dw/(√s + ε) (Duchi, Hazan and Singer 2011)."""

    kind = "adagrad"
    title = "Adagrad"
    summary = "Divides every weight's step by all its gradients so far: steps only ever shrink."
    epsilon: float = _epsilon(1e-10)

    def update(self) -> Update:
        return Update(kernels.adagrad, ("s",), 0, (self.epsilon,))


class Adadelta(Optimizer):
    """s = ρ·s + (1-ρ)·dw²; d = √(u + ε)/√(s + ε)·dw; u = ρ·u + (1-ρ)·d²; w -= α·d (Zeiler 2012)."""

    kind = "adadelta"
    title = "Adadelta"
    summary = "Finds the size of its steps by itself, from earlier steps and gradients: α is usually 1."
    usual_rate = 1.0
    rho: float = _memory(0.95, "ρ", "How long the means of squared gradients and steps remember.")
    epsilon: float = _epsilon(1e-6)

    def update(self) -> Update:
        return Update(kernels.adadelta, ("s", "u"), 0, (self.rho, self.epsilon))


MEAN = "How long the mean of the gradient remembers."
SQUARE = "How long the mean of its square remembers."


class Adam(Optimizer):
    """m and v, running means of dw and dw², each divided by 1-βᵗ; w -= α·m̂/(√v̂ + ε) (Kingma and Ba 2015)."""

    kind = "adam"
    title = "Adam"
    summary = "Momentum, and a step of its own for every weight."
    usual_rate = 0.001
    beta1: float = _memory(0.9, "β₁", MEAN)
    beta2: float = _memory(0.999, "β₂", SQUARE)
    epsilon: float = _epsilon(1e-8)

    def update(self) -> Update:
        return Update(kernels.adam, ("m", "v"), 2, (self.beta1, self.beta2, self.epsilon))


class AdamW(Optimizer):
    """Adam after w -= α·λ·w on the weights, not on the biases (Loshchilov and Hutter 2019)."""

    kind = "adamw"
    title = "AdamW"
    summary = "Adam that also shrinks the weights a little at every step."
    usual_rate = 0.001
    beta1: float = _memory(0.9, "β₁", MEAN)
    beta2: float = _memory(0.999, "β₂", SQUARE)
    epsilon: float = _epsilon(1e-8)
    weight_decay: float = Field(
        0.01, ge=0, le=1, title="Weight decay", description="λ: every step takes α·λ of each weight away."
    )

    def update(self) -> Update:
        return Update(kernels.adam, ("m", "v"), 2, (self.beta1, self.beta2, self.epsilon), self.weight_decay)


class Nadam(Optimizer):
    """Adam with Nesterov's look ahead: m̂ = β₁·m/(1-β₁ᵗ⁺¹) + (1-β₁)·dw/(1-β₁ᵗ) (Dozat 2016, constant β₁)."""

    kind = "nadam"
    title = "Nadam"
    summary = "Adam that looks one step ahead, as Nesterov momentum does."
    usual_rate = 0.001
    beta1: float = _memory(0.9, "β₁", MEAN)
    beta2: float = _memory(0.999, "β₂", SQUARE)
    epsilon: float = _epsilon(1e-8)

    def update(self) -> Update:
        return Update(kernels.nadam, ("m", "v"), 2, (self.beta1, self.beta2, self.epsilon))
