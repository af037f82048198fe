"""Two directions through the space of weights, along which a loss surface is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.compare.path import principal_directions

if TYPE_CHECKING:
    from engine.program.program import Program

Array = NDArray[Any]
Kind = Literal["random", "path"]
REACH = 1.0  # of a random direction: as long as the weights themselves, on both sides (Li et al. 2018)
CELLS = 8  # of the coarsest grid, along a side
MARGIN = 0.15  # how far a surface reaches beyond the paths, as a share of their extent


@dataclass(frozen=True, eq=False)
class Slice:
    """A plane: centre + a·first + b·second.

    Attributes:
        centre: (P,) the weights in the middle. directions: (2, P).
        span: (a low, a high, b low, b high).
        shares: what share of the paths' squared distances lies along each; NaN for random directions.
    """

    centre: Array
    directions: Array
    span: tuple[float, float, float, float]
    shares: tuple[float, float]

    def coordinates(self, weights: Array) -> Array:
        """(moments, 2) of (moments, P) weights: the nearest points of the plane, by least squares."""
        away = np.asarray(weights, np.float64) - self.centre
        gram = self.directions @ self.directions.T
        found: Array = away @ self.directions.T @ np.linalg.pinv(gram)
        return found


def random_slice(program: Program, centre: Array, seed: int, paths: Sequence[Array] = ()) -> Slice:
    """Two random directions, filter by filter as long as the weights (Li et al. 2018, section 4).

    Every unit's incoming weights are a filter. Biases and what normalises are left where they are, as there.

    Args:
        centre: (P,). paths: (moments, P) each: the span is made to hold them.
    """
    random = np.random.default_rng(seed)
    directions = np.zeros((2, len(centre)))
    for parameter in program.plan.parameters:
        at = program.plan.places[parameter.value]
        place = slice(at, at + parameter.size)
        if len(parameter.shape) < 2:
            continue
        weights = np.asarray(centre[place], np.float64).reshape(-1, parameter.shape[-1])  # (inputs, units)
        length = np.linalg.norm(weights, axis=0)
        for direction in directions:
            drawn = random.standard_normal(weights.shape)
            direction[place] = (drawn * (length / np.linalg.norm(drawn, axis=0))).ravel()
    whole = Slice(centre, directions, (-REACH, REACH, -REACH, REACH), (float("nan"), float("nan")))
    return _widened(whole, paths)


def path_slice(centre: Array, paths: Sequence[Array], seed: int = 0) -> Slice:
    """The two principal directions of the paths as seen from the centre; where they lie on a line, any across it.

    Args:
        centre: (P,). paths: (moments, P) each, at least one of which is not all centre.
    """
    away = np.concatenate([np.asarray(path, np.float64) - centre for path in paths])
    directions, shares = principal_directions(away)
    random = np.random.default_rng(seed)
    for place in range(2):
        if not directions[place].any():
            drawn = random.standard_normal(len(centre))
            drawn -= (drawn @ directions[0]) * directions[0]
            directions[place] = drawn / max(float(np.linalg.norm(drawn)), np.finfo(np.float64).tiny)
    return _widened(Slice(centre, directions, (0.0, 0.0, 0.0, 0.0), (float(shares[0]), float(shares[1]))), paths)


def _widened(slice_: Slice, paths: Sequence[Array]) -> Slice:
    """With a span that holds all paths, and in which the centre is a node of every grid."""
    left, right, bottom, top = slice_.span
    places = [slice_.coordinates(path) for path in paths]
    if places:
        points = np.concatenate(places)
        low, high = np.minimum(points.min(axis=0), 0.0), np.maximum(points.max(axis=0), 0.0)
        margin = MARGIN * np.maximum(high - low, 1e-9)
        left, bottom = min(left, low[0] - margin[0]), min(bottom, low[1] - margin[1])
        right, top = max(right, high[0] + margin[0]), max(top, high[1] + margin[1])
    width, height = right - left, top - bottom
    least = 0.25 * max(width, height)  # a straight path has no width of its own
    left, right = _at_least(left, right, least)
    bottom, top = _at_least(bottom, top, least)
    return replace(slice_, span=(*_on_nodes(left, right), *_on_nodes(bottom, top)))


def _at_least(low: float, high: float, width: float) -> tuple[float, float]:
    missing = max(width - (high - low), 0.0) / 2
    return low - missing, high + missing


def _on_nodes(low: float, high: float) -> tuple[float, float]:
    """The least span that holds this one and has zero on one of ``CELLS`` + 1 nodes."""
    fits = []
    for below in range(CELLS + 1):
        if (below or low >= 0) and (below < CELLS or high <= 0):
            step = max(-low / below if below else 0.0, high / (CELLS - below) if below < CELLS else 0.0)
            fits.append((step, below))
    step, below = min(fits)
    return -below * step, (CELLS - below) * step
