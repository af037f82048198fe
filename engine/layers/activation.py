"""Activations as layers of their own."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import Field, field_validator

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.elementwise import map_kernels, prelu, prelu_backward
from engine.layers.base import Layer, Spec, real
from engine.program.builder import Builder, Tensor
from engine.training.initialisers import Constant


def activation_name(value: str) -> str:
    """``value``, when it names an activation.

    Raises:
        ValueError: it does not; the message lists near names.
    """
    if value not in ACTIVATIONS:
        near = get_close_matches(value, ACTIVATIONS, n=3) or list(ACTIVATIONS)
        raise ValueError(f"there is no activation called {value!r}; near: {', '.join(near)}")
    return value


def emit_activation(build: Builder, x: Tensor, activation: str, parameter: float) -> Tensor:
    """Emit y = f(x): element by element, softmax over the last axis."""
    y = build.tensor(x.spec, grad=x.grad is not None)
    forward, backward = map_kernels(activation)
    features = x.spec.shape[-1]
    shared = (x.value, y.value, build.constant(parameter), x.spec.size // features, features)
    build.op([x], (forward, shared), (backward, (*shared, x.grad, y.grad)) if x.grad else None)
    return y


class Activation(Layer):
    """y = f(x): element by element, softmax over the last axis."""

    kind = "activation"
    title = "Activation"
    brief = "Bends every value"
    summary = "Bends every value on its own; without it, layers on layers stay a straight line."
    category = "Activation"

    activation: str = Field(
        "relu", title="Function", description="How every value is bent.", json_schema_extra={"choices": "activations"}
    )
    parameter: float | None = Field(
        None, ge=0, le=10, title="Parameter", description="Slope of Leaky ReLU, α of ELU; empty: the usual value."
    )

    @field_validator("activation")
    @classmethod
    def _known(cls, value: str) -> str:
        return activation_name(value)

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        return real(spec, "An activation")

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        default = ACTIVATIONS[self.activation].default
        return emit_activation(build, inputs[0], self.activation, default if self.parameter is None else self.parameter)

    def key_fields(self) -> str:
        return ACTIVATIONS[self.activation].title


class PReLU(Layer):
    """y = x where x > 0, else a·x, with a trained for every feature (He et al. 2015)."""

    kind = "prelu"
    title = "PReLU"
    brief = "Learns its own bend"
    summary = "A ReLU that learns how much of the negative side to let through."
    category = "Activation"

    slope: float = Field(0.25, ge=-1, le=1, title="First slope", description="The slope at the start of training.")

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        return real(spec, "PReLU")

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        m = x.spec.shape[-1]
        # never decayed: a slope of 0 is a plain ReLU, not a simpler one
        a = build.parameter("slope", (m,), Constant(value=self.slope), m, m, decay=False)
        y = build.tensor(x.spec)
        shared = (x.value, y.value, a.value, x.spec.size // m, m)
        build.op([x], (prelu, shared), (prelu_backward, (*shared, x.grad, y.grad, a.grad)))
        return y

    def key_fields(self) -> str:
        return f"{self.slope:g}"
