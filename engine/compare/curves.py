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
