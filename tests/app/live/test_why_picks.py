"""What is picked for an explanation: a row, a point, a mistake, a weight, a line in a box."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app import theme
from app.canvas.unfolded import Grip
from app.picked import Weight
from engine.insight.pictures import WorstPicture
from tests.app.canvas.hand import Hand
from tests.app.conftest import quick
from tests.app.live.asked import KEY, LEFT, Open, click_row, settled, words


def test_that_the_spin_box_takes_another_row_and_all_views_know_it(why: Open, qtbot: QtBot) -> None:
    window, view = why()
    box = view.controls.row
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "17")
    QTest.keyClick(box, KEY.Key_Return)
    qtbot.waitUntil(lambda: settled(view) and view.trace.row == 16)
    assert window.session.picked.row == 16
    assert window.views["fit"].picks.held == 16
    assert view.trace is not None
    assert view.trace.by_node["input_1"].output.value == pytest.approx(window.session.prepared.x[16])


def test_that_a_point_in_the_fit_is_picked(why: Open, qtbot: QtBot) -> None:
    window, view = why()
    fit = window.views["fit"]
    qtbot.waitUntil(lambda: fit.picture is not None)
    plot = fit.findChildren(type(fit._drawings[type(fit.picture)].plot))[0]
    place = fit.picture.train.x[5]
    at = plot.mapFromScene(plot.box.mapViewToScene(QPointF(*map(float, place))))
    QTest.mouseClick(plot.viewport(), LEFT, pos=QPoint(at))
    picked = window.session.picked.row
    assert picked is not None
    # where points lie close together, the nearest one
    x = dict(zip(fit.picture.train.rows.tolist(), fit.picture.train.x, strict=True)).get(picked)
    assert x is not None
    assert np.hypot(*(x - place)) < 0.3
    qtbot.waitUntil(lambda: settled(view) and view.trace.row == picked)
    assert view.controls.row.value() == picked + 1


def test_that_a_point_of_a_curve_is_picked(why: Open, qtbot: QtBot) -> None:
    window, view = why(quick("sine"))
    fit = window.views["fit"]
    qtbot.waitUntil(lambda: fit.picture is not None)
    plot = fit._drawings[type(fit.picture)].widget
    points = fit.picture.train
    place = QPointF(float(points.x[7, 0]), float(points.y[7]))
    QTest.mouseClick(plot.viewport(), LEFT, pos=QPoint(plot.mapFromScene(plot.box.mapViewToScene(place))))
    assert window.session.picked.row is not None
    qtbot.waitUntil(lambda: settled(view) and view.trace.row == window.session.picked.row)


def test_that_a_mistake_is_picked(why: Open, qtbot: QtBot) -> None:
    window, view = why(quick("breast_cancer"))
    fit = window.views["fit"]
    qtbot.waitUntil(lambda: fit.picture is not None)
    fit.choice.setCurrentIndex(fit.choice.findData("worst"))
    fit.choice.activated.emit(fit.choice.currentIndex())
    qtbot.waitUntil(lambda: isinstance(fit.picture, WorstPicture))
    table = fit._drawings[WorstPicture].widget
    click_row(table, 2)
    assert window.session.picked.row == fit.picture.rows[2]
    qtbot.waitUntil(lambda: settled(view) and view.trace.row == fit.picture.rows[2])
    assert view.trace.part == "validation"


def test_that_a_weight_of_the_table_shows_its_chain_and_lights_the_way(why: Open, qtbot: QtBot) -> None:
    window, view = why()
    window.session.select(["dense_1"])
    QTest.mouseClick(view.controls.weights, LEFT)
    click_row(view.body.table, 1)
    weight = window.session.picked.weight
    assert weight == Weight("dense_1/weight", 8 + view.unit)
    qtbot.waitUntil(lambda: settled(view))
    assert view.chain is not None
    assert view.chain.measured.agrees
    QTest.mouseClick(view.controls.weights, LEFT)
    assert "they agree to at least 4 digits" in words(view)
    scene = window.canvas.canvas_scene
    assert {id for id, item in scene.nodes.items() if item.state.lit} == {"dense_1", "dense_2"}
    lit = [wire for wire, item in scene.wires.items() if item.on_way]
    assert [(wire.source, wire.target) for wire in lit] == [("dense_1", "dense_2")]
    assert scene.wires[lit[0]].pen().color() == QColor(theme.current().accent)
    # another tab in front: nothing is explained any more
    window.docks["gradients"].raise_()
    qtbot.waitUntil(lambda: not any(item.state.lit for item in scene.nodes.values()))
    window.docks["why"].raise_()
    qtbot.waitUntil(lambda: scene.nodes["dense_1"].state.lit)
    QTest.mouseClick(view.controls.buttons["forward"], LEFT)
    assert not any(item.on_way for item in scene.wires.values())
    # and by keyboard
    view.controls.weights.setChecked(True)
    QTest.keyClick(view.body.table, KEY.Key_Down)
    qtbot.waitUntil(lambda: settled(view))
    assert window.session.picked.weight == Weight("dense_1/bias", view.unit)
    assert view.body.table.currentIndex().row() == 2


def test_that_page_strip_and_table_are_of_the_same_unit(why: Open, qtbot: QtBot) -> None:
    window, view = why()
    window.session.select(["dense_1"])
    window.session.picked.choose_weight(Weight("dense_1/weight", 8 + 6))
    qtbot.waitUntil(lambda: settled(view))
    assert view.unit == 6
    row = next(number for number, cells in enumerate(view.body.strip.rows) if cells.units)
    QTest.mouseClick(view.body.strip, LEFT, pos=view.body.strip.rect_of(row, 3).center().toPoint())
    QTest.mouseClick(view.controls.buttons["update"], LEFT)
    assert re.search(r"dense_1/(weight\[\d, |bias\[)3\]", words(view))  # counted from 0 there
    QTest.mouseClick(view.controls.buttons["chain"], LEFT)
    assert view.unit == 6
    assert "to unit 7" in words(view)
    assert view.body.table.currentIndex().row() == 1


def test_that_a_line_in_an_unfolded_box_shows_its_chain(why: Open, qtbot: QtBot) -> None:
    window, view = why()
    canvas = window.canvas
    canvas.unfolding.toggle(["dense_1"])
    item = canvas.canvas_scene.nodes["dense_1"]
    qtbot.waitUntil(lambda: item.strip is not None and item.strip.inside is not None)
    for grip in (Grip("dense_1", "weight", 11), Grip("dense_1", "bias", 6)):
        place = item.strip.mapToScene(item.strip.inside.place_of(grip))
        Hand(canvas).click(place)
        assert window.session.picked.weight == Weight(grip.key, grip.index)
        qtbot.waitUntil(lambda: settled(view))
        assert view.unit == grip.index % 8
        assert view.chain is not None
        assert view.chain.measured.agrees
        assert item.strip._marked == grip
    assert window.session.undo.count() == 0
