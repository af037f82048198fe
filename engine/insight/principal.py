"""The plane in which points of many dimensions spread most, held steady from one picture to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FITTED: Final = 256  # points that a plane is fitted to: its cost grows with their square
GLIDE: Final = 0.35  # of the way that a plane goes towards the best one, from one picture to the next
NEAR: Final = 1e-3  # of a unit of direction: from here on it is there


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through a cloud of points.

    Attributes:
        middle: (d,) the points' mean. axes: (d, 2) two directions of length 1, at right angles.
        share: of the points' variance that lies in the plane, 0 to 1; NaN where they do not vary.
    """

    middle: Array
    axes: Array
    share: float

    def place(self, values: Array) -> Array:
        """(n, 2) where points (n, d) lie in the plane."""
        with np.errstate(all="ignore"):
            places: Array = values @ self.axes - self.middle @ self.axes
        return places


def principal_plane(values: Array, before: Plane | None = None) -> Plane:
    """The two principal components of points (n, d); those that are not finite are left out.

    Directions are known up to their sign, and where the spread is nearly the same all around, the plane may turn in
    itself at the slightest change. So it is turned and mirrored in itself to lie as near as it can to the one before
    (orthogonal Procrustes problem, Schönemann 1966), and it goes there in a few steps. ``share`` is that of the plane
    as it is given.
    """
    known = values[np.isfinite(values).all(axis=1)].astype(np.float64)
    d = values.shape[1]
    if before is not None and before.axes.shape[0] != d:
        before = None
    if not len(known):
        return Plane(np.zeros(d), np.eye(d, 2) if before is None else before.axes, float("nan"))
    known = known[np.linspace(0, len(known) - 1, min(len(known), FITTED)).astype(np.int64)]
    middle = known.mean(axis=0)
    centred = known - middle
    scale = float(np.abs(centred).max()) or 1.0  # squares of huge numbers must not overflow
    centred /= scale
    axes = _components(centred)
    axes = _upright(axes) if before is None else _towards(axes, before.axes)
    total = float(np.square(centred).sum())
    share = float(np.square(centred @ axes).sum()) / total if total > 0 else float("nan")
    return Plane(middle, axes, share)


def share_of(values: Array, count: int) -> float:
    """The share of the variance of points (n, d) that lies in their first ``count`` numbers."""
    known = values[np.isfinite(values).all(axis=1)].astype(np.float64)
    if not len(known):
        return float("nan")
    variances = known.var(axis=0)
    total = float(variances.sum())
    return float(variances[:count].sum()) / total if total > 0 else float("nan")


def _components(centred: Array) -> Array:
    """(d, 2) the first two right singular vectors, from the smaller of the two products of (n, d) with itself."""
    n, d = centred.shape
    if d <= n:
        axes: Array = np.linalg.eigh(centred.T @ centred)[1][:, :-3:-1]
    else:
        axes = centred.T @ np.linalg.eigh(centred @ centred.T)[1][:, :-3:-1]
        axes = np.linalg.qr(axes if axes.shape[1] == 2 else np.column_stack([axes, np.zeros(d)]))[0]
    return axes


def _upright(axes: Array) -> Array:
    """Each direction with its largest number above zero: the same points give the same picture."""
    largest = np.abs(axes).argmax(axis=0)
    upright: Array = axes * np.where(axes[largest, [0, 1]] < 0, -1.0, 1.0)
    return upright


def _towards(axes: Array, before: Array) -> Array:
    """From the directions before some of the way towards the plane of ``axes``, by the shortest."""
    aligned = axes @ _orthogonal(axes.T @ before)
    if np.abs(aligned - before).max() < NEAR:
        return aligned
    return _orthogonal(before + GLIDE * (aligned - before))


def _orthogonal(matrix: Array) -> Array:
    """The nearest matrix to (m, 2) whose columns have length 1 and stand at right angles."""
    u, _, vt = np.linalg.svd(matrix, full_matrices=False)
    nearest: Array = u @ vt
    return nearest
