"""The sets that TensorFlow Playground made known, with its formulas."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.data.synthetic.base import Points, TwoInputs, halves, samples

RADIUS = 5.0


class Spiral(TwoInputs):
    """Two arms wound around each other: r = 5·i/n, t = 1.75·2π·i/n, the second arm turned by π.

    Source: tensorflow/playground, dataset.ts, ``classifySpiralData``.
    """

    kind = "spiral"
    title = "Spiral"
    summary = "Two arms wound around each other: the hardest of the classics; one small layer is not enough."
    group: ClassVar[str] = "classify, two inputs"

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        arms = []
        for count, turn in zip(halves(self.samples), (0.0, np.pi), strict=True):
            along = np.arange(count) / count
            angle = 1.75 * 2 * np.pi * along + turn
            arm = RADIUS * along[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
            arms.append(arm + random.uniform(-1, 1, arm.shape) * self.noise / 100)
        first, second = halves(self.samples)
        return np.concatenate(arms), np.repeat([1.0, 0.0], [first, second])
