"""The small pictures of a box, as plain arrays that a view can draw, and how a layer's numbers become such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shows = Literal["plane", "weights", "examples"]

BINS: Final = 24
OUTLYING: Final = 3.0
FULL: Final = 127  # the value of a pixel at the end of its colours


@dataclass(frozen=True, eq=False)
class Tiles:
    """Small pictures, one per unit.

    Attributes:
        units: the number of each unit; ``of``: how many the layer has.
        pixels: (units, rows, columns) int8 from -127 to 127, row 0 on top; 0 is the middle of the colours.
        shows: "plane": the unit's output over two inputs; "weights": its weights, laid as the inputs are;
            "examples": the data themselves.
        limit: the value that stands at 127, as do larger ones; -limit at -127.
    """

    units: tuple[int, ...]
    of: int
    pixels: Array
    shows: Shows
    limit: float


@dataclass(frozen=True, eq=False)
class Histogram:
    """``shares``: (bins,) heights from 0 to 1 of the outputs from ``low`` to ``high``, on a sample of the data."""

    shares: Array
    low: float
    high: float


Picture = Tiles | Histogram


@dataclass(frozen=True, eq=False)
class Neurons:
    """The inside of a dense layer.

    Attributes:
        weight: (inputs, units), copied; None where there are more than 32 inputs.
        bias: (units,), copied.
        inputs: what feeds it, by name. feeding: the units that feed it, as pictures, where there are such.
    """

    weight: Array | None
    bias: Array
    inputs: tuple[str, ...]
    feeding: Tiles | None


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """One box. ``neurons`` only where they were asked for."""

    picture: Picture
    neurons: Neurons | None = None

    def equals(self, other: Thumbnail | None) -> bool:
        """Whether the other looks the same."""
        return other is not None and _same(self.picture, other.picture) and _same(self.neurons, other.neurons)


def limit_of(values: Array) -> float:
    """Where the colours end, for all units, shown or not: a layer has one scale, folded and unfolded.

    At the largest value, or at three times their root mean square: one outlier must not wash out all others.
    """
    spread = float(np.sqrt(np.mean(np.square(values, dtype=np.float64)))) if values.size else 0.0
    return min(float(np.abs(values).max(initial=0.0)), OUTLYING * spread)


def tiles_of(units: tuple[int, ...], of: int, values: Array, shows: Shows, limit: float) -> Tiles:
    """Values as pixels, with the fullest colours at ``limit`` and beyond."""
    scale = FULL / limit if np.isfinite(limit) and limit > 0 else 0.0
    pixels = np.nan_to_num(values * scale).clip(-FULL, FULL).round().astype(np.int8)
    return Tiles(units, of, pixels, shows, limit)


def histogram_of(outputs: Array) -> Histogram:
    """Of all that are finite."""
    values = outputs[np.isfinite(outputs)]
    if not values.size:
        return Histogram(np.zeros(BINS), 0.0, 0.0)
    low, high = float(values.min()), float(values.max())
    if not high > low:
        low, high = low - 0.5, high + 0.5
    counts = np.bincount(((values - low) * (BINS / (high - low))).astype(np.int64).clip(0, BINS - 1), minlength=BINS)
    return Histogram(counts / counts.max(), low, high)


def _same(a: object, b: object) -> bool:
    """Whether two pictures are equal, whatever they are made of."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.array_equal(a, b)
    fields = getattr(a, "__dataclass_fields__", None)
    return all(_same(getattr(a, name), getattr(b, name)) for name in fields) if fields else bool(a == b)
