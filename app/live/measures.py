"""What is measured of a layer's gradient and outputs, and when it is healthy."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log10
from typing import TYPE_CHECKING, Final

from app.live.key import Shape
from app.live.numbers import percent, short

if TYPE_CHECKING:
    from engine.insight.tensors import LayerStat


@dataclass(frozen=True)
class Measure:
    """One number of a layer; ``healthy`` are the ends of the band, ``reach`` of the axis.

    Attributes:
        field: its name in a layer's statistics. title, tip: for people.
        low, high: what is to be said beyond the band. ends: the names of its two sides in the key.
        outputs: of what a layer gives: layers that do not learn have it, too.
        share: a share from 0 to 1, signed: a number of either sign, both on a plain scale; else a magnitude, on a
            logarithmic one.
    """

    field: str
    title: str
    tip: str
    healthy: tuple[float, float]
    reach: tuple[float, float]
    low: str
    high: str
    share: bool = False
    signed: bool = False
    ends: tuple[str, str] = ("Vanishing", "Exploding")
    outputs: bool = False

    @property
    def plain(self) -> bool:
        """On a plain scale."""
        return self.share or self.signed

    def judge(self, layer: LayerStat) -> str:
        """ "healthy", "low" or "high"."""
        return self.judge_value(getattr(layer, self.field))

    def judge_value(self, value: float) -> str:
        low, high = self.healthy
        if not isfinite(value):
            return "high" if value == value else "healthy"
        return "low" if value < low else "high" if value > high else "healthy"

    def place(self, value: float) -> float:
        """Where on the axis, from 0 to 1."""
        low, high = self.reach
        if not self.plain:
            value, low, high = log10(value) if value > 0 else log10(low), log10(low), log10(high)
        return min(max((value - low) / (high - low), 0.0), 1.0)

    def beyond(self, value: float) -> bool:
        """Whether it lies past an end of the axis; on a logarithmic one every bar begins at the low end."""
        low, high = self.reach
        return value > high or (self.signed and value < low)

    def spoken(self, value: float) -> str:
        return percent(value) if self.share else short(value)


VANISHES, EXPLODES = "vanishes: this layer hardly learns", "explodes: the steps are too large to trust"
MEASURES: Final = (
    Measure(
        "norm", "Norm", "Length (L2 norm) of the gradient of all weights of a layer",
        (1e-6, 1e1), (1e-10, 1e4), VANISHES, EXPLODES,
    ),
    Measure(
        "mean", "Mean", "Mean of |gradient| over the weights of a layer",
        (1e-8, 1e0), (1e-12, 1e3), VANISHES, EXPLODES,
    ),
    Measure(
        "largest", "Largest", "Largest |gradient| among the weights of a layer",
        (1e-7, 1e1), (1e-11, 1e4), VANISHES, EXPLODES,
    ),
    Measure(
        "update_ratio", "Update ratio", "Length of the last update over the length of the weights",
        (1e-5, 1e-1), (1e-8, 1e1),
        "hardly moves: a larger learning rate may help", "jumps: a smaller learning rate may help",
    ),
    Measure(
        "dead", "Dead units", "Share of a layer's units that give zero for every training row",
        (0.0, 0.5), (0.0, 1.0), "", "is half dead: those units learn nothing any more", share=True, outputs=True,
    ),
    Measure(
        "saturated", "Saturated", "Share of a layer's outputs where the activation is flat and little gradient passes",
        (0.0, 0.5), (0.0, 1.0), "", "is saturated: little of the gradient passes it", share=True, outputs=True,
    ),
    Measure(
        "output_spread", "Spread", "Standard deviation of what a layer gives, over the training rows",
        (1e-2, 1e2), (1e-4, 1e4), "hardly differs from row to row: little passes", "is very loud: sums behind it grow",
        ends=("Too small", "Too large"), outputs=True,
    ),
    Measure(
        "output_mean", "Mean output", "Mean of what a layer gives, over the training rows and units",
        (-3.0, 3.0), (-4.0, 4.0), "lies far below zero", "lies far above zero", signed=True,
        ends=("Too low", "Too high"), outputs=True,
    ),
)  # fmt: skip
JUDGEMENTS: Final[dict[str, tuple[Shape, str]]] = {
    "healthy": ("disc", "healthy"),
    "low": ("triangle", "warning"),
    "high": ("square", "sick"),
}
