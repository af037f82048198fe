"""exp, tanh and sigmoid that vectorise: float32 polynomials of a few ulp; float64 uses the C library."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.kernels.contract import formula, real

Number = Any


@intrinsic
def power_of_two(typingctx, exponent):  # type: ignore[no-untyped-def]
    """2**exponent as float32, for a whole number held as float32 in [-126, 127]: the exponent's bits, set by hand."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        i32 = ir.IntType(32)
        biased = builder.add(builder.fptosi(args[0], i32), ir.Constant(i32, 127))
        return builder.bitcast(builder.shl(biased, ir.Constant(i32, 23)), ir.FloatType())

    return types.float32(types.float32), codegen


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
