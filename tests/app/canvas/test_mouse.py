"""What the mouse does on the canvas: choose, move, wire, pan, zoom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.paint import FAR_LABEL, fonts
from app.canvas.scene import Port
from app.canvas.wire_item import GhostWire
from engine.data.dataset import Source
from engine.design.checks import check
from engine.design.document import Document, Wire
from tests.app.canvas.hand import LEFT, MIDDLE, NONE, Hand
from tests.app.designs import chain, layer, loose

HandOn = Callable[[Document], Hand]
ON_BOX = QPointF(60, 30)  # from a box's corner to a place on its body
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def body(hand: Hand, id: str) -> QPointF:
    return hand.canvas.canvas_scene.nodes[id].pos() + ON_BOX


def place(hand: Hand, id: str) -> tuple[float, float]:
    node = hand.canvas.session.document.node(id)
    return node.x, node.y


def test_that_a_click_selects_a_box_and_a_click_beside_it_nothing(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    hand.click(body(hand, "dense_1"))
    assert hand.canvas.session.selection == {"dense_1"}
    assert hand.canvas.canvas_scene.nodes["dense_1"].state.selected
    hand.click(QPointF(300, 250))
    assert hand.canvas.session.selection == frozenset()
    assert hand.canvas.session.undo.count() == 0


@pytest.mark.parametrize("keys", [SHIFT, CTRL])
def test_that_shift_and_ctrl_add_to_the_selection_and_take_away(hand_on: HandOn, keys: Qt.KeyboardModifier) -> None:
    hand = hand_on(chain(4, 1))
    hand.click(body(hand, "dense_1"))
    hand.click(body(hand, "dense_2"), keys)
    assert hand.canvas.session.selection == {"dense_1", "dense_2"}
    hand.click(body(hand, "dense_1"), keys)
    assert hand.canvas.session.selection == {"dense_2"}


def test_that_a_click_on_a_wire_selects_the_wire(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    wire = Wire(source="input", target="dense_1")
    hand.click(hand.canvas.canvas_scene.wires[wire].point_at(0.5))
    assert hand.canvas.session.selected_wires == {wire}
    assert hand.canvas.canvas_scene.wires[wire].selected


def test_that_a_drag_moves_a_box_on_the_grid_as_one_step(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    start = body(hand, "dense_1")
    hand.drag(start, start + QPointF(37, 101))
    assert place(hand, "dense_1") == (264, 104)
    assert hand.canvas.session.undo.count() == 1
    hand.canvas.session.undo.undo()
    assert hand.canvas.session.document == chain(4, 1)
    assert hand.canvas.canvas_scene.nodes["dense_1"].pos() == QPointF(224, 0)


def test_that_alt_moves_freely(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    start = body(hand, "dense_1")
    hand.drag(start, start + QPointF(37, 101), keys=ALT)
    assert place(hand, "dense_1") == pytest.approx((261, 101), abs=1.5)


def test_that_selected_boxes_move_together_and_keep_their_places(hand_on: HandOn) -> None:
    document = chain(4, 1).move({"dense_2": (451.0, 13.0)})
    hand = hand_on(document)
    hand.canvas.session.select(["dense_1", "dense_2"])
    start = body(hand, "dense_1")
    hand.drag(start, start + QPointF(0, 80))
    assert place(hand, "dense_1") == (224, 80)
    assert place(hand, "dense_2") == (451, 93)


def test_that_a_wire_follows_its_box_while_it_is_dragged(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    start = body(hand, "dense_1")
    hand.press(start)
    hand.move(start + QPointF(0, 80))
    wire = hand.canvas.canvas_scene.wires[Wire(source="input", target="dense_1")]
    end = hand.canvas.canvas_scene.point_of(Port("dense_1", "input"))
    assert wire.point_at(1) == end
    assert end.y() > 80
    assert hand.canvas.session.document == chain(4)
    hand.release(start + QPointF(0, 80))


def test_that_escape_puts_a_dragged_box_back(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    start = body(hand, "dense_1")
    hand.press(start)
    hand.move(start + QPointF(0, 80))
    QTest.keyClick(hand.canvas, Qt.Key.Key_Escape)
    assert hand.canvas.canvas_scene.nodes["dense_1"].pos() == QPointF(224, 0)
    hand.release(start + QPointF(0, 80))
    assert hand.canvas.session.undo.count() == 0


def test_that_a_slip_of_the_hand_moves_nothing(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    start = body(hand, "dense_1")
    hand.drag(start, start + QPointF(2, 1))
    assert hand.canvas.session.undo.count() == 0


def test_that_the_rubber_band_selects_what_it_touches(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    hand.drag(QPointF(200, -40), QPointF(500, 40))
    assert hand.canvas.session.selection == {"dense_1", "dense_2"}
    hand.drag(QPointF(-20, 120), QPointF(20, 20), keys=SHIFT)
    assert hand.canvas.session.selection == {"input", "dense_1", "dense_2"}


def test_that_escape_brings_back_the_selection_before_the_band(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    hand.canvas.session.select(["input"])
    hand.press(QPointF(200, -40))
    hand.move(QPointF(500, 40))
    assert hand.canvas.session.selection == {"dense_1", "dense_2"}
    QTest.keyClick(hand.canvas, Qt.Key.Key_Escape)
    assert hand.canvas.session.selection == {"input"}


def test_that_a_wire_is_drawn_from_output_to_input(hand_on: HandOn) -> None:
    hand = hand_on(loose("input", "dense"))
    hand.drag(Port("input_1", "output"), Port("dense_1", "input"))
    assert hand.canvas.session.document.wires == (Wire(source="input_1", target="dense_1"),)
    assert hand.canvas.session.undo.undoText() == "Connect input_1 to dense_1"
    wire = hand.canvas.canvas_scene.wires[Wire(source="input_1", target="dense_1")]
    assert wire.label == "2"


def test_that_a_wire_is_drawn_backwards_too(hand_on: HandOn) -> None:
    hand = hand_on(loose("input", "dense"))
    hand.drag(Port("dense_1", "input"), Port("input_1", "output"))
    assert hand.canvas.session.document.wires == (Wire(source="input_1", target="dense_1"),)


def test_that_a_wire_dropped_on_a_box_takes_its_first_fitting_port(hand_on: HandOn) -> None:
    hand = hand_on(loose("input", "dense"))
    hand.drag(Port("input_1", "output"), body(hand, "dense_1"))
    assert hand.canvas.session.document.wires == (Wire(source="input_1", target="dense_1"),)


def test_that_ports_that_fit_light_up_and_go_dark_again(hand_on: HandOn) -> None:
    document = chain(4, 1).add(layer("dense"), 224, 160, id="free")
    hand = hand_on(document)
    items = hand.canvas.canvas_scene.nodes
    hand.press(Port("dense_1", "output"))
    hand.move(QPointF(300, 300))
    assert items["free"].state.inputs == ("fits",)
    assert items["dense_2"].state.inputs == ("refused",)
    assert items["dense_1"].state.outputs == ("chosen",)
    hand.move(Port("free", "input"))
    assert items["free"].state.inputs == ("chosen",)
    hand.release(Port("free", "input"))
    assert not any(item.state.inputs or item.state.outputs for item in items.values())
    assert not [item for item in hand.canvas.canvas_scene.items() if isinstance(item, GhostWire)]
    assert Wire(source="dense_1", target="free") in hand.canvas.session.document.wires


def test_that_the_shapes_that_a_wire_would_bring_about_are_ghosted_all_the_way_down(hand_on: HandOn) -> None:
    document = chain(4, 3).disconnect(Wire(source="input", target="dense_1"))
    document = document.add(layer("add"), 672, 0, id="sum").connect("dense_2", "sum", 0)
    hand = hand_on(document)
    scene = hand.canvas.canvas_scene
    last = scene.wires[Wire(source="dense_2", target="sum")]
    hand.press(Port("input", "output"))
    assert not any(item.ghost for item in scene.nodes.values())
    hand.move(Port("dense_1", "input"))
    ghosts = {id: item.ghost.shape for id, item in scene.nodes.items() if item.ghost}
    assert (ghosts["dense_1"], ghosts["dense_2"]) == ("4", "3")
    assert last.label_item.words == "3"
    ghost = next(item for item in scene.items() if isinstance(item, GhostWire))
    assert ghost.label_item.words == "2"
    hand.move(QPointF(300, 300))
    assert not any(item.ghost for item in scene.nodes.values())
    assert last.label_item.words == ""
    hand.move(Port("dense_1", "input"))
    QTest.keyClick(hand.canvas, Qt.Key.Key_Escape)
    assert not any(item.ghost for item in scene.nodes.values())
    assert hand.canvas.session.document == document


def test_that_a_would_be_design_is_checked_once_per_target(hand_on: HandOn, monkeypatch: pytest.MonkeyPatch) -> None:
    hand = hand_on(chain(4, 3).disconnect(Wire(source="input", target="dense_1")))
    asked: list[Document] = []
    monkeypatch.setattr(
        "app.canvas.interactions.wire.check", lambda document, prepared: asked.append(document) or check(document)
    )
    hand.press(Port("input", "output"))
    for place in (Port("dense_1", "input"), QPointF(300, 300), Port("dense_1", "input")):
        hand.move(place)
    assert len(asked) == 1
    hand.release(Port("dense_1", "input"))
    assert hand.canvas.canvas_scene.nodes["dense_2"].look.shape == "3"
    assert hand.canvas.canvas_scene.nodes["dense_2"].ghost is None


def test_that_a_second_wire_into_one_input_is_refused_with_the_reason(hand_on: HandOn) -> None:
    document = chain(4, 1).add(layer("dense"), 224, 160, id="free")
    hand = hand_on(document)
    hand.press(Port("free", "output"))
    hand.move(Port("dense_2", "input"))
    assert hand.canvas.hint.isVisible()
    assert "dense_1 feeds it already" in hand.canvas.hint.words
    hand.release(Port("dense_2", "input"))
    assert hand.canvas.session.document == document
    assert hand.canvas.hint.isVisible()
    hand.click(QPointF(300, 300))
    assert not hand.canvas.hint.isVisible()


def test_that_a_circle_is_refused_with_the_reason(hand_on: HandOn) -> None:
    document = chain(4, 1).disconnect(Wire(source="input", target="dense_1"))
    hand = hand_on(document)
    hand.drag(Port("dense_2", "output"), Port("dense_1", "input"))
    assert hand.canvas.session.document == document
    assert "circle" in hand.canvas.hint.words


def test_that_escape_cancels_a_wire(hand_on: HandOn) -> None:
    hand = hand_on(loose("input", "dense"))
    hand.press(Port("input_1", "output"))
    hand.move(Port("dense_1", "input"))
    QTest.keyClick(hand.canvas, Qt.Key.Key_Escape)
    hand.release(Port("dense_1", "input"))
    assert hand.canvas.session.document == loose("input", "dense")
    assert not [item for item in hand.canvas.canvas_scene.items() if isinstance(item, GhostWire)]


def test_that_a_wire_picked_up_and_let_go_is_taken_away(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    hand.drag(Port("dense_1", "input"), QPointF(150, 250))
    assert hand.canvas.session.document.wires == ()
    hand.canvas.session.undo.undo()
    assert hand.canvas.session.document == chain(4)


def test_that_a_wire_picked_up_can_be_led_elsewhere(hand_on: HandOn) -> None:
    document = chain(4).add(layer("dense"), 224, 160, id="free")
    hand = hand_on(document)
    hand.drag(Port("dense_1", "input"), Port("free", "input"))
    assert hand.canvas.session.document.wires == (Wire(source="input", target="free"),)
    assert hand.canvas.session.undo.count() == 1


def test_that_a_wire_picked_up_and_put_back_changes_nothing(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    hand.press(Port("dense_1", "input"))
    hand.move(QPointF(200, 200))
    hand.move(Port("dense_1", "input"))
    hand.release(Port("dense_1", "input"))
    assert hand.canvas.session.document == chain(4)
    assert hand.canvas.session.undo.count() == 0
    assert hand.canvas.canvas_scene.wires[Wire(source="input", target="dense_1")].isVisible()


def test_that_the_wheel_zooms_around_the_mouse(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    at = QPoint(200, 150)
    before = hand.canvas.mapToScene(at)
    event = QWheelEvent(
        QPointF(at), hand.viewport.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    zoom = hand.canvas.zoom
    QApplication.sendEvent(hand.viewport, event)
    assert hand.canvas.zoom == pytest.approx(zoom * 2**0.5)
    after = hand.canvas.mapToScene(at)
    assert abs(after.x() - before.x()) <= 2
    assert abs(after.y() - before.y()) <= 2


def test_that_zoom_has_ends(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    for _ in range(50):
        hand.canvas.scale_by(2)
    assert hand.canvas.zoom == pytest.approx(4)
    for _ in range(50):
        hand.canvas.scale_by(0.5)
    assert hand.canvas.zoom == pytest.approx(0.08)


def test_that_the_middle_button_pans(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    center = hand.canvas.center
    start = hand.viewport.rect().center()
    hand.drag(hand.canvas.mapToScene(start), hand.canvas.mapToScene(start + QPoint(60, 40)), MIDDLE)
    assert hand.canvas.center.x() == pytest.approx(center.x() - 60, abs=1.5)
    assert hand.canvas.center.y() == pytest.approx(center.y() - 40, abs=1.5)
    assert hand.canvas.session.undo.count() == 0


def test_that_space_held_pans_and_space_tapped_is_said(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    taps: list[int] = []
    hand.canvas.space_tapped.connect(lambda: taps.append(1))
    center = hand.canvas.center
    QTest.keyPress(hand.canvas, Qt.Key.Key_Space)
    start = hand.viewport.rect().center()
    hand.drag(hand.canvas.mapToScene(start), hand.canvas.mapToScene(start + QPoint(60, 0)), LEFT)
    QTest.keyRelease(hand.canvas, Qt.Key.Key_Space)
    assert hand.canvas.center.x() == pytest.approx(center.x() - 60, abs=1.5)
    assert taps == []
    QTest.keyClick(hand.canvas, Qt.Key.Key_Space)
    assert taps == [1]


def test_that_fit_shows_everything_and_never_larger_than_it_is(hand_on: HandOn) -> None:
    hand = hand_on(chain(*[4] * 20))
    hand.canvas.fit()
    seen = hand.canvas.mapToScene(hand.viewport.rect()).boundingRect()
    assert seen.contains(hand.canvas.canvas_scene.content_rect())
    hand.canvas.session.open(chain(1))
    assert hand.canvas.zoom == pytest.approx(1)


def test_that_the_words_at_the_ends_are_whole_also_from_afar(hand_on: HandOn) -> None:
    hand = hand_on(chain(*[4] * 7).but(data=Source.parse("checkerboard")))
    canvas = hand.canvas
    assert canvas.zoom < FAR_LABEL
    seen = canvas.mapToScene(hand.viewport.rect()).boundingRect()
    end = canvas.canvas_scene.ends["input", "data"]
    assert seen.contains(end.mapRectToScene(end.seen_far))
    font = fonts(QApplication.font().toString()).far_wire
    assert end.seen_far.width() >= QFontMetricsF(font).horizontalAdvance(end.words)


def test_that_a_design_stays_whole_when_the_window_changes_until_the_user_looks_elsewhere(hand_on: HandOn) -> None:
    canvas = hand_on(chain(*[4] * 5)).canvas
    opened = canvas.size()
    canvas.resize(opened.width() // 2, opened.height())
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.canvas_scene.content_rect())
    canvas.scale_by(0.9)
    taken = canvas.zoom
    canvas.resize(opened)
    assert canvas.zoom == taken


def test_that_undo_in_the_middle_of_a_drag_ends_the_drag(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    session = hand.canvas.session
    session.edit("Set", session.document.set_fields("dense_1", units=9))
    start = body(hand, "dense_1")
    hand.press(start)
    hand.move(start + QPointF(0, 80))
    session.undo.undo()
    hand.release(start + QPointF(0, 80))
    assert session.document == chain(4, 1)
    assert hand.canvas.canvas_scene.nodes["dense_1"].pos() == QPointF(224, 0)


def test_that_a_refused_wire_offers_what_mends_it_and_a_click_does_it(hand_on: HandOn) -> None:
    document = chain(4).add(layer("dense"), 224, 160, id="free").add(layer("input", shape=(2,)), 0, 160, id="other")
    hand = hand_on(document)
    hand.drag(Port("other", "output"), Port("dense_1", "input"))
    assert hand.canvas.session.document == document
    button = hand.canvas.hint.button
    assert button.isVisible()
    assert button.text() == "Join them with Concat"
    QTest.mouseClick(button, LEFT)
    after = hand.canvas.session.document
    assert {wire.source for wire in after.inputs("concat_1")} == {"input", "other"}
    assert after.inputs("dense_1")[0].source == "concat_1"
    assert hand.canvas.session.undo.count() == 1


def test_that_a_wire_let_go_in_the_open_offers_the_layers_that_fit(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    hand.drag(Port("dense_1", "output"), QPointF(480, 200))
    assert hand.canvas.quick_add.isVisible()
    QTest.keyClicks(hand.canvas.quick_add.search, "dense")
    QTest.keyClick(hand.canvas.quick_add.search, Qt.Key.Key_Return)
    assert Wire(source="dense_1", target="dense_2") in hand.canvas.session.document.wires
    node = hand.canvas.session.document.node("dense_2")
    port = hand.canvas.canvas_scene.point_of(Port("dense_2", "input"))
    assert abs(port.x() - 480) <= 8
    assert abs(port.y() - 200) <= 8
    assert node.x % 8 == 0
