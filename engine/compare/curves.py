"""The curves of a contest: one run's rows on any axis, and the band of a fan of seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compare.axes import Axis
from engine.compare.fan import Band, band
from engine.compare.standing import Standing

Array = NDArray[Any]
POINTS = 512  # of a band, at the most


def fresh_rows(standing: Standing, since: int, most: int) -> dict[str, Array]:
    """Rows of its log from number ``since`` on that were published with the standing, at most ``most``."""
    rows = standing.log.read(since, most)
    count = int(np.searchsorted(rows["step"], standing.step, side="right"))
    return {name: values[:count] for name, values in rows.items()}


def rows_of(standings: Sequence[Standing], names: Sequence[str]) -> dict[str, Stacked]:
    """These columns of all logs, one below the other, beside the run's name and its seed; read part by part."""
    found: dict[str, list[Any]] = {name: [] for name in ("run", "seed", *names)}
    for standing in standings:
        columns = standing.log.columns()
        for name in names:
            found[name].append(columns[name])
        length = len(columns["epoch"])
        found["run"].append(Repeated(standing.name, length))
        found["seed"].append(Repeated(standing.contestant.seed, length))
    return {name: Stacked(parts) for name, parts in found.items()}


class Repeated:
    """One value many times."""

    def __init__(self, value: Any, length: int) -> None:
        self._value, self._length = value, length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> list[Any]:
        return [self._value] * len(range(*part.indices(self._length)))


class Stacked:
    """Columns one below the other."""

    def __init__(self, columns: Sequence[Any]) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return sum(map(len, self._columns))

    def __getitem__(self, part: slice) -> list[Any]:
        start, stop, step = part.indices(len(self))
        found: list[Any] = []
        at = 0
        for column in self._columns:
            found += list(column[max(start - at, 0) : max(stop - at, 0)])
            at += len(column)
        return found[::step]


def band_of(standings: Sequence[Standing], axis: Axis, column: str) -> Band:
    """Mean and spread of a column over several seeds, on the epochs that all have, evenly thinned."""
    shortest = min(standing.log.length for standing in standings)
    every = 1
    while shortest > every * POINTS:
        every *= 2
    curves = []
    for standing in standings:
        rows = standing.log.read(0, None, every)
        count = int(np.searchsorted(rows["step"], standing.step, side="right"))
        rows = {name: values[:count] for name, values in rows.items()}
        curves.append((rows["epoch"], axis.places(standing, rows), rows[column]))
    return band(curves)
