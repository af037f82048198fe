"""Layers for sequences: tokens become vectors, and a cell reads them one after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from engine.kernels.blocks import copy_blocks
from engine.kernels.embedding import embed, embed_backward
from engine.kernels.recurrent import recur_kernels
from engine.layers.base import Layer, ShapeError, Spec, real
from engine.layers.dense import affine
from engine.program.builder import Builder, Tensor
from engine.training.initialisers import Automatic, Initialiser, Orthogonal, Zeros


class Embedding(Layer):
    """A trained vector for every token: (…,) token ids to (…, features)."""

    kind = "embedding"
    title = "Embedding"
    brief = "A vector per token"
    summary = "Gives every token a vector of numbers, which training moves: tokens used alike come to lie together."
    category = "Sequence"

    features: int = Field(16, ge=1, le=65_536, title="Features", description="How long each token's vector is.")
    initialiser: Initialiser = Field(Automatic(), title="First vectors", description="How the vectors begin.")

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        if not spec.tokens:
            raise ShapeError("it looks up token ids, and real numbers arrive: choose data made of tokens, such as text")
        return Spec((*spec.shape, self.features))

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        tokens, m = x.spec.tokens, self.features
        # a token switches on one row of the table: it feeds each feature alone
        w = build.parameter("weight", (tokens, m), self.initialiser.suited_to("glorot"), fan_in=1, fan_out=m)
        y = build.tensor(self.output([x.spec]))
        shared = (x.value, y.value, w.value, tokens, m, x.spec.size)
        build.op([x], (embed, shared), (embed_backward, (*shared, y.grad, w.grad)))
        return y

    def key_fields(self) -> str:
        return str(self.features)


def over_time(spec: Spec, layer: str) -> Spec:
    """``spec``, when it is a sequence of real numbers: (time, features).

    Raises:
        ShapeError: it is not.
    """
    if len(real(spec, layer).shape) != 2:
        raise ShapeError(f"{layer} reads a sequence, time×features, and {spec} arrives")
    return spec


def last_step(build: Builder, x: Tensor) -> Tensor:
    """Emit y = x at the last step: (time, features) to (features,)."""
    steps, m = x.spec.shape
    y = build.tensor(Spec((m,)), grad=x.grad is not None)
    start = (steps - 1) * m
    forward = (x.value, steps * m, start, y.value, m, 0, m, 1, 0)
    backward = (y.grad, m, 0, x.grad, steps * m, start, m, 1, 1)
    build.op([x], (copy_blocks, forward), (copy_blocks, backward) if x.grad else None)
    return y


class SimpleRNN(Layer):
    """h_t = f(x_t·W + h_{t-1}·U + b), h_{-1} = 0 (Elman 1990): (time, features) to (time, units) or (units,)."""

    kind = "simple_rnn"
    title = "Simple RNN"
    brief = "Remembers a sequence"
    summary = "Reads a sequence step by step, and remembers in its units what it has read so far."
    category = "Sequence"

    units: int = Field(16, ge=1, le=65_536, title="Units", description="How many numbers it remembers.")
    activation: Literal["tanh", "relu"] = Field("tanh", title="Activation", description="How each unit bends its sum.")
    answer: Literal["last step", "sequence"] = Field(
        "last step", title="Answer", description="What it remembers at the end, or after every step."
    )
    initialiser: Initialiser = Field(Automatic(), title="First weights", description="How the input weights begin.")
    recurrent_initialiser: Initialiser = Field(
        Orthogonal(), title="First memory weights", description="How the weights from step to step begin."
    )
    bias_initialiser: Initialiser = Field(Zeros(), title="First biases", description="How the biases begin.")

    def output(self, inputs: Sequence[Spec]) -> Spec:
        steps, _ = over_time(inputs[0], self.title).shape
        return Spec((steps, self.units)) if self.answer == "sequence" else Spec((self.units,))

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        steps, m = x.spec.shape[0], self.units
        z = affine(build, x, m, "linear", self.initialiser.suited_to("glorot"), self.bias_initialiser)
        u = build.parameter("recurrent", (m, m), self.recurrent_initialiser.suited_to("glorot"), fan_in=m, fan_out=m)
        h = build.tensor(z.spec)
        forward, backward = recur_kernels(self.activation)
        shared = (z.value, h.value, u.value, build.constant(0.0), steps, m)
        build.op(
            [z], (forward, shared), (backward, (*shared, z.grad, h.grad, u.grad)), multiply_adds=(steps - 1) * m * m
        )
        return h if self.answer == "sequence" else last_step(build, h)

    def key_fields(self) -> str:
        return f"{self.units}, {self.activation}"


class LastStep(Layer):
    """What stands at the last step: (time, features) to (features,)."""

    kind = "last_step"
    title = "Last step"
    brief = "Only the last step"
    summary = "Takes the last step of a sequence and forgets the others."
    category = "Sequence"

    def output(self, inputs: Sequence[Spec]) -> Spec:
        return Spec(over_time(inputs[0], self.title).shape[-1:])

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        return last_step(build, inputs[0])
