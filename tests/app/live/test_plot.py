"""What all plots share: a new range is painted, and painted once."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import theme
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


def colors_of(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(0, image.height(), 3)}


def test_that_another_theme_empties_a_plot_until_its_turn(qapp: QApplication, qtbot: QtBot) -> None:
    plot = LivePlot()
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    plot.reach(0, 2, 0, 3)
    with qtbot.waitExposed(plot):
        plot.show()
    before = theme.current()
    worn = theme.apply(qapp, not before.dark)
    assert colors_of(plot.viewport().grab().toImage()) == {QColor(worn.window).name()}
    qtbot.waitUntil(lambda: not theme.announcer.busy)
    seen = colors_of(plot.viewport().grab().toImage())
    assert {worn.window, worn.border} <= seen
    assert not {before.window, before.border} & seen
    theme.apply(qapp, before.dark)
