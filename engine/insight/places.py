"""Where the data lie for a picture: the coordinates that their inputs are made of, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.prepare import prepare
from engine.data.synthetic.base import TwoInputs
from engine.insight.judging import flat

if TYPE_CHECKING:
    from engine.program.program import Program
    from engine.training.spec import DataSplit

Array = NDArray[Any]
Span = tuple[float, float, float, float]  # left, right, bottom, top

ALIKE: Final = 2.0  # two inputs whose ranges differ by less are drawn to one scale
MARGIN: Final = 0.08  # how far a picture reaches beyond the data, as a share of their range
WITHIN: Final = 3  # places along a line for each cell of the grid
FINE: Final = 200  # places along the line of an only input


def engineered(program: Program) -> TwoInputs | None:
    """The source whose inputs are made of two coordinates; None where they are what they are."""
    source, dataset = program.document.data, program.prepared.dataset
    if not isinstance(source, TwoInputs) or source.features == ("x1", "x2"):
        return None
    # a program may also be given other rows than its design names
    return source if (dataset.name, dataset.features) == (source.title, source.features) else None


@lru_cache(maxsize=2)
def coordinates(source: TwoInputs, split: DataSplit) -> Array:
    """(N, 2) the places of the prepared rows in the plane: how rows are split does not depend on the inputs."""
    plain = prepare(source.but(features=("x1", "x2")), split)
    places: Array = plain.unscale_x(plain.x)
    return places


@dataclass(frozen=True, eq=False)
class Coordinates:
    """The one or two numbers of which the inputs are made.

    Attributes:
        source: makes the inputs of them, where they are not the inputs themselves.
        ends: low and high of each, a little beyond the data.
    """

    program: Program
    names: tuple[str, ...]
    source: TwoInputs | None
    ends: tuple[tuple[float, float], ...]

    def inputs(self, raw: Array) -> Array:
        """Places (n, k) in the user's units as the network takes them."""
        return self.program.prepared.scale_x(self.source.inputs(raw) if self.source else raw)

    def lines(self, resolution: int, budget: int) -> tuple[Array, ...]:
        """Straight lines as inputs: for each coordinate (lines, places, inputs); one line where there is but one."""
        if len(self.names) == 1:
            return (self.inputs(spaced(self.ends[0], min(FINE, budget))[:, None])[None],)
        count = resolution + 1
        within = int(np.clip((budget // (2 * count) - 1) // resolution, 1, WITHIN)) * resolution + 1
        found = []
        for moving in (0, 1):
            raw = np.empty((count, within, 2))
            raw[..., moving] = spaced(self.ends[moving], within)
            raw[..., 1 - moving] = spaced(self.ends[1 - moving], count)[:, None]
            found.append(self.inputs(flat(raw)).reshape(count, within, -1))
        return tuple(found)


def coordinates_of(program: Program, rows: Array) -> Coordinates | None:
    """Those of data with one or two inputs, as far as these rows reach; None where there are more."""
    prepared, source = program.prepared, engineered(program)
    if source is not None:
        names: tuple[str, ...] = ("x1", "x2")
        places = coordinates(source, program.document.split)[rows]
    elif prepared.input.shape in ((1,), (2,)) and not prepared.input.tokens:
        names = prepared.dataset.features or ("x1", "x2")[: prepared.input.size]
        places = prepared.unscale_x(prepared.x[rows])
    else:
        return None
    if len(names) == 1:
        return Coordinates(program, names, source, (reach_of(places),))
    left, right, bottom, top = span_of(places, 1.0)
    return Coordinates(program, names, source, ((left, right), (bottom, top)))


def reach_of(values: Array) -> tuple[float, float]:
    """(low, high) a little beyond the values."""
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * MARGIN or 1.0
    return low - margin, high + margin


def span_of(places: Array, aspect: float) -> Span:
    """(left, right, bottom, top) around places (n, 2); of like ranges, the shorter side is widened to ``aspect``."""
    (left, right), (bottom, top) = reach_of(places[:, 0]), reach_of(places[:, 1])
    width, height = right - left, top - bottom
    if 1 / ALIKE <= width / height <= ALIKE:
        extra_x, extra_y = max(height * aspect - width, 0.0) / 2, max(width / aspect - height, 0.0) / 2
        left, right, bottom, top = left - extra_x, right + extra_x, bottom - extra_y, top + extra_y
    return left, right, bottom, top


def limits_of(values: Array) -> tuple[float, float]:
    """Limits around zero where the values lie on both sides of it, else around their middle."""
    low, high = float(values.min()), float(values.max())
    if low < 0 < high:
        widest = max(-low, high)
        return -widest, widest
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def spaced(ends: tuple[float, float], count: int) -> Array:
    """(count,) places from one end to the other."""
    return np.linspace(ends[0], ends[1], count)
