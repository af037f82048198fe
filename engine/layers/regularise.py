"""Layers that make training harder so that the network generalises: they do nothing otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from engine.kernels.noise import dropout, dropout_backward, gaussian_noise
from engine.layers.base import Layer, Spec, real
from engine.program.builder import Builder, Tensor


class Dropout(Layer):
    """Inverted dropout (Srivastava et al. 2014): what is kept is divided by 1 - rate, so that sums keep their size."""

    kind = "dropout"
    title = "Dropout"
    brief = "Silences some values"
    summary = "While training, silences a random share of the values in every step; no unit can rely on another."
    category = "Regularise"

    rate: float = Field(0.5, ge=0, lt=1, title="Rate", description="The share that is silenced.")

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        return real(spec, "Dropout")

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        y = build.tensor(x.spec, grad=x.grad is not None)
        mask = build.scratch(x.spec.size)
        shared = (x.value, y.value, x.spec.size, build.constant(self.rate), mask, build.stream())
        build.op([x], (dropout, shared), (dropout_backward, (*shared, x.grad, y.grad)) if x.grad else None)
        return y

    def key_fields(self) -> str:
        return f"{self.rate:g}"


class GaussianNoise(Layer):
    """y = x + N(0, σ²) while training."""

    kind = "gaussian_noise"
    title = "Gaussian noise"
    brief = "Shakes every value"
    summary = "While training, shakes every value a little, as if there were more data."
    category = "Regularise"

    spread: float = Field(0.1, ge=0, le=100, title="Spread", description="The noise's standard deviation, σ.")

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        return real(spec, "Gaussian noise")

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        y = build.tensor(x.spec, grad=False)
        build.op([x], (gaussian_noise, (x.value, y.value, x.spec.size, build.constant(self.spread), build.stream())))
        # noise is added: the gradient passes as it is, through the same memory
        y.grad = x.grad
        return y

    def key_fields(self) -> str:
        return f"{self.spread:g}"
