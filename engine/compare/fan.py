"""Several seeds of one design taken together: mean and spread of their curves, of their numbers, of their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation (of a sample: n - 1) of ``count`` finite numbers; NaN where there are too few."""

    mean: float
    sd: float
    count: int


def spread(values: Sequence[float]) -> Spread:
    """Of the finite ones among some numbers."""
    known = np.array([value for value in values if np.isfinite(value)], np.float64)
    mean = float(known.mean()) if len(known) else float("nan")
    return Spread(mean, float(known.std(ddof=1)) if len(known) > 1 else float("nan"), len(known))


@dataclass(frozen=True, eq=False)
class Band:
    """Curves of several seeds where all of them have a value.

    Attributes:
        epochs: (n,) the epochs that all logs hold. x: (n,) mean places on the axis. mean, sd, low, high: (n,).
    """

    epochs: Array
    x: Array
    mean: Array
    sd: Array
    low: Array
    high: Array


def band(curves: Sequence[tuple[Array, Array, Array]]) -> Band:
    """Mean, standard deviation (n - 1), least and greatest of several curves, on their common epochs.

    Args:
        curves: (epochs (n,), places (n,), values (n,)) of each seed; what is not finite was not measured.
    """
    known = [np.isfinite(values) for _, _, values in curves]
    common = curves[0][0][known[0]]
    for (epochs, _, _), there in zip(curves[1:], known[1:], strict=True):
        common = np.intersect1d(common, epochs[there], assume_unique=True)
    places, values = [], []
    for (epochs, x, y), there in zip(curves, known, strict=True):
        rows = np.searchsorted(epochs[there], common)
        places.append(x[there][rows])
        values.append(y[there][rows])
    stacked = np.stack(values)  # (seeds, n)
    sd = stacked.std(axis=0, ddof=1) if len(curves) > 1 else np.zeros(len(common))
    return Band(
        common, np.stack(places).mean(axis=0), stacked.mean(axis=0), sd, stacked.min(axis=0), stacked.max(axis=0)
    )


def spreads(rows: Sequence[Mapping[str, float]]) -> dict[str, Spread]:
    """{name: Spread} over the seeds' final numbers."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: spread([row[name] for row in rows if name in row]) for name in names}


def disagreement(answers: Sequence[Array], classes: int) -> Array:
    """How far seeds are apart at every place.

    Args:
        answers: of each seed: (…) values, or for two classes a number whose sign is the vote; (…, classes) for several.
        classes: 0 for regression.

    Returns:
        (…) the standard deviation (n - 1) of values; for classes the share of seeds that vote otherwise than most.
    """
    stacked = np.stack(list(answers))
    if not classes:
        return stacked.std(axis=0, ddof=1) if len(stacked) > 1 else np.zeros(stacked.shape[1:])
    votes = stacked.argmax(axis=-1) if classes > 2 else (stacked > 0).astype(np.int64)
    counts = np.stack([(votes == number).sum(axis=0) for number in range(max(classes, 2))])
    apart: Array = 1.0 - counts.max(axis=0) / len(stacked)
    return apart
