"""Counter-based random numbers: a hash of who asks and when, so the whole random state is three integers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.kernels.contract import formula, real
from engine.kernels.functions import cos, log

Number = Any


@formula
def mix(key: Number) -> Number:
    """SplitMix64's finaliser (Steele, Lea and Flood 2014): 64 well-mixed bits from any 64 bits."""
    z = np.uint64(key) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@formula
def stream(seed: Number, who: Number, when: Number) -> Number:
    """The key of one drawing operation (`who`) at one step or epoch (`when`)."""
    return mix(mix(np.uint64(seed) ^ (np.uint64(who) << np.uint64(32))) ^ np.uint64(when))


@formula
def uniform(key: Number, index: Number) -> Number:
    """Uniform in [0, 1): 24 random bits, exact in float32."""
    bits = mix(key + np.uint64(index) * np.uint64(0xD1342543DE82EF95))
    return real(np.int64(bits >> np.uint64(40))) * real(1.0 / 16777216.0)


@formula
def normal(key: Number, index: Number) -> Number:
    """Standard normal by Box and Muller, one value per index."""
    bits = mix(key + np.uint64(index) * np.uint64(0xD1342543DE82EF95))
    u = (real(np.int32(bits >> np.uint64(33))) + real(0.5)) * real(1 / 2147483648)  # (0, 1]
    v = real(np.int32(bits & np.uint64(0x7FFFFFFF))) * real(1 / 2147483648)  # [0, 1]
    return np.sqrt(real(-2) * log(u)) * cos(real(2 * math.pi) * v)


@formula
def below(key: Number, index: Number, bound: Number) -> Number:
    """A whole number in [0, bound), bound < 2**31 (Lemire 2019, without the rejection: bias below 2**-32·bound)."""
    bits = mix(key + np.uint64(index) * np.uint64(0xD1342543DE82EF95)) >> np.uint64(32)
    return np.int64((bits * np.uint64(bound)) >> np.uint64(32))
