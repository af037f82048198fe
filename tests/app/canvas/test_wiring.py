"""Wires drawn, dropped, picked up and refused, by mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from app.canvas.scene import Port
from app.canvas.wire_item import GhostWire
from engine.design.checks import check
from engine.design.document import Document, Wire
from tests.app.canvas.hand import LEFT, HandOn
from tests.app.canvas.places import body
from tests.app.designs import chain, layer, loose


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
