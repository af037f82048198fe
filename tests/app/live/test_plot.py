"""What all plots share: a new range is painted, and painted once."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.live.plot import LivePlot
from app.live.strokes import Curve, pen


def test_that_a_new_range_is_painted_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[LivePlot] = []
    paint = LivePlot.paintEvent

    def noted(plot: LivePlot, event: QPaintEvent) -> None:
        painted.append(plot)
        paint(plot, event)

    monkeypatch.setattr(LivePlot, "paintEvent", noted)
    plot = LivePlot()
    qtbot.addWidget(plot)
    line = Curve()
    line.setData([0.0, 1.0, 2.0], [1.0, 0.0, 3.0], pen=pen("#ffffff"))
    plot.add(line)
    plot.resize(400, 300)
    plot.reach(0, 2, 0, 3)
    with qtbot.waitExposed(plot):
        plot.show()
    for right in (3.0, 4.0, 5.0):
        for _ in range(5):  # whatever was put off
            QApplication.processEvents()
        painted.clear()
        plot.reach(0, right, 0, 3)
        for _ in range(5):
            QApplication.processEvents()
        assert painted == [plot]
