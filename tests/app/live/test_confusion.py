"""The confusion matrix in little room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.live.confusion import ConfusionDrawing
from app.live.picks import Picks
from tests.app.live.test_fit import PICTURES

CLASSES = 30


def test_that_names_of_columns_that_would_touch_are_left_out(qtbot: QtBot) -> None:
    drawing = ConfusionDrawing(Picks(None))
    qtbot.addWidget(drawing.widget)

    def seen(name: str, width: int) -> QImage:
        picture = replace(PICTURES["confusion"], counts=np.eye(CLASSES, dtype=int), classes=(name,) * CLASSES)
        drawing.widget._picture = picture
        drawing.widget.resize(width, 160)  # too low for the names of the rows
        return drawing.widget.grab().toImage()

    assert seen("p", 300) == seen("q", 300)
    assert seen("p", 1200) != seen("q", 1200)
