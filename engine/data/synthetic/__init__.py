"""The sets that are computed from formulas: nothing to download, any size, any noise."""

from __future__ import annotations

from engine.data.synthetic.base import Synthetic, TwoInputs
from engine.data.synthetic.classify import And, Blobs, Checkerboard, Linear, Moons, Or, Rings, Xor
from engine.data.synthetic.curves import (
    Absolute,
    ComplexCurve,
    Cubic,
    Curve,
    GrowingSine,
    Line,
    Parabola,
    Sinc,
    Sine,
    Step,
)
from engine.data.synthetic.playground import Bumps, Circle, ExclusiveOr, Gauss, Plane, Spiral, Surface
from engine.data.synthetic.sequences import Adding, Copy, Parity, SineForecast
from engine.data.synthetic.shapes import Shapes
from engine.data.synthetic.surfaces import Ripple, Saddle
from engine.data.synthetic.text import Characters

__all__ = [
    "Absolute",
    "Adding",
    "And",
    "Blobs",
    "Bumps",
    "Characters",
    "Checkerboard",
    "Circle",
    "ComplexCurve",
    "Copy",
    "Cubic",
    "Curve",
    "ExclusiveOr",
    "Gauss",
    "GrowingSine",
    "Line",
    "Linear",
    "Moons",
    "Or",
    "Parabola",
    "Parity",
    "Plane",
    "Rings",
    "Ripple",
    "Saddle",
    "Shapes",
    "Sinc",
    "Sine",
    "SineForecast",
    "Spiral",
    "Step",
    "Surface",
    "Synthetic",
    "TwoInputs",
    "Xor",
]
