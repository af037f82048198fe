"""What a network has learnt so far, as plain arrays that a view can draw; `engine.insight.questions` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Kind = Literal["curve", "plane", "scatter", "confusion", "worst"]


@dataclass(frozen=True, eq=False)
class Points:
    """Rows of data in the user's own units.

    Attributes:
        x: (n, inputs) that are drawn. y: (n,) values, or class indices. rows: (n,) their numbers in the prepared data.
    """

    x: Array
    y: Array
    rows: Array


@dataclass(frozen=True, eq=False)
class Picture:
    """What every picture says about itself.

    Attributes:
        inputs: the names of all that the network sees. target: what it is asked for.
        classes: a name per class; empty for regression.
        kinds: the kinds of pictures that these data allow, the most telling first.
        seconds: what the answer cost, so that the one who asks can ask less often.
    """

    inputs: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    kinds: tuple[Kind, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class CurvePicture(Picture):
    """y over one input.

    Attributes:
        x, y: (points,). For two classes ``y`` is the probability of the second.
        baseline: (points,) of a polynomial of degree ``degree``; None where none was asked for or there are classes.
        r2, baseline_r2: of network and baseline on the validation part, or on the training part without one.
    """

    x: Array
    y: Array
    baseline: Array | None
    degree: int
    r2: float
    baseline_r2: float
    train: Points
    validation: Points


@dataclass(frozen=True, eq=False)
class BoundaryPicture(Picture):
    """The answer over a plane of two inputs.

    Attributes:
        axes: the names of the two inputs that span the plane; ``features``: which of ``inputs`` they are, or () where
            the plane is that of two coordinates of which the inputs are made.
        held: the row at whose values the other inputs are held; None for their means, or where there are no others.
        span: (x low, x high, y low, y high).
        values: (rows, columns), row 0 at y low: regression: the answer; two classes: 2·p - 1 in [-1, 1].
            Several classes: (rows, columns, classes), their probabilities.
        limits: the values at which the colours end, around the middle one; (-1, 1) for classes.
    """

    axes: tuple[str, str]
    features: tuple[int, ...]
    held: int | None
    span: tuple[float, float, float, float]
    values: Array
    limits: tuple[float, float]
    train: Points
    validation: Points


@dataclass(frozen=True, eq=False)
class ScatterPicture(Picture):
    """Predicted against true, ``(n,)`` each; ``r2`` of the validation part, or of the training part without one.

    ``train_rows``, ``validation_rows``: (n,) their numbers in the prepared data.
    """

    train_true: Array
    train_predicted: Array
    validation_true: Array
    validation_predicted: Array
    train_rows: Array
    validation_rows: Array
    r2: float


@dataclass(frozen=True, eq=False)
class ConfusionPicture(Picture):
    """``counts``: (classes, classes), true by predicted; ``part`` says of which rows."""

    counts: Array
    part: str

    @property
    def recall(self) -> Array:
        """(classes,) the share of each class that was found; NaN for a class without rows."""
        rows = self.counts.sum(axis=1)
        return np.where(rows > 0, np.diag(self.counts) / np.maximum(rows, 1), np.nan)

    @property
    def accuracy(self) -> float:
        return float(np.trace(self.counts) / max(self.counts.sum(), 1))


@dataclass(frozen=True, eq=False)
class WorstPicture(Picture):
    """The rows that the network gets most wrong, the worst first.

    Attributes:
        part: of which rows: "validation" or "training". judged: how many were looked at; wrong: how many of them are
            wrong, for classes.
        rows: (k,) their numbers in the prepared data.
        true, predicted: (k,) values or class indices. score: (k,) |error|, or the probability given to the true class.
        values: (k, inputs) in the user's units. images: (k, height, width) uint8 where an example is a picture.
    """

    part: str
    judged: int
    wrong: int
    rows: Array
    true: Array
    predicted: Array
    score: Array
    values: Array
    images: Array | None
