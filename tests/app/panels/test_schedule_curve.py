"""The small curve of the learning rate."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app import theme
from app.panels.inspector import Inspector
from app.panels.schedule_curve import ScheduleCurve
from app.session import Session
from engine.training.schedules import Constant, Cosine, Schedule
from engine.training.spec import TrainingSpec
from tests.app.designs import chain


@pytest.mark.parametrize("kind", sorted(Schedule.kinds))
@pytest.mark.parametrize("epochs", [1, 7, 500, 10_000_000])
def test_that_every_schedule_is_drawn_for_runs_of_any_length(qtbot: QtBot, kind: str, epochs: int) -> None:
    curve = ScheduleCurve()
    qtbot.addWidget(curve)
    curve.show_training(TrainingSpec(schedule=Schedule.parse(kind), epochs=epochs, learning_rate=0.01))
    assert 1 <= len(curve.rates) <= 160
    assert np.isfinite(curve.rates).all()
    assert curve.rates.max() <= 0.01 * (1 + 1e-9)
    assert not curve.grab().isNull()


def test_that_a_rate_that_falls_is_drawn_falling(qtbot: QtBot) -> None:
    curve = ScheduleCurve()
    qtbot.addWidget(curve)
    curve.resize(200, 72)
    curve.show_training(TrainingSpec(schedule=Cosine(), epochs=100, learning_rate=0.01))
    assert (np.diff(curve.rates) <= 0).all()
    image, accent = curve.grab().toImage(), QColor(theme.current().accent)

    def height(column: int) -> int:
        near = [
            row for row in range(image.height()) if abs(image.pixelColor(column, row).red() - accent.red()) < 60
            and abs(image.pixelColor(column, row).blue() - accent.blue()) < 60
        ]  # fmt: skip
        return near[0]

    assert height(30) < height(100) < height(170)


def test_that_the_curve_stands_below_its_field_and_only_where_the_rate_changes(qtbot: QtBot) -> None:
    inspector = Inspector(Session(chain(4)))
    inspector._session.setParent(inspector)
    qtbot.addWidget(inspector)
    inspector.resize(280, 900)
    with qtbot.waitExposed(inspector):
        inspector.show()
    session = inspector._session
    assert inspector.curve.isHidden()
    document = session.document
    session.edit("Set", document.but(training=document.training.but(schedule=Cosine())))
    assert inspector.curve.isVisible()
    inspector.form.layout().activate()
    assert inspector.curve.y() > inspector.form.rows["schedule"].y()
    session.select(["dense_1"])
    assert not inspector.curve.isVisible()
    session.select([])
    assert inspector.curve.isVisible()
    session.edit("Set", document.but(training=document.training.but(schedule=Constant())))
    assert not inspector.curve.isVisible()
