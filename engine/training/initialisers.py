"""How weights begin: each initialiser draws one tensor from fan-in and fan-out."""

from __future__ import annotations

import math
from typing import ClassVar

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


class VarianceScaling(Initialiser):
    """Zero mean and a variance that depends on how many units are joined; uniform or normal."""

    uniform: ClassVar[bool] = False

    def variance(self, fan_in: int, fan_out: int) -> float:
        raise TypeError(f"{type(self).__name__} names no variance")

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        spread = math.sqrt(self.variance(max(fan_in, 1), max(fan_out, 1)))
        if not self.uniform:
            return rng.standard_normal(shape) * spread
        limit = math.sqrt(3) * spread  # U(±a) has variance a²/3
        return rng.uniform(-limit, limit, shape)


class GlorotUniform(VarianceScaling):
    """U(±√(6/(fan_in+fan_out))): keeps the spread of tanh and sigmoid layers (Glorot and Bengio 2010)."""

    kind = "glorot_uniform"
    title = "Glorot, uniform"
    summary = "For tanh and sigmoid: keeps signals and gradients about the same size through the layers."
    uniform = True

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 2 / (fan_in + fan_out)


class GlorotNormal(GlorotUniform):
    """N(0, 2/(fan_in+fan_out)) (Glorot and Bengio 2010)."""

    kind = "glorot_normal"
    title = "Glorot, normal"
    summary = "As Glorot, uniform, with bell-shaped weights: a few are large."
    uniform = False


class HeNormal(VarianceScaling):
    """N(0, 2/fan_in): keeps the spread of ReLU layers, which lose half of their input (He et al. 2015)."""

    kind = "he_normal"
    title = "He, normal"
    summary = "For ReLU and its kin: makes up for the half that ReLU cuts off."

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 2 / fan_in


class HeUniform(HeNormal):
    """U(±√(6/fan_in)) (He et al. 2015)."""

    kind = "he_uniform"
    title = "He, uniform"
    summary = "As He, normal, with weights spread evenly: none is very large."
    uniform = True


class LecunNormal(VarianceScaling):
    """N(0, 1/fan_in): keeps the spread of linear and SELU layers (LeCun et al. 1998; Klambauer et al. 2017)."""

    kind = "lecun_normal"
    title = "LeCun, normal"
    summary = "For SELU and linear layers: a sum of many inputs is as large as one of them."

    def variance(self, fan_in: int, fan_out: int) -> float:
        return 1 / fan_in


class LecunUniform(LecunNormal):
    """U(±√(3/fan_in)) (LeCun et al. 1998)."""

    kind = "lecun_uniform"
    title = "LeCun, uniform"
    summary = "As LeCun, normal, with weights spread evenly: none is very large."
    uniform = True


class Orthogonal(Initialiser):
    """gain·Q of a random matrix (k, m), k = all axes but the last: Q'Q = 1 or QQ' = 1 (Saxe et al. 2014)."""

    kind = "orthogonal"
    title = "Orthogonal"
    summary = "Units that begin as different as can be; lengths survive many layers, and many time steps."
    gain: float = Field(1.0, gt=0, le=1e6, title="Gain", description="The length of every weight vector.")

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        k, m = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(rng.standard_normal((max(k, m), min(k, m))))
        # QR alone prefers some signs; with those of R's diagonal all orthogonal matrices are equally likely
        q *= np.where(np.diag(r) < 0, -1.0, 1.0)
        values: Values = self.gain * (q if k >= m else q.T)
        return values.reshape(shape)


class Normal(Initialiser):
    """N(0, std²), whatever the width."""

    kind = "normal"
    title = "Normal"
    summary = "The same spread in every layer: shows how signals fade or grow when it is not suited to the width."
    std: float = Field(0.05, gt=0, le=1e6, title="Spread", description="The standard deviation.")

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        return rng.standard_normal(shape) * self.std


class Uniform(Initialiser):
    """U(±limit), whatever the width."""

    kind = "uniform"
    title = "Uniform"
    summary = "Evenly spread between -limit and +limit, in every layer alike."
    limit: float = Field(0.5, gt=0, le=1e6, title="Limit", description="The largest weight.")

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        return rng.uniform(-self.limit, self.limit, shape)


class Constant(Initialiser):
    """The same value everywhere."""

    kind = "constant"
    title = "Constant"
    summary = "Every weight the same: units then never learn different things."
    value: float = Field(0.1, ge=-1e6, le=1e6, title="Value", description="What every weight begins with.")

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

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
        # where no activation is near: biases, normalisation
        return GlorotUniform().draw(rng, shape, fan_in, fan_out)

    def suited_to(self, family: str) -> Initialiser:
        suited: dict[str, Initialiser] = {"he": HeNormal(), "glorot": GlorotUniform(), "lecun": LecunNormal()}
        return suited[family]


def draw_parameter(init: Initialiser, seed: int, key: str, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Values:
    """A tensor's first values: they depend on the seed and its own name only, not on what else is in the network."""
    return init.draw(np.random.default_rng([seed, *key.encode()]), shape, fan_in, fan_out)
