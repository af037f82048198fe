"""Building without a mouse: every command of the canvas by its key."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app import appearance
from app.canvas.commands import EDITS
from app.canvas.view import CanvasView
from engine.design.document import Document, Wire
from engine.layers.unknown import Unknown
from tests.app.designs import chain, loose

CanvasOf = Callable[[Document], CanvasView]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture(autouse=True)
def _clipboard(qapp: object) -> None:
    QGuiApplication.clipboard().clear()


def test_that_delete_removes_and_wires_heal(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1))
    canvas.session.select(["dense_1"])
    QTest.keyClick(canvas, Key.Key_Delete)
    assert canvas.session.document.wires == (Wire(source="input", target="dense_2"),)
    assert set(canvas.canvas_scene.nodes) == {"input", "dense_2"}
    canvas.session.undo.undo()
    assert canvas.session.document == chain(4, 1)
    assert set(canvas.canvas_scene.wires) == set(chain(4, 1).wires)


def test_that_delete_removes_a_selected_wire(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4))
    canvas.session.select((), chain(4).wires)
    assert canvas.commands.actions["delete"].isEnabled()
    QTest.keyClick(canvas, Key.Key_Delete)
    assert canvas.session.document.wires == ()


def test_that_ctrl_a_selects_all(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1))
    QTest.keyClick(canvas, Key.Key_A, CTRL)
    assert canvas.session.selection == {"input", "dense_1", "dense_2"}


def test_that_arrows_nudge_as_one_step(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4))
    canvas.session.select(["dense_1"])
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Down):
        QTest.keyClick(canvas, key)
    QTest.keyClick(canvas, Key.Key_Up, SHIFT)
    node = canvas.session.document.node("dense_1")
    assert (node.x, node.y) == (240, -24)
    assert canvas.session.undo.count() == 1


def test_that_ctrl_and_arrows_walk_along_the_wires(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1))
    walked = []
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Right, Key.Key_Left, Key.Key_Left):
        QTest.keyClick(canvas, key, CTRL)
        walked.append(next(iter(canvas.session.selection)))
    assert walked == ["input", "dense_1", "dense_2", "dense_1", "input"]


def test_that_copy_and_paste_carry_boxes_and_their_wires_as_text(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1))
    canvas.session.select(["dense_1", "dense_2"])
    QTest.keyClick(canvas, Key.Key_C, CTRL)
    held = json.loads(QGuiApplication.clipboard().text())
    assert [node["id"] for node in held["nodes"]] == ["dense_1", "dense_2"]
    assert len(held["wires"]) == 1
    QTest.keyClick(canvas, Key.Key_V, CTRL)
    assert canvas.session.selection == {"dense_3", "dense_4"}
    assert Wire(source="dense_3", target="dense_4") in canvas.session.document.wires
    assert len(canvas.session.document.wires) == 3
    copy, original = canvas.session.document.node("dense_3"), canvas.session.document.node("dense_1")
    assert copy.layer == original.layer
    assert (copy.x, copy.y) != (original.x, original.y)


def test_that_boxes_go_from_one_window_to_another(canvas_of: CanvasOf) -> None:
    first, second = canvas_of(chain(4, 1)), canvas_of(Document())
    first.session.select(["input", "dense_1"])
    first.commands.actions["copy"].trigger()
    second.commands.actions["paste"].trigger()
    assert [node.layer for node in second.session.document.nodes] == [n.layer for n in chain(4).nodes]
    assert second.session.document.wires == (Wire(source="input_1", target="dense_1"),)


def test_that_cut_takes_away_and_paste_brings_back(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(loose("input", "dense"))
    canvas.session.select(["dense_1"])
    QTest.keyClick(canvas, Key.Key_X, CTRL)
    assert [node.id for node in canvas.session.document.nodes] == ["input_1"]
    QTest.keyClick(canvas, Key.Key_V, CTRL)
    assert canvas.session.document == loose("input", "dense")


def test_that_a_layer_from_elsewhere_is_copied_whole(canvas_of: CanvasOf) -> None:
    strange = Unknown.keeping({"type": "from_the_future", "knobs": [1, 2]}, written_by=7)
    canvas = canvas_of(Document().add(strange, id="strange"))
    canvas.session.select(["strange"])
    QTest.keyClick(canvas, Key.Key_D, CTRL)
    assert [node.layer for node in canvas.session.document.nodes] == [strange, strange]


def test_that_duplicate_leaves_the_clipboard_alone(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4))
    QGuiApplication.clipboard().setText("mine")
    canvas.session.select(["dense_1"])
    QTest.keyClick(canvas, Key.Key_D, CTRL)
    assert canvas.session.selection == {"dense_2"}
    assert QGuiApplication.clipboard().text() == "mine"


@pytest.mark.parametrize(
    "text",
    ["", "hello", "{}", "[1]", '{"nodes": []}', '{"nodes": [{"id": 1}]}', '{"format": 99, "nodes": "x"}', "1"],
)
def test_that_pasting_something_else_changes_nothing_and_says_so(canvas_of: CanvasOf, text: str) -> None:
    canvas = canvas_of(chain(4))
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(canvas, Key.Key_V, CTRL)
    assert canvas.session.document == chain(4)
    assert "no boxes" in canvas.hint.words
    assert canvas.hint.isVisible()


def test_that_tab_offers_layers_and_enter_adds_and_wires_the_one_chosen(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4))
    canvas.session.select(["dense_1"])
    QTest.keyClick(canvas, Key.Key_Tab)
    assert canvas.quick_add.isVisible()
    QTest.keyClicks(canvas.quick_add.search, "activ")
    QTest.keyClick(canvas.quick_add.search, Key.Key_Return)
    assert not canvas.quick_add.isVisible()
    assert Wire(source="dense_1", target="activation_1") in canvas.session.document.wires
    assert canvas.session.selection == {"activation_1"}


def test_that_the_list_offers_only_what_fits_there(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4))
    canvas.session.select(["dense_1"])
    QTest.keyClick(canvas, Key.Key_Tab)
    QTest.keyClicks(canvas.quick_add.search, "Where the examples enter")
    assert canvas.quick_add.model.rowCount() == 0
    assert canvas.quick_add.nothing.isVisible()
    QTest.keyClick(canvas.quick_add.search, Key.Key_Escape)
    assert not canvas.quick_add.isVisible()
    assert canvas.session.document == chain(4)


def test_that_a_whole_network_is_built_by_keyboard(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(Document())
    for words in ("input", "dense", "dense"):
        QTest.keyClick(canvas, Key.Key_Tab)
        QTest.keyClicks(canvas.quick_add.search, words)
        QTest.keyClick(canvas.quick_add.search, Key.Key_Return)
    assert set(canvas.session.document.wires) == {
        Wire(source="input_1", target="dense_1"),
        Wire(source="dense_1", target="dense_2"),
    }
    xs = [node.x for node in canvas.session.document.nodes]
    assert xs == sorted(xs)
    assert xs[1] - xs[0] > 144
    for _ in range(3):
        canvas.session.undo.undo()
    assert canvas.session.document == Document()


def test_that_arrange_is_one_step(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1).move({"dense_1": (0.0, 0.0), "dense_2": (3.0, 5.0)}))
    QTest.keyClick(canvas, Key.Key_L, CTRL)
    xs = [canvas.session.document.node(id).x for id in ("input", "dense_1", "dense_2")]
    assert xs == sorted(set(xs))
    assert canvas.session.undo.count() == 1


def test_that_boxes_glide_to_their_places_and_end_there(
    canvas_of: CanvasOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appearance, "moves", lambda: True)
    canvas = canvas_of(chain(4, 1).move({"dense_1": (0.0, 0.0), "dense_2": (3.0, 5.0)}))
    item, end = canvas.canvas_scene.nodes["dense_2"], QPointF(448, 0)
    seen: list[float] = []
    canvas.glide.valueChanged.connect(lambda _share: seen.append(item.x()))
    QTest.keyClick(canvas, Key.Key_L, CTRL)
    assert canvas.session.document.node("dense_2").x == end.x()
    assert item.pos() != end
    qtbot.waitUntil(lambda: item.pos() == end)
    assert seen == sorted(seen)
    assert any(3 < x < 448 for x in seen)
    assert canvas.session.undo.count() == 1


def test_that_a_glide_is_over_when_something_else_begins(canvas_of: CanvasOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appearance, "moves", lambda: True)
    scattered = chain(4, 1).move({"dense_1": (0.0, 0.0), "dense_2": (3.0, 5.0)})
    canvas = canvas_of(scattered)
    item = canvas.canvas_scene.nodes["dense_2"]
    canvas.glide.setDuration(60_000)
    QTest.keyClick(canvas, Key.Key_L, CTRL)
    assert item.pos() != QPointF(448, 0)
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(500, 600))
    assert item.pos() == QPointF(448, 0)
    canvas.session.undo.undo()
    QTest.keyClick(canvas, Key.Key_L, CTRL)
    canvas.session.undo.undo()
    assert item.pos() == QPointF(3, 5)
    assert canvas.session.document == scattered


def test_that_nothing_glides_where_no_motion_is_wanted(canvas_of: CanvasOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appearance, "moves", lambda: False)
    canvas = canvas_of(chain(4, 1).move({"dense_1": (0.0, 0.0), "dense_2": (3.0, 5.0)}))
    QTest.keyClick(canvas, Key.Key_L, CTRL)
    assert canvas.canvas_scene.nodes["dense_2"].pos() == QPointF(448, 0)


def test_that_commands_that_need_boxes_are_off_without_them(canvas_of: CanvasOf, qtbot: QtBot) -> None:
    canvas = canvas_of(chain(4))
    assert not canvas.commands.actions["copy"].isEnabled()
    canvas.session.select(["dense_1"])
    assert canvas.commands.actions["copy"].isEnabled()
    menu = QMenu(canvas)
    canvas.commands.fill(menu, EDITS, usable=True)
    words = [action.text() for action in menu.actions()]
    assert "Delete" in words
    assert "Distribute across" not in words  # takes three


def test_that_the_canvas_tells_a_screen_reader_what_is_selected(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4))
    assert canvas.accessibleName() == "Canvas"
    canvas.session.select(["dense_1"])
    words = canvas.accessibleDescription()
    assert "dense_1 (Dense)" in words
    assert "12 parameters" in words


def test_that_a_double_click_on_the_empty_canvas_offers_layers(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4))
    QTest.mouseDClick(
        canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        canvas.mapFromScene(QPointF(100, 250)),
    )  # fmt: skip
    assert canvas.quick_add.isVisible()
    canvas.quick_add.hide()
