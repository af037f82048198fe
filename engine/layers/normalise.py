"""Layers that keep values centred and of spread 1, whatever the layers before them do."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from engine.kernels.normalise import batch_norm, batch_norm_backward, layer_norm, layer_norm_backward
from engine.layers.base import Layer, Spec, real
from engine.program.builder import Builder, Parameter, Tensor
from engine.training.initialisers import Constant, Zeros


def _scale_and_shift(build: Builder, m: int) -> tuple[Parameter, Parameter]:
    scale = build.parameter("gamma", (m,), Constant(value=1.0), m, m, decay=False)
    return scale, build.parameter("beta", (m,), Zeros(), m, m, decay=False)


class BatchNorm(Layer):
    """Batch normalisation of every feature, the last axis, over the batch and all other axes.

    The running variance is that of the batch divided by n, as its momentum is the share that is kept.
    """

    kind = "batch_norm"
    title = "Batch norm"
    brief = "Evens out a batch"
    summary = "Centres every feature over the batch and gives it spread 1; deep networks then learn faster."
    category = "Normalise"

    momentum: float = Field(
        0.9, ge=0, lt=1, title="Momentum", description="How much of the running mean a step keeps; used after training."
    )
    epsilon: float = Field(1e-5, ge=1e-12, le=1, title="ε", description="Keeps the division away from zero.")

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        return real(spec, "Batch norm")

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        m = x.spec.shape[-1]
        gamma, beta = _scale_and_shift(build, m)
        mean, variance = build.state("mean", (m,)), build.state("variance", (m,), fill=1.0)
        y = build.tensor(x.spec)
        shared = (
            x.value, y.value, gamma.value, beta.value, mean.value, variance.value, build.constant(self.epsilon),
            build.constant(self.momentum), build.scratch(m, per_example=False), build.scratch(m, per_example=False),
            x.spec.size // m, m,
        )  # fmt: skip
        build.op([x], (batch_norm, shared), (batch_norm_backward, (*shared, x.grad, y.grad, gamma.grad, beta.grad)))
        return y


class LayerNorm(Layer):
    """Layer normalisation over the last axis, for every example and place by itself."""

    kind = "layer_norm"
    title = "Layer norm"
    brief = "Evens out an example"
    summary = "Centres the features of each example and gives them spread 1; the batch plays no part."
    category = "Normalise"

    epsilon: float = Field(1e-5, ge=1e-12, le=1, title="ε", description="Keeps the division away from zero.")

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        return real(spec, "Layer norm")

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        m = x.spec.shape[-1]
        groups = x.spec.size // m
        gamma, beta = _scale_and_shift(build, m)
        y = build.tensor(x.spec)
        shared = (
            x.value, y.value, gamma.value, beta.value, build.constant(self.epsilon), build.scratch(groups),
            build.scratch(groups), groups, m,
        )  # fmt: skip
        build.op([x], (layer_norm, shared), (layer_norm_backward, (*shared, x.grad, y.grad, gamma.grad, beta.grad)))
        return y
