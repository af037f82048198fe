"""Where a field over a plane changes its sign, and where a straight line parts a plane."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# corners of a cell: lower left, lower right, upper right, upper left; its edges lead from each to the next
CORNERS: Final = ((0, 0), (0, 1), (1, 1), (1, 0))


def zero_segments(values: Array, x: Array, y: Array) -> Array:
    """Marching squares: pieces (k, 2, 2) of the line on which values (rows, columns) at places y and x are zero.

    Along an edge the values are taken to be straight. Cells with a value that is not finite give nothing.
    """
    rows, columns = values.shape
    at = [(slice(j, rows - 1 + j), slice(i, columns - 1 + i)) for j, i in CORNERS]
    corners = np.stack([values[place] for place in at], axis=-1).reshape(-1, 4)
    grid = np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=-1)
    places = np.stack([grid[place] for place in at], axis=-2).reshape(-1, 4, 2)
    positive = corners >= 0
    mixed = (positive.any(axis=1) & ~positive.all(axis=1)) & np.isfinite(corners).all(axis=1)
    corners, places, positive = corners[mixed], places[mixed], positive[mixed]
    ends, following = np.roll(places, -1, axis=1), np.roll(corners, -1, axis=1)
    crossed = positive != np.roll(positive, -1, axis=1)  # (cells, edges)
    share = np.where(crossed, corners / np.where(crossed, corners - following, 1.0), 0.0)
    points = places + share[..., None] * (ends - places)
    plain, saddle = crossed.sum(axis=1) == 2, crossed.all(axis=1)
    found = points[plain][crossed[plain]].reshape(-1, 2, 2)
    # four crossings: the middle decides which corners hang together
    joined = (corners[saddle].mean(axis=1) >= 0) == positive[saddle, 0]
    pairs = np.where(joined[:, None], [0, 1, 2, 3], [3, 0, 1, 2])
    saddles = np.take_along_axis(points[saddle], pairs[..., None], axis=1).reshape(-1, 2, 2)
    segments: Array = np.concatenate([found, saddles])
    return segments


def parting_lines(weight: Array, bias: Array, middle: Array, reach: float) -> Array:
    """Where the largest of several straight functions of the plane changes: segments (k, 2, 2).

    Args:
        weight, bias: (2, m) and (m,); one function alone is set against zero.
        middle, reach: lines are drawn as far as ``reach`` from the point nearest to ``middle`` (2,).
    """
    if weight.shape[1] == 1:
        weight, bias = np.column_stack([weight, np.zeros(2)]), np.append(bias, 0.0)
    found = []
    for first in range(len(bias)):
        for second in range(first + 1, len(bias)):
            normal, offset = weight[:, first] - weight[:, second], bias[first] - bias[second]
            length = float(np.hypot(*normal))
            if not (np.isfinite(length) and np.isfinite(offset) and length > 0):
                continue
            start = middle - normal * ((normal @ middle + offset) / length**2)
            along = np.array([-normal[1], normal[0]]) / length
            # how much the first is above each other one: height + slope · way, and it must nowhere be below
            height = start @ (weight[:, [first]] - weight) + (bias[first] - bias)
            slope = along @ (weight[:, [first]] - weight)
            height[second] = slope[second] = 0.0
            flat = np.abs(slope) <= 1e-12 * length
            if (height[flat] < -1e-12 * length).any():
                continue
            bounds = -height[~flat] / slope[~flat]
            rising = slope[~flat] > 0
            low, high = np.max(bounds[rising], initial=-reach), np.min(bounds[~rising], initial=reach)
            if low < high:
                found.append([start + low * along, start + high * along])
    return np.array(found).reshape(-1, 2, 2)
