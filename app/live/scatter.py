"""Predicted against true: on the diagonal every answer is right."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pyqtgraph as pg

from app import theme
from app.live.key import Entry
from app.live.marks import Marks, plainly
from app.live.plot import LivePlot, pen
from engine.insight.pictures import ScatterPicture


class ScatterDrawing:
    """One point per example, the diagonal dashed, training filled and validation hollow."""

    def __init__(self) -> None:
        self.widget = LivePlot()
        self._right = pg.PlotCurveItem()
        self.widget.add(self._right)
        self._train = Marks(self.widget, hollow=False)
        self._validation = Marks(self.widget, hollow=True)

    def entries(self, picture: ScatterPicture) -> list[Entry]:
        self.widget.name_axes(f"true {picture.target}", f"predicted {picture.target}")
        return [
            Entry("Right", "dashes", "dim"),
            Entry("Training", "disc", "positive"),
            Entry("Validation", "ring", "negative"),
        ]

    def draw(self, picture: ScatterPicture) -> str:
        colors = theme.current()
        true = np.concatenate([picture.train_true, picture.validation_true])
        low, high = float(true.min()), float(true.max())
        margin = (high - low) * 0.08 or 1.0
        low, high = low - margin, high + margin
        self._right.setData(np.array([low, high]), np.array([low, high]), pen=pen(colors.dim, 1, dashed=True))
        for marks, true, predicted, role in (
            (self._train, picture.train_true, picture.train_predicted, "positive"),
            (self._validation, picture.validation_true, picture.validation_predicted, "negative"),
        ):
            known = np.isfinite(predicted)
            marks.show_points(np.column_stack([true, predicted])[known], true[known], plainly(role))
        self.widget.reach(low, high, low, high)
        return f"R² {picture.r2:.3f}" if isfinite(picture.r2) else ""
