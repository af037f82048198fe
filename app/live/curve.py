"""The curve of one input with the data it was fitted to."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

from app import theme
from app.live.key import Entry
from app.live.marks import Marks, plainly
from app.live.plot import LivePlot, pen
from engine.insight.pictures import CurvePicture, Points


class CurveDrawing:
    """y over x: the network's curve above the points, training filled and validation hollow."""

    def __init__(self) -> None:
        self.widget = LivePlot()
        self._train = Marks(self.widget, hollow=False)
        self._validation = Marks(self.widget, hollow=True)
        self._curve = pg.PlotCurveItem(antialias=True, skipFiniteCheck=False)
        self._curve.setSegmentedLineMode("on")
        self._curve.setZValue(30)
        self.widget.add(self._curve)

    def entries(self, picture: CurvePicture) -> list[Entry]:
        name = f"P({picture.classes[1]})" if picture.classes else picture.target
        self.widget.name_axes(picture.inputs[0], name)
        return [
            Entry("Network", "line", "accent"),
            Entry("Training", "disc", "positive"),
            Entry("Validation", "ring", "negative"),
        ]

    def draw(self, picture: CurvePicture) -> str:
        colors = theme.current()
        self._curve.setData(picture.x, picture.y, pen=pen(colors.accent, 2), connect="finite")
        self._train.show_points(_places(picture.train), picture.train.y, plainly("positive"))
        self._validation.show_points(_places(picture.validation), picture.validation.y, plainly("negative"))
        seen = np.concatenate([picture.train.y, picture.validation.y])
        low, high = (0.0, 1.0) if picture.classes else (float(seen.min()), float(seen.max()))
        margin = (high - low) * 0.12 or 1.0
        self.widget.reach(float(picture.x[0]), float(picture.x[-1]), low - margin, high + margin)
        return ""


def _places(points: Points) -> np.ndarray:
    return np.column_stack([points.x[:, 0], points.y])
