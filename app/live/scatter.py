"""Predicted against true: on the diagonal every answer is right."""

from __future__ import annotations

from math import isfinite
from typing import Final

import numpy as np
from PySide6.QtWidgets import QWidget

from app import theme
from app.live.key import Entry
from app.live.marks import Chosen, Marks, plainly
from app.live.numbers import short
from app.live.picks import Picks
from app.live.plot import LivePlot
from app.live.share import Columns
from app.live.strokes import Curve, pen
from engine.insight.pictures import ScatterPicture


class ScatterDrawing:
    """One point per example, the diagonal dashed, training filled and validation hollow."""

    pause: Final = 0.0

    def __init__(self, picks: Picks) -> None:
        self.widget = LivePlot()
        self._chosen = Chosen(self.widget, picks)
        self._right = Curve()
        self.widget.add(self._right)
        self._train = Marks(self.widget, hollow=False)
        self._validation = Marks(self.widget, hollow=True)

    @property
    def parts(self) -> list[QWidget]:
        return [self.widget]

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
        true = np.concatenate([picture.train_true, picture.validation_true])
        predicted = np.concatenate([picture.train_predicted, picture.validation_predicted])
        rows = np.concatenate([picture.train_rows, picture.validation_rows])
        self._chosen.show_rows(np.column_stack([true, predicted]), rows)
        self.widget.reach(low, high, low, high)
        return f"R² {short(picture.r2)}" if isfinite(picture.r2) else ""

    def columns(self, picture: ScatterPicture) -> Columns:
        parts = ["training"] * len(picture.train_true) + ["validation"] * len(picture.validation_true)
        return {
            "part": parts,
            f"true {picture.target}": np.concatenate([picture.train_true, picture.validation_true]),
            f"predicted {picture.target}": np.concatenate([picture.train_predicted, picture.validation_predicted]),
        }
