"""What all synthetic sets share: their declared fields and the draw of random numbers."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from engine.data.dataset import Dataset, Source, Task

Points = NDArray[np.float64]
Feature = Literal["x1", "x2", "x1²", "x2²", "x1·x2", "sin x1", "sin x2"]


def samples(default: int, description: str = "How many rows are drawn.") -> Any:
    """The field that says how many rows a synthetic set has."""
    return Field(
        default, ge=20, le=100_000, title="Samples", description=description, json_schema_extra={"unit": "rows"}
    )


def noise(default: float = 0.0, description: str = "How far points stray from where they belong.") -> Any:
    """The field that says how noisy a synthetic set is, in the playground's measure of 0-50."""
    return Field(default, ge=0, le=50, title="Noise", description=description, json_schema_extra={"unit": "%"})


def engineer(points: Points, features: tuple[Feature, ...]) -> Points:
    """The playground's inputs made of two coordinates: (N, 2) to (N, len(features))."""
    first, second = points[:, 0], points[:, 1]
    made: dict[Feature, Points] = {
        "x1": first,
        "x2": second,
        "x1²": first * first,
        "x2²": second * second,
        "x1·x2": first * second,
        "sin x1": np.sin(first),
        "sin x2": np.sin(second),
    }
    return np.column_stack([made[feature] for feature in features])


class Synthetic(Source):
    """A set that is computed from a formula; ``samples`` rows of it are drawn."""

    samples: int = samples(500)

    def random(self, seed: int) -> np.random.Generator:
        """The random numbers of this set: PCG64, the same bits for the same seed everywhere."""
        return np.random.Generator(np.random.PCG64(seed))


class TwoInputs(Synthetic):
    """A set over the plane: its inputs are two coordinates, or what the user lets the network see of them."""

    noise: float = noise()
    features: tuple[Feature, ...] = Field(
        ("x1", "x2"),
        min_length=1,
        max_length=7,
        title="Inputs",
        description="What the network sees of each point: its coordinates, their squares, product or sines.",
    )

    @field_validator("features")
    @classmethod
    def _each_once(cls, features: tuple[Feature, ...]) -> tuple[Feature, ...]:
        for feature in features:
            if features.count(feature) > 1:
                raise ValueError(f"the input {feature} is chosen twice")
        return features

    def class_names(self) -> tuple[str, ...]:
        """A name per class; none where a height is asked."""
        return ("orange", "blue")

    def draw(self, random: np.random.Generator) -> tuple[Points, Points]:
        """Points (N, 2) and their targets (N,)."""
        raise TypeError(f"{type(self).__name__} does not say how it is drawn")

    def inputs(self, points: Points) -> Points:
        """What the network sees of points (N, 2) of the plane: (N, len(features))."""
        return engineer(points, self.features)

    def load(self, seed: int) -> Dataset:
        points, targets = self.draw(self.random(seed))
        classes = self.class_names()
        asked: Task = "regression" if not classes else "binary" if len(classes) == 2 else "multiclass"
        return Dataset(
            name=self.title,
            x=self.inputs(points),
            y=targets.reshape(-1, 1).astype(np.float64),
            task=asked,
            features=self.features,
            targets=("class",) if classes else ("height",),
            classes=classes,
        )


def halves(count: int) -> tuple[int, int]:
    """``count`` shared between two classes, the first getting the odd one."""
    return count - count // 2, count // 2
