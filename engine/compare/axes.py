"""What the curves of a contest can be drawn against: epochs, steps, seconds or multiply-adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from engine.compare.standing import Standing

Array = NDArray[Any]


@dataclass(frozen=True)
class Axis:
    """A measure of how far a training has come.

    Attributes:
        title: for the user. unit: as a word under the axis. counts: there is nothing between two whole numbers.
        places: (standing, columns of its log) -> (n,) places.
    """

    key: str
    title: str
    unit: str
    tip: str
    counts: bool
    places: Callable[[Standing, Mapping[str, Array]], Array]


AXES = {
    axis.key: axis
    for axis in (
        Axis(
            "epochs", "Epochs", "epoch", "Passes over the training rows", True,
            lambda _, rows: rows["epoch"],
        ),
        Axis(
            "steps", "Steps", "step", "Updates of the weights: an epoch of small batches has more of them", True,
            lambda _, rows: rows["step"],
        ),
        Axis(
            "seconds", "Seconds", "seconds of training", "Time at work, without waiting for the others", False,
            lambda standing, rows: standing.clock.at(rows["step"]),
        ),
        Axis(
            "multiply_adds", "Multiply-adds", "multiply-adds", "Work that does not depend on the machine", True,
            lambda standing, rows: rows["epoch"] * standing.per_epoch,
        ),
    )
}  # fmt: skip
