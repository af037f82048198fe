"""The numbers beside a plot: round ones, as many as have room, written as everywhere else."""

from __future__ import annotations

from math import ceil, floor, isclose, log10
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from app.live.numbers import power_of_ten

HIGHEST_TICK, WIDEST_TICK = 1.3, 3.4  # heights of a line that a tick's number takes of an upright and a level axis
UNNAMED, NAMED = 3.4, 4.4  # heights of a line that an upright axis is wide: five signs, and a name or "%" beside them
ROUND: Final = (1.0, 2.0, 5.0)
INWARDS: Final = 3  # px from where pyqtgraph puts the name of an axis
MARGIN: Final = 16  # px that a name keeps from both ends of its axis together
ENOUGH: Final = 3  # ticks that an axis should have to be read
BESIDE: Final = 12  # px of the margin right of a plot


class Axis(pg.AxisItem):
    """Ticks in one way of writing: 0.02 and 300 plainly, what is far from one as a power of ten.

    Attributes:
        whole: it counts: there is nothing between two whole numbers.
        share: its numbers are shares of one, told in percent.
    """

    whole = share = False
    name = ""

    def show_name(self, name: str) -> None:
        """What is told along it, elided where it is longer than the axis; none where it is empty."""
        self.name = name
        self.size_up()
        self.showLabel(bool(name))
        self._elide()

    def tell_whole(self, whole: bool) -> None:
        """Whether it counts from now on."""
        if whole != self.whole:
            self.whole = whole
            self.picture = None  # as pyqtgraph has drawn it
            self.update()

    def tell_shares(self, share: bool) -> None:
        """Whether its numbers are told in percent from now on."""
        if share != self.share:
            self.share = share
            self.size_up()
            self.picture = None  # as pyqtgraph has drawn them
            self.update()

    def size_up(self) -> None:
        """As wide, where it is upright, as its numbers are in its letters, and beside them its name."""
        if self.orientation == "left":
            lines = NAMED if self.name or self.share else UNNAMED
            self.setWidth(round(lines * QFontMetricsF(self.label.font()).height()))

    def boundingRect(self) -> QRectF:
        """What is not inside is not drawn: half of the last number stands in the margin beside the plot."""
        rect: QRectF = super().boundingRect()
        return rect.adjusted(0, 0, BESIDE, 0) if self.orientation == "bottom" else rect

    def resizeEvent(self, event: object = None) -> None:
        self._place_name()
        self._elide()

    def _place_name(self) -> None:
        """Where pyqtgraph puts it the edge of the plot cuts the feet of its letters."""
        super().resizeEvent(None)
        if self.label is not None:
            level = self.orientation == "bottom"
            self.label.setPos(self.label.pos() + (QPointF(0, -INWARDS) if level else QPointF(INWARDS, 0)))

    def _elide(self) -> None:
        if not self.name:
            return
        room = self.height() if self.orientation == "left" else self.width()
        words = QFontMetricsF(self.label.font()).elidedText(self.name, Qt.TextElideMode.ElideRight, room - MARGIN)
        if words != self.labelText:
            self.setLabel(words)
            self._place_name()  # another text alone stays where the old one began

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        levels: list[tuple[float, float]] = super().tickSpacing(minVal, maxVal, size)
        return [level for level in levels if level[0] >= 1] or [(1.0, 0.0)] if self.whole else levels

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if not self.share or self.logMode:
            return [_plain(text) for text in super().tickStrings(values, scale, spacing)]
        shares = super().tickStrings([100 * value for value in values], scale, 100 * spacing)
        return [f"{_plain(text)} %" for text in shares]

    def logTickValues(
        self, minVal: float, maxVal: float, size: float, stdTicks: object
    ) -> list[tuple[float, list[float]]]:
        lines = WIDEST_TICK if self.orientation == "bottom" else HIGHEST_TICK
        room = lines * QFontMetricsF(self.label.font()).height()
        places = log_ticks(minVal, maxVal, (maxVal - minVal) * room / max(size, 1.0))
        if self.whole:
            places = [place for place in places if isclose(10.0**place, round(10.0**place)) and place >= 0]
        ticks: list[tuple[float, list[float]]] = [(1.0, places)] if places else stdTicks
        return ticks

    def logTickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self.share:
            return [f"{_tick(float(100 * 10.0**power))} %" for power in values]
        if all(isclose(power, round(power), abs_tol=1e-9) for power in values) and any(_far(10.0**p) for p in values):
            return [power_of_ten(round(power)) for power in values]  # 1000 does not stand between 1 and 10⁶
        return [_tick(float(10.0**power)) for power in values]


def log_ticks(low: float, high: float, room: float) -> list[float]:
    """Powers of ten in [low, high] of round numbers, as many as stand at least ``room`` decades apart."""
    for factors in ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 5), (1,)):
        places = _times(factors, low, high, room)
        if places is not None and len(places) >= ENOUGH:
            return places
        if places is not None:
            return max(places, _even(low, high, room), _times((1, 2, 3, 5, 7), low, high, room) or [], key=len)
    step = int(np.ceil(room))
    powers = range(int(np.ceil(low / step)) * step, int(np.floor(high)) + 1, step)
    return [float(power) for power in powers if power >= low]  # the least numbers above zero become it when divided


def _times(factors: tuple[int, ...], low: float, high: float, room: float) -> list[float] | None:
    """These times the powers of ten; None where they stand too close."""
    steps = np.log10([*factors, 10])
    if np.diff(steps).min() < room:
        return None
    powers = np.arange(np.floor(low), np.ceil(high) + 1)
    return [float(place) for place in (powers[:, None] + steps[:-1]).ravel() if low <= place <= high]


def _even(low: float, high: float, room: float) -> list[float]:
    """As `log_ticks`, for less than a decade: in even steps of the numbers themselves."""
    bottom, top = 10.0**low, 10.0**high
    least = top * (1 - 10.0**-room)  # the upper steps are the narrowest on this scale
    power = floor(log10(least))
    step = next(step for step in (factor * 10.0**power for factor in (*ROUND, 10.0)) if step >= least)
    places = (log10(number * step) for number in range(max(ceil(bottom / step), 1), floor(top / step) + 1))
    return [place for place in places if low <= place <= high]


def _plain(text: str) -> str:
    """Without idle noughts: beside ticks of one level stand those of a finer one, with more decimals."""
    text = text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
    return text.replace("-", "−")


def _far(value: float) -> bool:
    """From one: it is written as a power of ten."""
    return not 0.001 <= value < 10_000


def _tick(value: float) -> str:
    if not _far(value):
        return f"{value:g}"
    factor, _, power = f"{value:.2e}".partition("e")
    factor = f"{float(factor):g}"
    return power_of_ten(int(power)) if factor == "1" else f"{factor}·{power_of_ten(int(power))}"
