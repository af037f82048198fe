"""A bent grid with the data on it, and the line that parts the classes there."""

from __future__ import annotations

from math import sqrt
from typing import Final

import numpy as np

from app import theme
from app.live.key import Entry, mixed
from app.live.marks import Chosen, Coloring, Marks, by_class, by_value
from app.live.picks import Picks
from app.live.plot import LivePlot
from app.live.share import Columns
from app.live.space.steady import Steady
from app.live.strokes import Curve, pen
from engine.insight.warp import WarpPicture

FAMILIES: Final = ("wire", "accent")  # the colour of the lines along which each coordinate changes
MANY: Final = 7  # classes whose names leave no room for what is the same in every view
PALE: Final = 0.6  # how much of it they take, so that the points on them stand out


class SpaceDrawing:
    """Grid below, boundary above it, points on top; the range follows calmly."""

    def __init__(self, picks: Picks) -> None:
        self.plot = LivePlot()
        self._steady = Steady()
        self._grid = [_lines(number) for number in range(len(FAMILIES))]
        self._border = _lines(len(FAMILIES))
        for line in (*self._grid, self._border):
            self.plot.add(line)
        self._train = Marks(self.plot, hollow=False)
        self._validation = Marks(self.plot, hollow=True)
        self._chosen = Chosen(self.plot, picks)
        self._shown: tuple[object, ...] = ()
        self._worn, self._lines = "", (np.empty((0, 2, 2)),) * (len(FAMILIES) + 1)

    def entries(self, picture: WarpPicture) -> list[Entry]:
        """What its marks mean."""
        classes = picture.classes if 2 < len(picture.classes) <= len(theme.current().classes) else ()
        found = [Entry("Training", "disc", "dim"), Entry("Validation", "ring", "dim")] if len(classes) < MANY else []
        found += [Entry(name, "square", number) for number, name in enumerate(classes)]
        if len(picture.borders):
            border = Entry("Boundary", "line", "text")
            border.setToolTip(
                "Where the answer changes from one class to another"
                + (": the output layer parts this plane with a straight line" if picture.straight else "")
            )
            found.append(border)
        for name, role in zip(picture.inputs if len(picture.classes) <= 2 else (), FAMILIES, strict=False):
            line = Entry(name, "line", role)
            line.setToolTip(f"Along these lines {name} alone changes")
            found.append(line)
        return found

    def draw(self, picture: WarpPicture) -> None:
        """Show it; another layer, or other numbers of it, with a range of its own at once."""
        shown = (picture.node, picture.way, picture.units)
        if shown != self._shown:
            self._shown = shown
            self._steady.forget()
        lines = (*picture.grid, *[np.empty((0, 2, 2))] * (len(FAMILIES) - len(picture.grid)), picture.borders)
        colors = theme.current()
        # a network that rests is asked about, too: what gives the same lines is not painted again
        if colors.name != self._worn or not all(map(np.array_equal, lines, self._lines)):
            self._worn, self._lines = colors.name, lines
            inks = [mixed(colors.window, getattr(colors, role), PALE) for role in FAMILIES]
            for line, places, ink in zip(self._grid, lines, inks, strict=False):
                _show(line, places, pen(ink))
            _show(self._border, picture.borders, pen(colors.text, 1.5))
        for marks, part in ((self._train, picture.train), (self._validation, picture.validation)):
            known = np.isfinite(part.x).all(axis=1)
            marks.show_points(part.x[known], part.y[known], _coloring(picture))
        parts = picture.train, picture.validation
        self._chosen.show_rows(np.concatenate([p.x for p in parts]), np.concatenate([p.rows for p in parts]))
        self._steady.hold(picture.span)
        self.glide()

    def glide(self) -> None:
        """A step of the range towards its goal; nothing once it is there."""
        self.plot.reach(*self._steady.step())

    @property
    def aspect(self) -> float:
        """Width over height of what fills it, in tenths: half way from one scale for both axes to the whole plot."""
        box = self.plot.box
        return round(sqrt(box.width() / max(box.height(), 1.0)), 1) or 1.0


def axes(picture: WarpPicture) -> tuple[str, str]:
    """What the two axes are called."""
    return ("unit 1", "unit 2") if picture.way == "units" else ("PCA 1", "PCA 2")


def columns(picture: WarpPicture) -> Columns:
    """A row per point, with its place."""
    parts = {"training": picture.train, "validation": picture.validation}
    places = np.concatenate([part.x for part in parts.values()])
    values = np.concatenate([part.y for part in parts.values()])
    first, second = axes(picture)
    names = np.array(picture.classes)
    return {
        "part": [name for name, part in parts.items() for _ in range(len(part.y))],
        "row": np.concatenate([part.rows for part in parts.values()]) + 1,
        picture.target: names[values.astype(np.int64)].tolist() if picture.classes else values,
        first: places[:, 0],
        second: places[:, 1],
    }


def _coloring(picture: WarpPicture) -> Coloring:
    return by_class if len(picture.classes) > 2 else by_value(*picture.limits)


def _lines(depth: int) -> Curve:
    line = Curve(antialias=True)
    line.setZValue(depth)
    return line


def _show(line: Curve, places: np.ndarray, pen: object) -> None:
    """Lines (lines, places, 2), each by itself: a gap of no number between two."""
    count, within, _ = places.shape
    apart = np.full((count, within + 1, 2), np.nan)
    apart[:, :-1] = places
    line.setData(apart[..., 0].ravel(), apart[..., 1].ravel(), pen=pen, connect="finite")
    line.setVisible(count > 0)
