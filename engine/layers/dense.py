"""The dense layer: every unit sees every input."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, field_validator

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.affine import affine_kernels
from engine.layers.activation import activation_name, emit_activation
from engine.layers.base import Layer, Spec, real
from engine.program.builder import Builder, Tensor
from engine.training.initialisers import Automatic, Initialiser, Zeros


class Dense(Layer):
    """y = f(x·W + b) on the last axis."""

    kind = "dense"
    title = "Dense"
    brief = "Weighted sums, bent"
    summary = "Every unit adds up all inputs with its own weights, adds a bias and bends the sum."
    category = "Core"

    units: int = Field(8, ge=1, le=1_000_000, title="Units", description="How many neurons, and so outputs.")
    activation: str = Field(
        "linear",
        title="Activation",
        description="How each unit bends its sum.",
        json_schema_extra={"choices": "activations"},
    )
    initialiser: Initialiser = Field(Automatic(), title="First weights", description="How the weights begin.")
    bias_initialiser: Initialiser = Field(Zeros(), title="First biases", description="How the biases begin.")

    @field_validator("activation")
    @classmethod
    def _known(cls, value: str) -> str:
        return activation_name(value)

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        return Spec((*real(spec, "Dense").shape[:-1], self.units))

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        row = ACTIVATIONS[self.activation]
        y = affine(
            build, inputs[0], self.units, self.activation if row.from_output else "linear",
            self.initialiser.suited_to(row.family), self.bias_initialiser,
        )  # fmt: skip
        return y if row.from_output else emit_activation(build, y, self.activation, row.default)

    def key_fields(self) -> str:
        return f"{self.units}, {ACTIVATIONS[self.activation].title}"


def affine(
    build: Builder,
    x: Tensor,
    units: int,
    activation: str,
    initialiser: Initialiser,
    bias_initialiser: Initialiser,
    fan_out: int = 0,
) -> Tensor:
    """Emit y = f(x·W + b) on the last axis; f must be told from its output.

    ``fan_out`` is for the initialiser, where it is not the number of units.
    """
    row = ACTIVATIONS[activation]
    k, m = x.spec.shape[-1], units
    groups = x.spec.size // k
    w = build.parameter("weight", (k, m), initialiser, fan_in=k, fan_out=fan_out or m)
    b = build.parameter("bias", (m,), bias_initialiser, fan_in=k, fan_out=fan_out or m, decay=False)
    y = build.tensor(Spec((*x.spec.shape[:-1], m)))
    a = build.constant(row.default)
    forward, backward = affine_kernels(activation)
    shared = (x.value, y.value, w.value, b.value, a, k, m, groups)
    build.op(
        [x], (forward, shared), (backward, (*shared, x.grad, y.grad, w.grad, b.grad)), multiply_adds=groups * k * m
    )
    return y
