"""Bringing numbers to a common size, and back to the user's units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Real = NDArray[np.float64]
Method = Literal["standard", "0..1", "-1..1", "none"]


@dataclass(frozen=True, eq=False)
class Scaling:
    """scaled = (raw - offset) / scale; both broadcast over the trailing axes of an example."""

    offset: Real
    scale: Real

    def apply(self, raw: Array) -> Real:
        """A new float64 array of scaled values."""
        scaled = np.array(raw, np.float64)
        scaled -= self.offset
        scaled /= self.scale
        return scaled

    def undo(self, scaled: Array) -> Real:
        """A new float64 array in the user's units."""
        raw = np.array(scaled, np.float64)
        raw *= self.scale
        raw += self.offset
        return raw

    def flat(self) -> Scaling:
        """The same for examples whose axes are laid out as one."""
        return self if self.offset.ndim < 2 else Scaling(self.offset.reshape(-1), self.scale.reshape(-1))


NONE = Scaling(np.zeros(()), np.ones(()))


@dataclass(frozen=True, eq=False)
class Statistics:
    """Count, mean, sum of squared deviations, least and greatest value of columns."""

    count: int
    mean: Real
    deviations: Real
    least: Real
    greatest: Real

    @classmethod
    def of(cls, values: Real) -> Statistics:
        """Of values (n, columns)."""
        mean = values.mean(0)
        away = values - mean
        return cls(len(values), mean, np.einsum("nc,nc->c", away, away), values.min(0), values.max(0))

    def merged(self, other: Statistics) -> Statistics:
        """Of both sets of rows together, without loss of digits.

        Source: Chan, Golub and LeVeque, Updating Formulae and a Pairwise Algorithm, 1979.
        """
        count = self.count + other.count
        apart = other.mean - self.mean
        return Statistics(
            count,
            self.mean + apart * (other.count / count),
            self.deviations + other.deviations + apart**2 * (self.count * other.count / count),
            np.minimum(self.least, other.least),
            np.maximum(self.greatest, other.greatest),
        )


@np.errstate(over="ignore", invalid="ignore")  # a spread beyond float64 becomes an infinite scale, which callers refuse
def fit(blocks: Iterable[Array], axes: tuple[int, ...], method: Method) -> Scaling:
    """The scaling of blocks of rows (n, …): one offset and scale for all values along ``axes``.

    ``axes`` counts the axes of a block that share a scale and includes 0, the rows. A constant column is only
    moved to 0, so it never divides by zero. Values whose spread is beyond float64 get a scale that is not finite.
    """
    if method == "none":
        return NONE
    total: Statistics | None = None
    kept: tuple[int, ...] = ()
    for block in blocks:
        own = tuple(axis for axis in range(block.ndim) if axis not in axes)
        kept = tuple(block.shape[axis] for axis in own)
        columns = np.asarray(np.transpose(block, (*axes, *own)), np.float64).reshape(-1, int(np.prod(kept)))
        part = Statistics.of(columns)
        total = part if total is None else total.merged(part)
    if total is None:
        raise ValueError("no block to fit a scaling to")
    if method == "standard":
        offset, scale = total.mean, np.sqrt(total.deviations / total.count)
    elif method == "0..1":
        offset, scale = total.least, total.greatest - total.least
    else:
        offset, scale = (total.least + total.greatest) / 2, (total.greatest - total.least) / 2
    # What rounding leaves of the spread of a constant column is a few units in the last place of its value.
    rounding = 10 * np.finfo(np.float64).eps * np.abs(total.mean)
    scale = np.where(scale <= rounding, 1.0, scale)
    return Scaling(offset.reshape(kept), scale.reshape(kept))
