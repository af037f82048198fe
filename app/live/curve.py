"""The curve of one input with the data it was fitted to."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtWidgets import QWidget

from app import theme
from app.live.key import Entry
from app.live.marks import Chosen, Marks, plainly
from app.live.picks import Picks
from app.live.plot import LivePlot
from app.live.share import Columns
from app.live.strokes import Curve, pen
from engine.insight.pictures import CurvePicture, Points


class CurveDrawing:
    """y over x: the network's curve above the points, training filled and validation hollow."""

    pause: Final = 0.0

    def __init__(self, picks: Picks) -> None:
        self.widget = LivePlot()
        self._train = Marks(self.widget, hollow=False)
        self._validation = Marks(self.widget, hollow=True)
        self._chosen = Chosen(self.widget, picks)
        self._curve = Curve(antialias=True, skipFiniteCheck=False)
        self._curve.setSegmentedLineMode("on")
        self._curve.setZValue(30)
        self._baseline = Curve(antialias=True, skipFiniteCheck=True)
        self._baseline.setZValue(25)
        for line in (self._baseline, self._curve):
            self.widget.add(line)

    @property
    def parts(self) -> list[QWidget]:
        return [self.widget]

    def entries(self, picture: CurvePicture) -> list[Entry]:
        name = f"P({picture.classes[1]})" if picture.classes else picture.target
        self.widget.name_axes(picture.inputs[0], name)
        shown = [Entry(_name(picture.degree), "dashes", "warning")] if picture.baseline is not None else []
        return [
            Entry("Net", "line", "accent"),
            *shown,
            Entry("Training", "disc", "positive"),
            Entry("Validation", "ring", "negative"),
        ]

    def draw(self, picture: CurvePicture) -> str:
        colors = theme.current()
        self._curve.setData(picture.x, picture.y, pen=pen(colors.accent, 2), connect="finite")
        self._baseline.setVisible(picture.baseline is not None)
        if picture.baseline is not None:
            self._baseline.setData(picture.x, picture.baseline, pen=pen(colors.warning, 2, dashed=True))
        self._train.show_points(_places(picture.train), picture.train.y, plainly("positive"))
        self._validation.show_points(_places(picture.validation), picture.validation.y, plainly("negative"))
        parts = picture.train, picture.validation
        self._chosen.show_rows(np.concatenate([_places(p) for p in parts]), np.concatenate([p.rows for p in parts]))
        seen = np.concatenate([picture.train.y, picture.validation.y])
        low, high = (0.0, 1.0) if picture.classes else (float(seen.min()), float(seen.max()))
        margin = (high - low) * 0.12 or 1.0
        self.widget.reach(float(picture.x[0]), float(picture.x[-1]), low - margin, high + margin)
        return ""

    def columns(self, picture: CurvePicture) -> Columns:
        found = {picture.inputs[0]: picture.x, "network": picture.y}
        return found if picture.baseline is None else found | {_name(picture.degree).lower(): picture.baseline}


def _places(points: Points) -> np.ndarray:
    return np.column_stack([points.x[:, 0], points.y])


def _name(degree: int) -> str:
    return "Line" if degree == 1 else f"Degree {degree}"
