"""Points of data on a plot: training filled, validation hollow, coloured by class, by value, or plainly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QPointF

from app import theme
from app.live.key import ink
from app.live.picks import Picks
from app.live.plot import STROKE, LivePlot
from app.live.signed import signed_lut
from app.live.strokes import Discs, filling

FILLED, HOLLOW, RING = (6, 1), (7, 1.5), (15, 2)  # px of a mark, and of its outline
ROOM: Final = 120  # px of a plot in which marks are as large as that; in half of it they are half as large
SHADES: Final = 33  # of values; more can not be told apart on marks, and each is drawn once before any can be shown
NEAR: Final = 10  # px: a click this near means the point
Coloring = Callable[[np.ndarray], list[str]]  # the values of points -> a colour for each


class Marks(Discs):
    """One part of the data. Made anew only when its values or the theme are others: most frames repeat them."""

    def __init__(self, plot: LivePlot, hollow: bool) -> None:
        super().__init__(*(HOLLOW if hollow else FILLED))
        self._hollow = hollow
        self._shown: tuple[Any, ...] = ("", np.empty(0), np.empty(0))
        self._plot, self._full = plot, float(self.opts["size"])
        self.setZValue(20)
        plot.add(self)
        plot.box.sigResized.connect(self._fit)
        plot.resized.connect(self._fit)
        self._fit()

    def show_points(self, place: np.ndarray, values: np.ndarray, coloring: Coloring) -> None:
        """Points at ``place`` (n, 2), each in the colour of its value."""
        mode, *before = self._shown
        same = mode == theme.current().name and np.array_equal(before[1], values)
        if same and np.array_equal(before[0], place):
            return
        self._shown = (theme.current().name, place, values)
        if same and len(place) == len(self.data) > 0:
            self._move(place)
            return
        if len(place) == 0:
            self.clear()
            return
        colors = coloring(values)
        if self._hollow:
            self.setData(pos=place, pen=list(map(self.outline, colors)), brush=filling(theme.current().window))
        else:
            self.setData(pos=place, pen=self.outline(theme.current().canvas), brush=list(map(filling, colors)))

    def _fit(self, *_: object) -> None:
        """As large as the letters, where there is room: in a small plot they would hide what is below them."""
        side = min(self._plot.box.width(), self._plot.box.height())
        letters = max(round(self._plot.fontMetrics().height() / STROKE, 1), 1.0)
        size = self._full * min(max(round(side / ROOM, 1), 0.5), letters)
        if size != self.opts["size"]:
            self.setSize(size)

    def _move(self, place: np.ndarray) -> None:
        """The same points elsewhere: what they look like is kept, which is most of the work."""
        self.prepareGeometryChange()
        self.data["x"], self.data["y"] = place.T
        self.bounds = [None, None]
        self.invalidate()


class Chosen(Discs):
    """A ring around the example that was picked, and how it is picked: by a click near it."""

    def __init__(self, plot: LivePlot, picks: Picks) -> None:
        super().__init__(*RING, brush=None)
        self._plot, self._picks = plot, picks
        self._places, self._rows = np.empty((0, 2)), np.empty(0, np.int64)
        self._shown: tuple[Any, ...] = ()
        self.setZValue(35)
        plot.add(self)
        plot.clicked.connect(self._on_clicked)

    def show_rows(self, places: np.ndarray, rows: np.ndarray) -> None:
        """The examples that are drawn: (n, 2) places and their numbers in the prepared data."""
        self._places, self._rows = places, rows
        found = np.flatnonzero(rows == (-1 if self._picks.held is None else self._picks.held))
        place = tuple(places[found[0]]) if len(found) and np.isfinite(places[found[0]]).all() else ()
        shown = (theme.current().name, *place)
        if shown != self._shown:
            self._shown = shown
            self.setPen(self.outline(theme.current().text))
            self.setData(pos=[place] if place else np.empty((0, 2)))

    def _on_clicked(self, at: QPointF) -> None:
        width, height = self._plot.box.viewPixelSize()
        if not len(self._rows):
            return
        away = np.hypot((self._places[:, 0] - at.x()) / width, (self._places[:, 1] - at.y()) / height)
        nearest = int(np.nan_to_num(away, nan=np.inf).argmin())
        self._picks.pick(int(self._rows[nearest]) if away[nearest] <= NEAR else None)


def plainly(role: str) -> Coloring:
    """One colour of the theme for all."""
    return lambda values: [ink(role)] * len(values)


def by_class(values: np.ndarray) -> list[str]:
    """Every class index in its colour."""
    classes, which = np.unique(values, return_inverse=True)
    inks = [ink(int(each)) for each in classes]
    return [inks[place] for place in which]


def by_value(low: float, high: float) -> Coloring:
    """Orange at ``low`` over grey to blue at ``high``."""
    span = (high - low) or 1.0

    def coloring(values: np.ndarray) -> list[str]:
        every = np.rint(((values - low) / span).clip(0, 1) * (SHADES - 1))  # (n,)
        shades, which = np.unique(every, return_inverse=True)  # (shades,), (n,)
        rows = signed_lut()[np.rint(shades * (255 / (SHADES - 1))).astype(np.uint8)]  # (shades, 3)
        inks = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in rows]
        return [inks[place] for place in which]

    return coloring
