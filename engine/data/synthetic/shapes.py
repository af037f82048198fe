"""Small pictures of drawn shapes, each of a class: for convolutions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from engine.data.dataset import Dataset
from engine.data.synthetic.base import Synthetic, noise, samples

Plane = NDArray[np.float32]
BLOCK = 2048  # pictures drawn at once: keeps the intermediate arrays small

# Signed distance to the edge of a shape of radius 1, negative inside; u to the right, v upwards.
SHAPES: dict[str, Callable[[Plane, Plane], Plane]] = {
    "circle": lambda u, v: np.hypot(u, v) - 1,
    "square": lambda u, v: np.maximum(np.abs(u), np.abs(v)) - np.float32(0.8),
    "triangle": lambda u, v: np.maximum(np.abs(u) * np.float32(np.sqrt(3) / 2) + v / 2, -v) - np.float32(0.5),
    "cross": lambda u, v: np.maximum(
        np.minimum(np.abs(u), np.abs(v)) - np.float32(0.3), np.maximum(np.abs(u), np.abs(v)) - 1
    ),
    "diamond": lambda u, v: (np.abs(u) + np.abs(v) - 1) * np.float32(np.sqrt(0.5)),
    "ring": lambda u, v: np.abs(np.hypot(u, v) - np.float32(0.75)) - np.float32(0.22),
}


class Shapes(Synthetic):
    """Grey pictures, size × size × 1, of one shape of random place and size: 1 inside, 0 outside, edges smoothed."""

    kind = "shapes"
    title = "Drawn shapes"
    summary = "Circle, square, triangle and more, drawn anywhere and at any size: a first job for convolutions."
    group = "images"
    samples: int = samples(2000, "How many pictures are drawn.")
    classes: int = Field(
        4, ge=2, le=len(SHAPES), title="Classes", description=f"The first so many of: {', '.join(SHAPES)}."
    )
    size: int = Field(
        16,
        ge=8,
        le=32,
        title="Size",
        description="Width and height of a picture.",
        json_schema_extra={"unit": "pixels"},
    )
    style: Literal["filled", "outline"] = Field(
        "filled", title="Style", description="Filled shapes, or only their edge."
    )
    noise: float = noise(5, "Grain: the spread added to every pixel, in hundredths of the way from black to white.")

    def load(self, seed: int) -> Dataset:
        random = self.random(seed)
        label = np.arange(self.samples) % self.classes
        radius = random.uniform(0.2, 0.36, self.samples) * self.size
        # One pixel stays free all round.
        centre = 1 + radius + random.uniform(size=(2, self.samples)) * (self.size - 2 * radius - 2)
        pictures = np.empty((self.samples, self.size, self.size, 1), np.float32)
        for number, name in enumerate(list(SHAPES)[: self.classes]):
            rows = np.flatnonzero(label == number)
            for first in range(0, len(rows), BLOCK):
                block = rows[first : first + BLOCK]
                pictures[block, :, :, 0] = self.picture(name, radius[block], centre[:, block])
        if self.noise:
            for first in range(0, self.samples, BLOCK):
                part = pictures[first : first + BLOCK]
                part += random.standard_normal(part.shape, np.float32) * np.float32(self.noise / 100)
        return Dataset(
            name=self.title,
            x=pictures,
            y=label.reshape(-1, 1).astype(np.float64),
            task="binary" if self.classes == 2 else "multiclass",
            targets=("shape",),
            classes=tuple(SHAPES)[: self.classes],
        )

    def picture(self, name: str, radius: NDArray[np.float64], centre: NDArray[np.float64]) -> Plane:
        """Pictures (n, size, size) of one shape; ``radius`` (n,) and ``centre`` (2, n) in pixels."""
        middle = np.arange(self.size) + 0.5
        scale = radius[:, None, None]
        u = ((middle[None, None, :] - centre[0][:, None, None]) / scale).astype(np.float32)
        v = ((centre[1][:, None, None] - middle[None, :, None]) / scale).astype(np.float32)
        distance = SHAPES[name](*np.broadcast_arrays(u, v)) * scale.astype(np.float32)
        if self.style == "outline":
            distance = np.abs(distance) - np.float32(0.7)
        cover: Plane = np.clip(np.float32(0.5) - distance, 0, 1)
        return cover
