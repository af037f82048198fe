"""How weights begin: each initialiser draws one tensor from fan-in and fan-out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.design.declared import Declared

Values = NDArray[np.float64]


class Initialiser(Declared):
    """Draws the first values of a parameter tensor."""

    family = "initialiser"

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        """``fan_in`` inputs feed a unit, ``fan_out`` units read one input."""
        raise TypeError(f"{type(self).__name__} does not say how it draws")

    def suited_to(self, family: str) -> Initialiser:
        """The initialiser itself; only `Automatic` looks at the activation's family."""
        return self


class GlorotUniform(Initialiser):
    """U(±√(6/(fan_in+fan_out))): keeps the spread of tanh and sigmoid layers (Glorot and Bengio 2010)."""

    kind = "glorot_uniform"
    title = "Glorot, uniform"
    summary = "For tanh and sigmoid: keeps signals and gradients about the same size through the layers."

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        limit = math.sqrt(6 / max(fan_in + fan_out, 1))
        return rng.uniform(-limit, limit, shape)


class HeNormal(Initialiser):
    """N(0, 2/fan_in): keeps the spread of ReLU layers, which lose half of their input (He et al. 2015)."""

    kind = "he_normal"
    title = "He, normal"
    summary = "For ReLU and its kin: makes up for the half that ReLU cuts off."

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        return rng.standard_normal(shape) * math.sqrt(2 / max(fan_in, 1))


class Constant(Initialiser):
    kind = "constant"
    title = "Constant"
    summary = "Every weight the same: units then never learn different things."
    value: float = Field(0.0, title="Value")

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        return np.full(shape, self.value)


class Zeros(Initialiser):
    kind = "zeros"
    title = "Zeros"
    summary = "All zero: right for biases; for weights it shows why symmetry must be broken."

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        return np.zeros(shape)


class Automatic(Initialiser):
    kind = "auto"
    title = "Automatic"
    summary = "He for ReLU and its kin, LeCun for SELU, Glorot for the rest."

    def suited_to(self, family: str) -> Initialiser:
        return {"he": HeNormal(), "glorot": GlorotUniform()}[family]


def draw_parameter(init: Any, seed: int, key: str, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
    """A tensor's first values: they depend on the seed and its own name only, not on what else is in the network."""
    rng = np.random.default_rng([seed, *key.encode()])
    values: Values = init.draw(rng, shape, fan_in, fan_out)
    return values
