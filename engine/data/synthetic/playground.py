"""The six sets that TensorFlow Playground made known, with its formulas (its repository, ``dataset.ts``)."""

from __future__ import annotations

import numpy as np

from engine.data.synthetic.base import Points, TwoInputs, halves, noise, samples

RADIUS = 5.0
REACH = 6.0  # the surfaces cover the whole picture, -6 to 6
PEAKS = ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1))


class Circle(TwoInputs):
    """A disc, r in [0, 2.5], inside a ring, r in [3.5, 5]; noise moves the point that is judged."""

    kind = "circle"
    title = "Circle"
    summary = "A disc inside a ring: no straight line can part them, three hidden units can."
    group = "classify, two inputs"

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        inside, outside = halves(self.samples)
        radius = np.concatenate(
            [random.uniform(0, RADIUS * 0.5, inside), random.uniform(RADIUS * 0.7, RADIUS, outside)]
        )
        angle = random.uniform(0, 2 * np.pi, self.samples)
        points = radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
        judged = points + random.uniform(-RADIUS, RADIUS, points.shape) * self.noise / 100
        return points, (np.hypot(judged[:, 0], judged[:, 1]) < RADIUS * 0.5).astype(float)


class ExclusiveOr(TwoInputs):
    """Uniform in ±5, pushed 0.3 away from both axes; blue where x1·x2 ≥ 0."""

    kind = "xor"
    title = "Four quarters (XOR)"
    summary = "Opposite quarters share a colour: the puzzle that a single unit cannot solve."
    group = "classify, two inputs"

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        points = random.uniform(-RADIUS, RADIUS, (self.samples, 2))
        points += np.where(points > 0, 0.3, -0.3)
        judged = points + random.uniform(-RADIUS, RADIUS, points.shape) * self.noise / 100
        return points, (judged[:, 0] * judged[:, 1] >= 0).astype(float)


class Gauss(TwoInputs):
    """Two clouds around (2, 2) and (-2, -2); their variance grows with the noise from 0.5 to 4."""

    kind = "gauss"
    title = "Two clouds"
    summary = "Two round clouds: easy, a single unit parts them."
    group = "classify, two inputs"

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        blue, orange = halves(self.samples)
        centre = np.repeat([2.0, -2.0], [blue, orange])
        spread = np.sqrt(0.5 + 3.5 * self.noise / 50)
        points = centre[:, None] + spread * random.standard_normal((self.samples, 2))
        return points, (centre > 0).astype(float)


class Spiral(TwoInputs):
    """Two arms: r = 5·i/n, t = 1.75·i/n·2π, the second arm turned by π; noise moves each point within ±noise/100."""

    kind = "spiral"
    title = "Spiral"
    summary = "Two arms wound around each other: the hardest of the classics."
    group = "classify, two inputs"

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        blue, orange = halves(self.samples)
        along = np.concatenate([np.arange(blue) / blue, np.arange(orange) / orange])
        turn = np.repeat([0.0, np.pi], [blue, orange])
        angle = 1.75 * along * 2 * np.pi + turn
        points = RADIUS * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
        points += random.uniform(-1, 1, points.shape) * self.noise / 100
        return points, (turn == 0).astype(float)


class Surface(TwoInputs):
    """A height over the square ±6; noise moves the point whose height is taken, by a share of 6."""

    samples: int = samples(1200)
    noise: float = noise(description="How far from the point its height is measured.")

    def class_names(self) -> tuple[str, ...]:
        return ()

    def height(self, points: Points) -> Points:
        """The noiseless height over points (N, 2): (N,)."""
        raise TypeError(f"{type(self).__name__} has no height")

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        points = random.uniform(-REACH, REACH, (self.samples, 2))
        measured = points + random.uniform(-REACH, REACH, points.shape) * self.noise / 100
        return points, self.height(measured)


class Plane(Surface):
    """(x1 + x2) / 10."""

    kind = "plane"
    title = "Plane"
    summary = "A tilted plane: what linear regression is for."
    group = "regression, two inputs"

    def height(self, points: Points) -> Points:
        return (points[:, 0] + points[:, 1]) / 10


class Bumps(Surface):
    """Six cones of height ±1 that fall to 0 over a distance of 2; where two meet, the larger |height| counts."""

    kind = "bumps"
    title = "Six bumps"
    summary = "Three hills and three hollows on flat ground: flat at most places, steep at a few."
    group = "regression, two inputs"

    def height(self, points: Points) -> Points:
        height = np.zeros(len(points))
        for first, second, sign in PEAKS:
            peak = sign * np.clip(1 - np.hypot(points[:, 0] - first, points[:, 1] - second) / 2, 0, 1)
            height = np.where(np.abs(peak) > np.abs(height), peak, height)
        return height
