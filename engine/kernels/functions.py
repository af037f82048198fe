"""exp, log, tanh, erf, sin and cos that vectorise: float32 polynomials of a few ulp; float64 uses the C library."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.kernels.contract import Primitive, formula, real

Number = Any


# 2**exponent as float32, for a whole number held as float32 in [-126, 127]
power_of_two = Primitive("power_of_two")
# of a positive float32 x = mantissa·2^exponent, with the mantissa in [1, 2)
exponent = Primitive("exponent")
mantissa = Primitive("mantissa")


def _exp_single(x: Number) -> Number:
    # Cephes expf: x = n·ln2 + r, e^x = 2^n·e^r with a polynomial for e^r; ln2 in two parts keeps r exact
    x = min(max(x, real(-87.0)), real(88.0))
    n = np.floor(x * real(1.44269504088896341) + real(0.5))
    r = x - n * real(0.693359375) + n * real(2.12194440e-4)
    p = real(1.9875691500e-4)
    p = p * r + real(1.3981999507e-3)
    p = p * r + real(8.3334519073e-3)
    p = p * r + real(4.1665795894e-2)
    p = p * r + real(1.6666665459e-1)
    p = p * r + real(5.0000001201e-1)
    return (p * r * r + r + real(1)) * power_of_two(n)


def _exp_double(x: Number) -> Number:
    return math.exp(x)


exp = formula(_exp_single, double=_exp_double)


def _tanh_single(x: Number) -> Number:
    # an odd rational function, exact to 3 ulp on the range where tanh differs from ±1 in float32
    x = min(max(x, real(-7.90531110763549805)), real(7.90531110763549805))
    s = x * x
    p = real(-2.76076847742355e-16)
    p = p * s + real(2.00018790482477e-13)
    p = p * s + real(-8.60467152213735e-11)
    p = p * s + real(5.12229709037114e-08)
    p = p * s + real(1.48572235717979e-05)
    p = p * s + real(6.37261928875436e-04)
    p = p * s + real(4.89352455891786e-03)
    q = real(1.19825839466702e-06)
    q = q * s + real(1.18534705686654e-04)
    q = q * s + real(2.26843463243900e-03)
    q = q * s + real(4.89352518554385e-03)
    return x * p / q


def _tanh_double(x: Number) -> Number:
    return math.tanh(x)


tanh = formula(_tanh_single, double=_tanh_double)


@formula
def sigmoid(x: Number) -> Number:
    return real(1) / (real(1) + exp(-x))


def _erf_single(x: Number) -> Number:
    # an odd rational function, exact to 3e-7 on the range where erf differs from ±1 in float32
    # (at 4.1 it is a little more than 1, so that the last line makes it just that)
    x = min(max(x, real(-4.1)), real(4.1))
    s = x * x
    p = real(-2.72614225801306e-10)
    p = p * s + real(2.77068142495902e-08)
    p = p * s + real(-2.10102402082508e-06)
    p = p * s + real(-5.69250639462346e-05)
    p = p * s + real(-7.34990630326855e-04)
    p = p * s + real(-2.95459980854025e-03)
    p = p * s + real(-1.60960333262415e-02)
    q = real(-1.45660718464996e-05)
    q = q * s + real(-2.13374055278905e-04)
    q = q * s + real(-1.68282697438203e-03)
    q = q * s + real(-7.37332916720468e-03)
    q = q * s + real(-1.42647390514189e-02)
    return min(max(x * p / q, real(-1)), real(1))


def _erf_double(x: Number) -> Number:
    return math.erf(x)


erf = formula(_erf_single, double=_erf_double)


def _log1p_unit_single(u: Number) -> Number:
    # ln(1+u) = 2·artanh(u/(2+u)); the argument is at most 1/3, so that eight terms of the series do
    v = u / (real(2) + u)
    s = v * v
    p = real(1 / 15)
    p = p * s + real(1 / 13)
    p = p * s + real(1 / 11)
    p = p * s + real(1 / 9)
    p = p * s + real(1 / 7)
    p = p * s + real(1 / 5)
    p = p * s + real(1 / 3)
    return real(2) * (v + v * s * p)


def _log1p_unit_double(u: Number) -> Number:
    return math.log1p(u)


# ln(1+u) for u in [-0.3, 1]
log1p_unit = formula(_log1p_unit_single, double=_log1p_unit_double)


def _log_single(x: Number) -> Number:
    # of a positive number; the mantissa is brought near 1, where ln is smallest and its error too
    m, e = mantissa(x), exponent(x)
    large = m > real(1.4142135)
    m = m * real(0.5) if large else m
    e = e + real(1) if large else e
    return e * real(0.6931471805599453) + log1p_unit(m - real(1))


def _log_double(x: Number) -> Number:
    return math.log(x)


log = formula(_log_single, double=_log_double)


@formula
def half_turns(x: Number) -> Number:
    """(-1)^n and x - n·π for the nearest whole n; in float64, so that thousands of turns cost no digits."""
    turns = np.floor(np.float64(x) * 0.3183098861837907 + 0.5)
    rest = np.float64(x) - turns * 3.141592653589793
    sign = 1.0 - 2.0 * (turns - 2.0 * np.floor(turns * 0.5))
    return real(sign), real(rest)


def _sin_single(x: Number) -> Number:
    sign, r = half_turns(x)
    # where x is so large that float64 holds no angle any more, the answer stays within ±1
    r = min(max(r, real(-1.5707964)), real(1.5707964))
    s = r * r
    p = real(2.6083159809786593541503e-06)
    p = p * s + real(-1.981069071916863322258e-04)
    p = p * s + real(8.33307858556509017944336e-03)
    p = p * s + real(-1.66666597127914428710938e-01)
    return sign * (r + r * s * p)


def _sin_double(x: Number) -> Number:
    return math.sin(x)


sin = formula(_sin_single, double=_sin_double)


def _cos_single(x: Number) -> Number:
    sign, r = half_turns(x)
    r = min(max(r, real(-1.5707964)), real(1.5707964))
    s = r * r
    p = real(-2.605e-07)
    p = p * s + real(2.47609e-05)
    p = p * s + real(-1.3888397e-03)
    p = p * s + real(4.16666418e-02)
    p = p * s + real(-0.5)
    return sign * (real(1) + s * p)


def _cos_double(x: Number) -> Number:
    return math.cos(x)


cos = formula(_cos_single, double=_cos_double)
