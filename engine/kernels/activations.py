"""The activations: for each its formula, its derivative, and what the derivative needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.kernels.contract import Formula, formula, real
from engine.kernels.functions import exp, sigmoid, tanh

Number = Any


@dataclass(frozen=True, eq=False)
class Activation:
    """One activation y = f(z), with derivative f'(z) told from z and y.

    Attributes:
        name: as written in designs.
        title: as shown.
        value: (z, a) -> y, where a is the activation's own parameter.
        slope: (z, y, a) -> dy/dz.
        from_output: slope needs only y, so that y may overwrite z.
        family: the initialiser that suits it: "he", "glorot", "lecun".
        parameter: the name of a, or empty. default: its usual value.
    """

    name: str
    title: str
    value: Formula
    slope: Formula
    from_output: bool
    family: str = "glorot"
    parameter: str = ""
    default: float = 0.0


@formula
def linear(z: Number, a: Number) -> Number:
    return z


@formula
def linear_slope(z: Number, y: Number, a: Number) -> Number:
    return real(1)


@formula
def relu(z: Number, a: Number) -> Number:
    return max(z, real(0))


@formula
def relu_slope(z: Number, y: Number, a: Number) -> Number:
    return real(1) if y > real(0) else real(0)


@formula
def tanh_value(z: Number, a: Number) -> Number:
    return tanh(z)


@formula
def tanh_slope(z: Number, y: Number, a: Number) -> Number:
    return real(1) - y * y


@formula
def sigmoid_value(z: Number, a: Number) -> Number:
    return sigmoid(z)


@formula
def sigmoid_slope(z: Number, y: Number, a: Number) -> Number:
    return y * (real(1) - y)


@formula
def elu(z: Number, a: Number) -> Number:
    return z if z >= real(0) else a * (exp(min(z, real(0))) - real(1))


@formula
def elu_slope(z: Number, y: Number, a: Number) -> Number:
    return real(1) if y >= real(0) else y + a


ACTIVATIONS = {
    row.name: row
    for row in (
        Activation("linear", "Linear", linear, linear_slope, True),
        Activation("relu", "ReLU", relu, relu_slope, True, "he"),
        Activation("tanh", "tanh", tanh_value, tanh_slope, True),
        Activation("sigmoid", "Sigmoid", sigmoid_value, sigmoid_slope, True),
        Activation("elu", "ELU", elu, elu_slope, True, "he", "alpha", 1.0),
    )
}
