"""What the network has fitted: every kind of picture, what is chosen among them, and how often they are asked for."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from app.choice import Choice
from app.live.fit import FitView
from app.session import Session
from engine.insight.pictures import (
    BoundaryPicture,
    ConfusionPicture,
    CurvePicture,
    Points,
    ScatterPicture,
    WorstPicture,
)
from engine.training.log import MetricLog
from tests.app.conftest import quick
from tests.app.live.views import NAMES, Told, boundary, colors_in, points


def test_that_the_reading_and_a_choice_end_in_an_ellipsis_and_tell_the_whole(
    fit: FitView, told: Told, qtbot: QtBot
) -> None:
    told.picture = replace(PICTURES["confusion"], counts=np.full((2, 2), 1234))
    fit.refresh(told)
    fit.resize(300, 200)
    reading = fit._header.reading
    qtbot.waitUntil(lambda: reading.words.endswith("…"))
    assert reading.toolTip() == reading.text()
    choice = Choice()
    qtbot.addWidget(choice)
    choice.addItems(["Mini-batch gradient descent"])
    choice.resize(100, choice.sizeHint().height())
    choice.show()
    assert choice.words.endswith("…")
    choice.resize(400, choice.height())
    assert choice.words == "Mini-batch gradient descent"


PICTURES = {
    "boundary": boundary(),
    "surface": boundary(classes=(), limits=(2.0, 7.0), values=np.full((4, 4), np.nan)),
    "classes": boundary(classes=("a", "b", "c"), values=np.full((4, 4, 3), 1 / 3)),
    "curve": CurvePicture(
        **NAMES, classes=(), x=np.linspace(0, 1, 9), y=np.full(9, np.inf), baseline=np.zeros(9), degree=1,
        r2=np.nan, baseline_r2=0.5, train=points(1, 2, 3), validation=points(2)
    ),
    "scatter": ScatterPicture(
        **NAMES, classes=(), train_true=np.arange(5.0), train_predicted=np.full(5, np.nan),
        validation_true=np.empty(0), validation_predicted=np.empty(0), r2=np.nan,
        train_rows=np.arange(5), validation_rows=np.empty(0),
    ),
    "confusion": ConfusionPicture(
        **NAMES, classes=("a", "b"), counts=np.array([[5, 1], [0, 0]]), part="validation"
    ),
    "worst": WorstPicture(
        **NAMES, classes=("a", "b"), part="validation", judged=9, wrong=2, rows=np.array([41, 47]),
        true=np.array([0, 1]), predicted=np.array([1, 0]), score=np.array([0.1, np.nan]),
        values=np.array([[1.0, 2.0], [3.0, 4.0]]), images=None,
    ),
    "images": WorstPicture(
        **NAMES, classes=(), part="training", judged=9, wrong=9, rows=np.array([3]), true=np.array([1.5]),
        predicted=np.array([2.5]), score=np.array([1.0]), values=np.zeros((1, 16)),
        images=np.arange(16, dtype=np.uint8).reshape(1, 4, 4),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_that_every_picture_is_drawn_even_of_a_network_that_answers_nonsense(
    name: str, fit: FitView, told: Told
) -> None:
    told.picture = PICTURES[name]
    fit.refresh(told)
    assert fit.picture is told.picture
    assert len(colors_in(fit)) > 5
    for other in PICTURES.values():  # another design, another picture, and back
        told.picture = other
        fit.refresh(told)
    told.picture = None
    fit.refresh(told)
    assert fit.picture is not None  # no flicker while an edit is taken in
    told.status.phase = "failed"
    fit.refresh(told)
    assert fit.picture is None


def test_that_a_design_that_cannot_be_trained_shows_no_picture_of_another_that_never_was(
    fit: FitView, told: Told
) -> None:
    told.picture = PICTURES["confusion"]
    fit.refresh(told)
    told.epochs(1.0)
    told.status.phase, told.status.unfinished = "failed", True
    fit.refresh(told)
    assert fit.picture is told.picture, "what has been learnt is still to be seen, as its curves are"
    told.log = MetricLog()
    fit.refresh(told)
    assert fit.picture is None
    assert fit._empty.isVisible()


def offered(fit: FitView) -> list[str]:
    return [fit.choice.itemText(n) for n in range(fit.choice.count())]


def choose(qtbot: QtBot, box: Any, text: str) -> None:
    """As the keyboard does it: down to the entry, step by step."""
    box.setFocus()
    for _ in range(box.count()):
        if box.currentText() == text:
            return
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == text


def test_that_another_kind_of_picture_is_asked_for_at_once_and_forgotten_with_the_design(
    fit: FitView, told: Told, session: Session, qtbot: QtBot
) -> None:
    told.picture = PICTURES["boundary"]
    fit.refresh(told)
    assert offered(fit) == ["Plane", "Confusion", "Mistakes"]
    assert fit.choice.currentText() == "Plane"
    choose(qtbot, fit.choice, "Mistakes")
    fit.refresh(told)
    assert told.asked[-1].kind == "worst"
    told.picture = PICTURES["worst"]
    fit.refresh(told)
    assert fit.choice.currentText() == "Mistakes"
    session.open(quick("circle"))
    fit._asker.hurry()
    fit.refresh(told)
    assert told.asked[-1].kind is None


def test_that_a_polynomial_can_be_set_beside_a_curve(fit: FitView, told: Told, qtbot: QtBot) -> None:
    told.picture = replace(PICTURES["curve"], baseline=None, degree=0, kinds=("curve", "scatter"))
    fit.refresh(told)
    assert fit.controls.isVisible()
    choose(qtbot, fit.controls.degree, "Degree 3")
    fit.refresh(told)
    assert told.asked[-1].degree == 3
    told.picture = replace(PICTURES["curve"], degree=3, r2=0.75, kinds=("curve", "scatter"))
    fit.refresh(told)
    assert fit.controls._others.text() == "R² 0.500, network 0.750"
    assert fit._drawings[CurvePicture]._baseline.isVisible()
    assert set(fit._numbers()) == {"width", "network", "degree 3"}


def wide(**changes: Any) -> BoundaryPicture:
    """The plane of two among four inputs."""
    return boundary(inputs=("a", "b", "c", "d"), kinds=("confusion", "plane", "worst"), axes=("a", "b"), **changes)


def test_that_two_inputs_are_chosen_among_many_and_change_places_when_chosen_twice(
    fit: FitView, told: Told, qtbot: QtBot
) -> None:
    told.picture = wide()
    fit.refresh(told)
    controls = fit.controls
    assert (controls.first.currentText(), controls.second.currentText()) == ("a", "b")
    choose(qtbot, controls.first, "b")
    fit.refresh(told)
    assert told.asked[-1].features == (1, 0)
    assert (controls.first.currentText(), controls.second.currentText()) == ("b", "a")
    choose(qtbot, controls.second, "d")
    fit.refresh(told)
    assert told.asked[-1].features == (0, 3)  # on the way down it met "b", and they changed places again


def test_that_a_clicked_example_holds_the_other_inputs_until_their_mean_is_wanted_again(
    fit: FitView, told: Told, qtbot: QtBot
) -> None:
    told.picture = wide()
    fit.refresh(told)
    assert "at mean" in fit.controls._others.text()
    drawing = fit._drawings[BoundaryPicture]
    plot = drawing.plot
    place = plot.mapFromScene(plot.box.mapViewToScene(QPointF(0.5, 0.5)))  # the second of three training points
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not any(drawing._train.data["item"])  # no object was made of each point
    fit.refresh(told)
    assert told.asked[-1].held == 1
    told.picture = wide(held=1)
    fit.refresh(told)
    assert "example 2" in fit.controls.held.text()
    assert len(fit._drawings[BoundaryPicture]._chosen.data) == 1
    qtbot.mouseClick(fit.controls.held, Qt.MouseButton.LeftButton)
    fit.refresh(told)
    assert told.asked[-1].held is None


def test_that_a_click_into_the_confusion_matrix_lists_those_mistakes(fit: FitView, told: Told, qtbot: QtBot) -> None:
    told.picture = PICTURES["confusion"]
    fit.refresh(told)
    matrix = fit._drawings[ConfusionPicture].widget
    cells = {
        matrix.cell_at(QPointF(x, y)): QPoint(x, y) for x in range(0, 420, 10) for y in range(0, matrix.height(), 10)
    }
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=cells[0, 0])  # those are right
    assert fit.picks.of is None
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=cells[0, 1])
    fit.refresh(told)
    assert (told.asked[-1].kind, told.asked[-1].of) == ("worst", (0, 1))
    told.picture = PICTURES["worst"]
    fit.refresh(told)
    assert fit.controls._others.text() == "a taken for b"
    qtbot.mouseClick(fit.controls.all, Qt.MouseButton.LeftButton)
    fit.refresh(told)
    assert told.asked[-1].of is None


def test_that_a_mistake_can_be_picked_from_the_list(fit: FitView, told: Told, qtbot: QtBot) -> None:
    told.picture = PICTURES["worst"]
    fit.refresh(told)
    table = fit._drawings[WorstPicture].widget
    model = table.model()
    shown = [model.index(0, column).data() for column in range(model.columnCount())]
    assert shown == ["42", "a", "b", "10.0 %", "1", "2"], "the number that it has everywhere"
    side, across = Qt.ItemDataRole.TextAlignmentRole, Qt.Orientation.Horizontal
    for column in range(model.columnCount()):
        assert model.headerData(column, across, side) == model.index(0, column).data(side), "a name above its numbers"
    assert fit.picks.held is None
    place = table.visualRect(model.index(1, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert fit.picks.held == 47
    told.picture = replace(PICTURES["worst"], score=np.array([0.2, 0.3]))
    fit.refresh(told)
    assert table.currentIndex().row() == 1  # it stays the chosen one
    assert fit._header.reading.text() == "2 of 9 validation rows are wrong"


def test_that_numbers_of_two_columns_of_mistakes_do_not_run_into_each_other(fit: FitView, told: Told) -> None:
    told.picture = replace(PICTURES["worst"], values=np.array([[1234567.0, 7654321.0], [2345671.0, 3456712.0]]))
    fit.refresh(told)
    table = fit._drawings[WorstPicture].widget
    letter = table.fontMetrics().averageCharWidth()
    for column in range(table.model().columnCount()):
        number = table.model().index(0, column).data()
        assert table.columnWidth(column) > table.fontMetrics().horizontalAdvance(number) + 2 * letter


def test_that_a_field_is_the_right_way_up_and_in_the_colours_of_its_signs(fit: FitView, told: Told) -> None:
    values = np.full((8, 8), -1.0)
    values[4:] = 1.0  # the upper half says yes
    nothing = Points(np.empty((0, 2)), np.empty(0), np.empty(0))
    told.picture = boundary(values=values, train=nothing, validation=nothing)
    fit.refresh(told)
    plot = fit._drawings[BoundaryPicture].plot
    image = plot.grab().toImage()
    middle = plot.box.sceneBoundingRect()
    up = image.pixelColor(plot.mapFromScene(middle.center() - QPointF(0, middle.height() / 3)))
    down = image.pixelColor(plot.mapFromScene(middle.center() + QPointF(0, middle.height() / 3)))
    assert up.blue() > up.red()
    assert down.red() > down.blue()


@pytest.mark.parametrize(("share", "asked"), [(1.0, (9, 13)), (0.1, (90, 130))], ids=["at full speed", "at a pace"])
def test_that_pictures_are_asked_for_as_often_as_they_are_cheap(
    share: float, asked: tuple[int, int], fit: FitView, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr("app.live.asking.perf_counter", lambda: clock.now)
    told.picture = boundary(seconds=0.015)
    for _ in range(200):  # ten seconds
        clock.now += 0.05
        told.worked += 0.05 * share
        told.picture = replace(told.picture)  # a new answer
        fit.refresh(told)
    assert asked[0] <= len(told.asked) <= asked[1]
    assert {question.resolution for question in told.asked} == {100}
    told.picture = boundary(seconds=0.5)
    fit.refresh(told)
    clock.now += 2
    fit.refresh(told)
    assert told.asked[-1].resolution < 100
