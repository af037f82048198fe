"""The numbers and names at the axes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from app.live.axis import log_ticks
from app.live.fit import FitView
from app.live.loss import LossView
from app.live.plot import LivePlot
from app.theme import sized
from engine.insight.pictures import (
    BoundaryPicture,
)
from tests.app.live.views import Told, boundary

TICK = 4  # px between a number and the line of its axis


@given(st.floats(-12, 6), st.floats(0.01, 15), st.floats(0.01, 3))
def test_that_ticks_of_a_logarithmic_axis_never_touch(low: float, span: float, room: float) -> None:
    places = log_ticks(low, low + span, room)
    assert all(low <= place <= low + span for place in places)
    assert all(after - before >= room - 1e-9 for before, after in pairwise(places))


def test_that_ticks_of_a_logarithmic_axis_are_round() -> None:
    told = [[round(10**place, 6) for place in log_ticks(*span)] for span in ((-2, 0, 0.2), (-2, 0, 0.5), (-1, 0, 0.04))]
    assert told == [[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1], [0.01, 0.1, 1], [n / 10 for n in range(1, 11)]]


def test_that_an_axis_within_one_decade_has_numbers_too() -> None:
    spans = (0.25, 0.75), (0.35, 1.2), (2.0, 9.5)
    told = [[round(10**place, 6) for place in log_ticks(*np.log10(span), 0.06)] for span in spans]
    assert told == [[0.3, 0.4, 0.5, 0.6, 0.7], [0.4, 0.6, 0.8, 1.0], [2.0, 4.0, 6.0, 8.0]]
    assert [round(10**place, 6) for place in log_ticks(*np.log10((0.21, 1.15)), 0.1)] == [0.3, 0.5, 0.7, 1.0]


def test_that_an_axis_reaches_as_far_as_numbers_do() -> None:
    assert log_ticks(300.0, 309.0, 0.9) == [float(power) for power in range(300, 310)]


def test_that_the_name_of_an_axis_stays_beside_it_and_is_elided(fit: FitView, told: Told, qtbot: QtBot) -> None:
    told.picture = boundary(axes=("width", "height"))
    fit.refresh(told)
    told.picture = boundary(axes=("width", "the height of it above the sea, in metres"))
    fit.refresh(told)
    plot = fit._drawings[BoundaryPicture].plot
    axis = plot.axes["left"]
    qtbot.waitUntil(lambda: axis.labelText.endswith("…"))
    label = axis.label.mapRectToScene(axis.label.boundingRect())
    assert axis.sceneBoundingRect().adjusted(-8, 0, 0, 0).contains(label.center())
    assert abs(label.center().y() - axis.sceneBoundingRect().center().y()) < 4
    assert label.height() <= axis.sceneBoundingRect().height()


def test_that_there_is_no_half_epoch_and_a_minus_is_no_hyphen(loss: LossView, told: Told) -> None:
    told.epochs(4.0, 3.0, 2.0)
    loss.refresh(told)
    axis = loss.plot.axes["bottom"]
    levels = axis.tickValues(1.0, 3.2, 300)
    assert {place for _, places in levels for place in places} <= {1.0, 2.0, 3.0}
    assert axis.tickStrings([-1.0], 1.0, 1.0) == ["−1"]
    assert axis.tickStrings([-1.0, -0.5, 0.0, 10.0], 1.0, 0.5) == ["−1", "−0.5", "0", "10"]


def test_that_a_small_plot_has_its_room_for_itself(fit: FitView, told: Told, qtbot: QtBot) -> None:
    told.picture = boundary(axes=("width", "height"))
    fit.resize(600, 400)
    fit.refresh(told)
    plot = fit._drawings[BoundaryPicture].plot
    line = plot.fontMetrics().height()

    def named() -> set[bool]:
        return {bool(axis.name) and axis.label.isVisible() for axis in plot.axes.values()}

    qtbot.waitUntil(lambda: named() == {True})
    for wide, high in ((11, 20), (30, 6)):
        plot.resize(wide * line, high * line)
        assert named() == {False}
    plot.resize(30 * line, 20 * line)
    assert named() == {True}


def test_that_powers_of_ten_on_one_axis_are_written_alike(loss: LossView) -> None:
    axis = loss.plot.axes["left"]
    assert axis.logTickStrings([0.0, 3.0, 6.0], 1.0, 1.0) == ["10⁰", "10³", "10⁶"]
    assert axis.logTickStrings([-5.0, -3.0, -1.0], 1.0, 1.0) == ["10⁻⁵", "10⁻³", "10⁻¹"]
    assert axis.logTickStrings([-3.0, -2.0, 0.0, 3.0], 1.0, 1.0) == ["0.001", "0.01", "1", "1000"]


def test_that_shares_are_in_percent_at_the_axis_as_under_the_mouse(loss: LossView, told: Told) -> None:
    told.epochs(4.0, 3.0, 2.0)
    loss.refresh(told)
    axis = loss.plot.axes["left"]
    loss.choice.setCurrentIndex(1)
    assert axis.tickStrings([0.5, 0.75, 1.0], 1.0, 0.25) == ["50 %", "75 %", "100 %"]
    assert axis.tickStrings([0.995, 1.0], 1.0, 0.005) == ["99.5 %", "100 %"]
    axis.setLogMode(True)
    assert axis.tickStrings([-1.0, 0.0], 1.0, 1.0) == ["10 %", "100 %"]
    assert axis.maximumWidth() > QFontMetricsF(axis.label.font()).horizontalAdvance("99.95 %") + 2 * TICK
    loss.choice.setCurrentIndex(0)
    assert axis.tickStrings([-1.0, 0.0], 1.0, 1.0) == ["0.1", "1"]


def test_that_the_name_of_an_axis_is_beside_its_numbers(fit: FitView, told: Told) -> None:
    told.picture = boundary(axes=("width", "height"))
    fit.refresh(told)
    axis = fit._drawings[BoundaryPicture].plot.axes["left"]
    metrics = QFontMetricsF(axis.label.font())
    name = axis.mapFromItem(axis.label, axis.label.boundingRect()).boundingRect()
    assert name.center().x() + metrics.height() / 2 + metrics.horizontalAdvance("−0.25") < axis.width() - TICK


def test_that_an_axis_is_as_wide_as_larger_letters_need(loss: LossView, told: Told) -> None:
    told.epochs(4.0, 3.0, 2.0)
    loss.refresh(told)
    axis = loss.plot.axes["left"]
    width, few = axis.width(), len(axis.logTickValues(-2.0, 0.0, 160, [])[0][1])
    loss.plot.setFont(sized(loss.font(), 2.0))
    assert axis.width() >= 1.8 * width
    assert len(axis.logTickValues(-2.0, 0.0, 160, [])[0][1]) < few


def test_that_the_last_number_stands_at_the_end_of_an_axis(qtbot: QtBot) -> None:
    plot = LivePlot()
    qtbot.addWidget(plot)
    plot.resize(480, 220)
    plot.reach(0, 300, 0, 1)
    plot.show()
    plot.grab()
    axis = plot.axes["bottom"]
    picture = QPixmap(8, 8)
    painter = QPainter(picture)
    told = {text: rect for rect, _, text in axis.generateDrawSpecs(painter)[2]}
    painter.end()
    assert "300" in told
    assert axis.mapRectToScene(told["300"]).right() <= plot.width()
