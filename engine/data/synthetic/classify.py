"""Further sets of two inputs to classify: moons, clouds, rings, squares, a line, and the gates of logic."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from engine.data.synthetic.base import Points, TwoInputs, halves, noise

REACH = 5.0


class Moons(TwoInputs):
    """Two half circles of radius 1 that reach into each other: (cos t, sin t) and (1 - cos t, ½ - sin t)."""

    kind = "moons"
    title = "Moons"
    summary = "Two crescents that reach into each other: the boundary must bend."
    group = "classify, two inputs"
    noise: float = noise(10, "The spread of the points around their crescent, in hundredths of its radius.")

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        upper, lower = halves(self.samples)
        above, below = np.linspace(0, np.pi, upper), np.linspace(0, np.pi, lower)
        points = np.concatenate(
            [
                np.column_stack([np.cos(above), np.sin(above)]),
                np.column_stack([1 - np.cos(below), 0.5 - np.sin(below)]),
            ]
        )
        points += random.standard_normal(points.shape) * self.noise / 100
        return points, np.repeat([0.0, 1.0], [upper, lower])


class Several(TwoInputs):
    """A set whose number of classes is chosen; they are called A, B, C …"""

    classes: int = Field(3, ge=2, le=12, title="Classes", description="How many classes there are.")

    def class_names(self) -> tuple[str, ...]:
        return tuple("ABCDEFGHIJKL"[: self.classes])


class Blobs(Several):
    """Round clouds whose centres stand evenly on a circle of radius 4; variance 0.25 + 3.75·noise/50."""

    kind = "blobs"
    title = "Blobs"
    summary = "As many round clouds as you like: the first set with more than two classes."
    group = "classify, two inputs"
    noise: float = noise(5, "How far the clouds spread.")

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        label = np.arange(self.samples) % self.classes
        angle = 2 * np.pi * label / self.classes
        spread = np.sqrt(0.25 + 3.75 * self.noise / 50)
        centre = 4 * np.column_stack([np.cos(angle), np.sin(angle)])
        return centre + spread * random.standard_normal(centre.shape), label.astype(float)


class Rings(Several):
    """Rings around one centre: ring c of k has the radius 5·(c + 1)/k; noise spreads it by noise/100 of the gap."""

    kind = "rings"
    title = "Rings"
    summary = "Rings around rings, one class each: distance from the centre is all that counts."
    group = "classify, two inputs"
    noise: float = noise(10, "The spread of a ring, in hundredths of the gap between two.")

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        label = np.arange(self.samples) % self.classes
        gap = REACH / self.classes
        radius = gap * (label + 1 + random.standard_normal(self.samples) * self.noise / 100)
        angle = random.uniform(0, 2 * np.pi, self.samples)
        return radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), label.astype(float)


class Checkerboard(TwoInputs):
    """Uniform in ±5; the colour of the square in which the point, moved by the noise, lies."""

    kind = "checkerboard"
    title = "Checkerboard"
    summary = "Squares in turn orange and blue: the more squares, the more units it takes."
    group = "classify, two inputs"
    squares: int = Field(4, ge=2, le=10, title="Squares", description="Squares along each side.")

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        points = random.uniform(-REACH, REACH, (self.samples, 2))
        judged = points + random.uniform(-REACH, REACH, points.shape) * self.noise / 100
        square = np.floor((judged + REACH) / (2 * REACH) * self.squares)
        return points, square.sum(1) % 2


class Linear(TwoInputs):
    """Uniform in ±5, blue where x1 + 2·x2 > 0; points lie at least ¼ away from that line before noise moves it."""

    kind = "linear"
    title = "Straight line"
    summary = "Two colours on either side of a line: logistic regression, no hidden layer needed."
    group = "classify, two inputs"

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        normal = np.array([1.0, 2.0]) / np.sqrt(5)
        points = random.uniform(-REACH, REACH, (self.samples, 2))
        points += np.where(points @ normal > 0, 0.25, -0.25)[:, None] * normal
        judged = points + random.uniform(-REACH, REACH, points.shape) * self.noise / 100
        return points, (judged @ normal > 0).astype(float)


class Gate(TwoInputs):
    """The four rows of a truth table, in turn; noise spreads each around its corner by noise/100."""

    noise: float = noise(10, "The spread around each corner, in hundredths of the distance from 0 to 1.")
    truth: ClassVar[tuple[int, int, int, int]] = (0, 0, 0, 0)  # for the inputs 00, 01, 10, 11

    def class_names(self) -> tuple[str, ...]:
        return ("false", "true")

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        row = np.arange(self.samples) % 4
        corners = np.column_stack([row // 2, row % 2]).astype(float)
        points = corners + random.standard_normal(corners.shape) * self.noise / 100
        return points, np.array(self.truth, float)[row]


class And(Gate):
    """True for 11."""

    kind = "and"
    title = "AND gate"
    summary = "True where both inputs are 1: the smallest thing that one unit can learn."
    group = "logic gates"
    truth = (0, 0, 0, 1)


class Or(Gate):
    """True for 01, 10, 11."""

    kind = "or"
    title = "OR gate"
    summary = "True where at least one input is 1: one unit is enough."
    group = "logic gates"
    truth = (0, 1, 1, 1)


class Xor(Gate):
    """True for 01, 10."""

    kind = "xor_gate"
    title = "XOR gate"
    summary = "True where the inputs differ: one unit cannot, two hidden units can."
    group = "logic gates"
    truth = (0, 1, 1, 0)
