"""Why this number, in a whole window that trains: by mouse and keys, and by the numbers of the network itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.live.why.controls import CHAIN
from app.live.why.steps import places
from app.live.why.strip import Cells, ValueStrip
from app.picked import Weight
from engine.insight.trace import trace
from engine.training.run import Run
from tests.app.canvas.hand import Hand
from tests.app.live.asked import KEY, LEFT, Open, click_row, settled, words
from tests.builders import chain, dense


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
    rows, side = view.body.table.model(), Qt.ItemDataRole.TextAlignmentRole
    for column in range(rows.columnCount()):
        assert rows.headerData(column, Qt.Orientation.Horizontal, side) == rows.index(0, column).data(side)
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


def test_that_a_number_has_one_colour_in_all_rows_of_the_units(qtbot: QtBot) -> None:
    strip = ValueStrip()
    qtbot.addWidget(strip)
    inputs, before, after = np.array([500.0, -500.0]), np.array([-2.0, 0.5, 0.0]), np.array([0.0, 0.5, 0.0])
    strip.show_rows((Cells("x", "", inputs, False), Cells("z", "", before, True), Cells("a", "", after, True)), 2)
    strip.resize(400, strip.sizeHint().height())
    image = strip.grab().toImage()

    def ground(row: int, number: int) -> str:
        return image.pixelColor(strip.rect_of(row, number).topLeft().toPoint() + QPoint(3, 3)).name()

    assert ground(1, 1) == ground(2, 1) != ground(1, 2)
    assert ground(0, 0) != ground(1, 1), "half of the largest is paler than the largest"
