"""The activations: for each its formula, its derivative, and what the derivative needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.kernels.contract import Formula, formula, real
from engine.kernels.functions import cos, erf, exp, log1p_unit, sigmoid, sin, tanh

Number = Any
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772  # Klambauer et al. 2017


@dataclass(frozen=True, eq=False)
class Activation:
    """One activation y = f(z), with derivative f'(z) told from z and y.

    Attributes:
        name: as written in designs.
        title: as shown.
        value: (z, a) -> y, where a is the activation's own parameter; None: it looks at the whole last axis and has
            kernels of its own (softmax).
        slope: (z, y, a) -> dy/dz.
        from_output: slope needs only y, so that the affine kernel can hold it and z is never stored.
        family: the initialiser that suits it: "he", "glorot", "lecun".
        parameter: the name of a, or empty. default: its usual value.
    """

    name: str
    title: str
    value: Formula | None
    slope: Formula | None
    from_output: bool
    family: str = "glorot"
    parameter: str = ""
    default: float = 0.0


# A comparison that NaN fails picks z or y, so that NaN passes through and a diverged run is seen.


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
def leaky_relu(z: Number, a: Number) -> Number:
    return z if z > real(0) else a * z


@formula
def leaky_relu_slope(z: Number, y: Number, a: Number) -> Number:
    return real(1) if y > real(0) else a


@formula
def elu(z: Number, a: Number) -> Number:
    return z if z > real(0) else a * (exp(min(z, real(0))) - real(1))


@formula
def elu_slope(z: Number, y: Number, a: Number) -> Number:
    return real(1) if y > real(0) else y + a


@formula
def selu(z: Number, a: Number) -> Number:
    return real(SELU_SCALE) * (z if z > real(0) else real(SELU_ALPHA) * (exp(min(z, real(0))) - real(1)))


@formula
def selu_slope(z: Number, y: Number, a: Number) -> Number:
    return real(SELU_SCALE) if y > real(0) else y + real(SELU_SCALE * SELU_ALPHA)


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
def hard_sigmoid(z: Number, a: Number) -> Number:
    return min(max(z * real(1 / 6) + real(0.5), real(0)), real(1))


@formula
def hard_sigmoid_slope(z: Number, y: Number, a: Number) -> Number:
    return real(1 / 6) if (y > real(0)) & (y < real(1)) else real(0)


@formula
def softsign(z: Number, a: Number) -> Number:
    return z / (real(1) + abs(z))


@formula
def softsign_slope(z: Number, y: Number, a: Number) -> Number:
    rest = real(1) - abs(y)
    return rest * rest


@formula
def softplus(z: Number, a: Number) -> Number:
    return max(z, real(0)) + log1p_unit(exp(-abs(z)))


@formula
def softplus_slope(z: Number, y: Number, a: Number) -> Number:
    return sigmoid(z)


@formula
def gelu(z: Number, a: Number) -> Number:
    return real(0.5) * z * (real(1) + erf(z * real(0.7071067811865476)))


@formula
def gelu_slope(z: Number, y: Number, a: Number) -> Number:
    normal = exp(real(-0.5) * z * z) * real(0.3989422804014327)
    return real(0.5) * (real(1) + erf(z * real(0.7071067811865476))) + z * normal


@formula
def silu(z: Number, a: Number) -> Number:
    return z * sigmoid(z)


@formula
def silu_slope(z: Number, y: Number, a: Number) -> Number:
    s = sigmoid(z)
    return s + z * s * (real(1) - s)


@formula
def mish(z: Number, a: Number) -> Number:
    # tanh(ln(1+w)) = n/(n+2) with n = w(w+2), w = e^z; from z = 20 on it is 1 to the last digit, and z·n stays small
    w = exp(min(z, real(20)))
    n = w * (w + real(2))
    return z * (n / (n + real(2)))


@formula
def mish_slope(z: Number, y: Number, a: Number) -> Number:
    w = exp(min(z, real(20)))
    n = w * (w + real(2))
    inverse = real(1) / (n + real(2))
    bend = real(4) * inverse * ((n + real(1)) * inverse)  # 1 - tanh²
    return n * inverse + z * bend * (w / (real(1) + w))


@formula
def sin_value(z: Number, a: Number) -> Number:
    return sin(z)


@formula
def sin_slope(z: Number, y: Number, a: Number) -> Number:
    return cos(z)


@formula
def gaussian(z: Number, a: Number) -> Number:
    return exp(-z * z)


@formula
def gaussian_slope(z: Number, y: Number, a: Number) -> Number:
    return real(-2) * z * y


ACTIVATIONS = {
    row.name: row
    for row in (
        Activation("linear", "Linear", linear, linear_slope, True),
        Activation("relu", "ReLU", relu, relu_slope, True, "he"),
        Activation("leaky_relu", "Leaky ReLU", leaky_relu, leaky_relu_slope, True, "he", "slope", 0.1),
        Activation("elu", "ELU", elu, elu_slope, True, "he", "alpha", 1.0),
        Activation("selu", "SELU", selu, selu_slope, True, "lecun"),
        Activation("gelu", "GELU", gelu, gelu_slope, False, "he"),
        Activation("silu", "SiLU", silu, silu_slope, False, "he"),
        Activation("mish", "Mish", mish, mish_slope, False, "he"),
        Activation("tanh", "tanh", tanh_value, tanh_slope, True),
        Activation("sigmoid", "Sigmoid", sigmoid_value, sigmoid_slope, True),
        Activation("hard_sigmoid", "Hard sigmoid", hard_sigmoid, hard_sigmoid_slope, True),
        Activation("softplus", "Softplus", softplus, softplus_slope, False, "he"),
        Activation("softsign", "Softsign", softsign, softsign_slope, True),
        Activation("sin", "Sine", sin_value, sin_slope, False),
        Activation("gaussian", "Gaussian", gaussian, gaussian_slope, False),
        Activation("softmax", "Softmax", None, None, False),
    )
}
