"""Curves y = f(x) to fit: one input, one number to answer."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from engine.data.dataset import Dataset
from engine.data.synthetic.base import Points, Synthetic, noise, samples


class Curve(Synthetic):
    """y = f(x) at ``samples`` points of ``reach``, plus normal noise of noise/100 of the curve's own spread."""

    group = "regression, one input"
    reach: ClassVar[tuple[float, float]] = (-5.0, 5.0)
    samples: int = samples(200)
    noise: float = noise(description="Spread of y around the curve, in hundredths of the spread of the curve itself.")
    spacing: Literal["even", "random"] = Field(
        "even", title="Spacing", description="even: x at equal steps. random: anywhere, with gaps and crowds."
    )

    def curve(self, x: Points) -> Points:
        """f(x), noiseless, element by element."""
        raise TypeError(f"{type(self).__name__} has no formula")

    def load(self, seed: int) -> Dataset:
        random = self.random(seed)
        low, high = self.reach
        if self.spacing == "even":
            x = np.linspace(low, high, self.samples)
        else:
            x = np.sort(random.uniform(low, high, self.samples))
        y = self.curve(x)
        y = y + random.standard_normal(self.samples) * y.std() * self.noise / 100
        return Dataset(
            name=self.title, x=x.reshape(-1, 1), y=y.reshape(-1, 1), task="regression", features=("x",), targets=("y",)
        )


class Line(Curve):
    """y = 2x + 1 on ±5."""

    kind = "line"
    title = "Line"
    summary = "y = 2x + 1: linear regression, one unit without activation."

    def curve(self, x: Points) -> Points:
        return 2 * x + 1


class Parabola(Curve):
    """y = x² on ±3."""

    kind = "parabola"
    title = "Parabola"
    summary = "y = x²: the first curve that a straight line cannot follow."
    reach = (-3.0, 3.0)

    def curve(self, x: Points) -> Points:
        return x**2


class Cubic(Curve):
    """y = x³ - 3x on ±2.5."""

    kind = "cubic"
    title = "Cubic"
    summary = "y = x³ − 3x: up, down and up again."
    reach = (-2.5, 2.5)

    def curve(self, x: Points) -> Points:
        return x**3 - 3 * x


class Sine(Curve):
    """y = sin x on ±π."""

    kind = "sine"
    title = "Sine"
    summary = "y = sin x over one period: smooth, and quickly learnt."
    reach = (-np.pi, np.pi)

    def curve(self, x: Points) -> Points:
        return np.sin(x)


class GrowingSine(Curve):
    """y = x·sin x on ±10."""

    kind = "x_sin_x"
    title = "x · sin x"
    summary = "y = x·sin x: waves that grow towards both ends."
    reach = (-10.0, 10.0)

    def curve(self, x: Points) -> Points:
        return x * np.sin(x)


class Absolute(Curve):
    """y = |x| on ±5."""

    kind = "abs"
    title = "|x|"
    summary = "y = |x|: one sharp corner, which two ReLU units hit exactly."

    def curve(self, x: Points) -> Points:
        return np.abs(x)


class Step(Curve):
    """y = 0 for x < 0, else 1, on ±5."""

    kind = "step"
    title = "Step"
    summary = "y jumps from 0 to 1: a smooth network can only come close."

    def curve(self, x: Points) -> Points:
        return (x >= 0).astype(np.float64)


class Sinc(Curve):
    """y = sin(x)/x, 1 at 0, on ±10."""

    kind = "sinc"
    title = "Sinc"
    summary = "y = sin(x) / x: one tall wave between many small ones."
    reach = (-10.0, 10.0)

    def curve(self, x: Points) -> Points:
        return np.sinc(x / np.pi)


class ComplexCurve(Curve):
    """y = 0.4·x + sin 2x + ½·cos 5x on ±4: a trend, a wave and a ripple."""

    kind = "complex_curve"
    title = "Complex curve"
    summary = "A trend, a wave and a ripple in one: lines and low polynomials fail, a network does not."
    reach = (-4.0, 4.0)

    def curve(self, x: Points) -> Points:
        return 0.4 * x + np.sin(2 * x) + 0.5 * np.cos(5 * x)
