"""Why this number, in a whole window that trains: by mouse and keys, and by the numbers of the network itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from app import theme
from app.canvas.unfolded import Grip
from app.live.why.controls import CHAIN
from app.live.why.steps import places
from app.live.why.view import WhyView
from app.main_window import MainWindow
from app.picked import Weight
from engine.insight.pictures import WorstPicture
from engine.insight.trace import trace
from engine.training.run import Run
from tests.app.canvas.hand import Hand
from tests.app.canvas.live import in_a_row
from tests.app.conftest import quick
from tests.builders import chain, dense

LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key
Open = Callable[..., tuple[MainWindow, WhyView]]


@pytest.fixture
def why(open_window: Any, qtbot: QtBot) -> Open:
    """A window whose dock is in front, with its first trace."""

    def open_one(document: Any = None) -> tuple[MainWindow, WhyView]:
        window = open_window(in_a_row(document or quick()))
        window.make_view("why")
        window.docks["why"].raise_()
        view = window.views["why"]
        assert isinstance(view, WhyView)
        qtbot.waitUntil(lambda: view.trace is not None and view.isVisible())
        return window, view

    return open_one


def click_row(table: QTableView, row: int) -> None:
    place = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), LEFT, pos=place)


def words(view: WhyView) -> str:
    return view.body.page.toPlainText()


def settled(view: WhyView) -> bool:
    """What is shown is of the row and the weight that are picked."""
    picked = view._session.picked
    chained = picked.weight is None or (view.chain is not None and view.chain.key == picked.weight.key)
    return view.trace is not None and view.trace.row == (picked.row or 0) and chained and not view.source.works


def test_that_the_numbers_are_those_of_the_run(why: Open) -> None:
    window, view = why()
    document, prepared = window.session.document, window.session.prepared
    found = trace(document, prepared, 0, Run(document, prepared).snapshot())
    assert view.trace is not None
    for layer in found.layers:
        assert np.array_equal(view.trace.by_node[layer.node].output.value, layer.output.value)
    assert view.trace.loss.value == found.loss.value
    window.session.select(["dense_1"])
    columns = view._numbers()  # what is saved as a table
    assert len(columns["name"]) == len(columns["weight"]) == 24
    keys = ("dense_1/weight", "dense_1/bias")
    assert columns["gradient"] == pytest.approx(np.concatenate([found.updated.gradient(key).ravel() for key in keys]))


def test_that_the_keys_walk_through_layers_and_stages_and_the_canvas_follows(why: Open) -> None:
    window, view = why()
    window.session.select(["input_1"])
    assert (view.stage, view.node) == ("forward", "input_1")
    view.body.strip.setFocus()
    seen = [("forward", "input_1")]
    for _ in range(20):
        QTest.keyClick(view.body.strip, KEY.Key_Right)
        seen.append((view.stage, view.node))
        assert window.session.selection == {view.node}
    assert view.trace is not None
    assert list(dict.fromkeys(seen)) == places(view.trace)
    QTest.keyClick(view.body.strip, KEY.Key_Left)
    assert (view.stage, view.node) == ("update", "dense_1")


def test_that_a_box_that_is_selected_brings_its_layer(why: Open) -> None:
    window, view = why()
    hand = Hand(window.canvas)
    for id in ("dense_2", "dense_1"):
        hand.click(window.canvas.canvas_scene.nodes[id].scene_box().center())
        assert view.node == id
        assert view.controls.layers.currentData() == id


def test_that_every_stage_has_its_button_and_its_formula(why: Open) -> None:
    window, view = why()
    for stage, said in (("forward", "w · x + b"), ("loss", "Binary cross"), ("backward", "f′"), ("update", "β")):
        window.session.select(["dense_1"])
        QTest.mouseClick(view.controls.buttons[stage], LEFT)
        assert view.stage == stage
        assert view.controls.buttons[stage].isChecked()
        assert said in words(view)


def test_that_a_unit_is_chosen_by_click_and_by_key(why: Open) -> None:
    window, view = why()
    window.session.select(["dense_1"])
    row = next(number for number, cells in enumerate(view.body.strip.rows) if cells.units)
    QTest.mouseClick(view.body.strip, LEFT, pos=view.body.strip.rect_of(row, 3).center().toPoint())
    assert view.unit == 3
    assert "unit 4" in words(view)
    QTest.keyClick(view.body.strip, KEY.Key_Down)
    assert view.unit == 4


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
    assert "they agree to 4 digits" in words(view)
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


def test_that_a_stage_that_the_run_pauses_at_is_shown(why: Open, qtbot: QtBot) -> None:
    window, view = why()
    action = window.actions_by_key["run.stage"]
    before = view.trace
    for stage in ("forward", "loss", "backward"):
        action.trigger()
        qtbot.waitUntil(lambda stage=stage: window.session.trainer.status.stage == stage and view.stage == stage)
    action.trigger()
    qtbot.waitUntil(lambda: window.session.trainer.status.step == 1 and view.stage == "update")
    assert before is not None
    assert view.trace is not None
    assert view.trace.step == 0  # of the step that has been done, not of the next one
    window.running.step("batch")
    qtbot.waitUntil(lambda: view.trace.step == 2)


def test_that_it_goes_along_while_it_trains_and_after_an_edit(why: Open, qtbot: QtBot) -> None:
    window, view = why()
    window.running.toggle_play()
    qtbot.waitUntil(lambda: view.trace.step > 5)
    window.running.toggle_play()
    document = window.session.document
    window.session.picked.choose_weight(Weight("dense_1/bias", 7))
    window.session.edit("Narrow", document.set_fields("dense_1", units=5))
    qtbot.waitUntil(lambda: view.trace.by_node["dense_1"].output.value.size == 5)
    qtbot.waitUntil(lambda: view.trace.step == window.session.trainer.status.step)
    qtbot.waitUntil(lambda: window.session.picked.weight is None)  # there is no such unit any more
    assert not view.explains


def test_that_a_restored_moment_is_seen_though_its_step_is_the_same(why: Open, qtbot: QtBot) -> None:
    window, view = why()
    trainer, states = window.session.trainer, []
    window.running.step("batch")
    qtbot.waitUntil(lambda: view.trace.step == 1)
    trainer.snapshot(lambda state, history: states.append(state))
    qtbot.waitUntil(lambda: bool(states))
    before = view.trace.updated.old("dense_1/bias")
    other = {
        name: values + 1 if name == "parameters/dense_1/bias" else values for name, values in states[0].arrays.items()
    }
    trainer.restore(replace(states[0], arrays=other))
    qtbot.waitUntil(lambda: view.trace.updated.old("dense_1/bias")[0] == before[0] + 1)
    assert view.trace.step == 1


def test_that_a_weight_set_by_hand_is_seen_at_once(why: Open, qtbot: QtBot) -> None:
    from app.session import Touch

    window, view = why()
    window.session.set_weights("Set", [Touch("dense_1/bias", 0, 0.0, 2.5)])
    qtbot.waitUntil(lambda: view.trace.updated.old("dense_1/bias")[0] == 2.5)


def test_that_other_data_forget_the_row_and_a_removed_layer_its_weight(why: Open, qtbot: QtBot) -> None:
    window, view = why(chain(dense(6, "tanh"), dense(4, "tanh"), dense(1), data="spiral"))
    session = window.session
    session.picked.choose_row(40)
    session.picked.choose_weight(Weight("dense_2/weight", 3))
    qtbot.waitUntil(lambda: settled(view) and view.chain is not None)
    session.edit("Remove", session.document.remove(["dense_2"]))
    assert session.picked.weight is None
    assert not session.picked.way.nodes
    session.edit("Data", session.document.but(data={"type": "circle"}))
    assert session.picked.row is None
    qtbot.waitUntil(lambda: settled(view) and "dense_2" not in view.trace.by_node)


def test_that_a_design_that_cannot_be_trained_leaves_a_word(why: Open, qtbot: QtBot) -> None:
    window, view = why()
    document = window.session.document
    window.session.edit("Cut", document.disconnect(document.inputs("dense_2")[0]))
    qtbot.waitUntil(lambda: view.trace is None)
    assert view._empty.isVisible()
    assert "Problems" in view._empty.text()
    window.session.undo.undo()
    qtbot.waitUntil(lambda: view.trace is not None)


def test_that_any_layer_can_be_looked_into(why: Open, qtbot: QtBot) -> None:
    window, view = why(chain(dense(4), "layer_norm", "prelu", "dropout", dense(1), data="spiral"))
    assert view.trace is not None
    for node in view.trace.by_node:
        window.session.select([node])
        for stage in ("forward", "backward", "update"):
            QTest.mouseClick(view.controls.buttons[stage], LEFT)
            assert words(view)
    window.session.select(["layer_norm_1"])
    view.controls.weights.setChecked(True)
    click_row(view.body.table, 5)
    qtbot.waitUntil(lambda: settled(view))
    assert view.chain is not None
    assert view.chain.name == "layer_norm_1/beta[1]"
    assert view.controls.buttons[CHAIN].isChecked()


def test_that_it_fits_at_any_size(why: Open) -> None:
    window, view = why()
    window.session.select(["dense_1"])
    assert view.body.page.isVisible()
    assert not view.body.table.isVisible()
    window.solo.toggle("why")
    assert view.width() > 640
    assert view.body.page.isVisible()
    assert view.body.table.isVisible()
    window.solo.toggle()


def test_that_nothing_is_asked_behind_another_tab(why: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window, view = why()
    calls: list[object] = []
    monkeypatch.setattr(view, "refresh", calls.append)
    beats: list[None] = []
    window.pulse.began.connect(lambda: beats.append(None))
    qtbot.waitUntil(lambda: len(calls) > 2)
    window.docks["gradients"].raise_()
    qtbot.waitUntil(lambda: not view._seen)
    calls.clear()
    beats.clear()
    qtbot.waitUntil(lambda: len(beats) > 5)
    assert not calls
