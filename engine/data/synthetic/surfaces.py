"""Further surfaces over the plane, beside the playground's."""

from __future__ import annotations

import numpy as np

from engine.data.synthetic.base import Points
from engine.data.synthetic.playground import Surface


class Saddle(Surface):
    """(x1² - x2²) / 36: ±1 at the middles of the sides."""

    kind = "saddle"
    title = "Saddle"
    summary = "Up along one axis, down along the other."
    group = "regression, two inputs"

    def height(self, points: Points) -> Points:
        return (points[:, 0] ** 2 - points[:, 1] ** 2) / 36


class Ripple(Surface):
    """cos r, r the distance from the centre."""

    kind = "ripple"
    title = "Ripple"
    summary = "Circular waves, as from a stone in a pond."
    group = "regression, two inputs"

    def height(self, points: Points) -> Points:
        return np.cos(np.hypot(points[:, 0], points[:, 1]))
