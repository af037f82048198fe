"""Layers dragged in from the palette, with the events of a real drop."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication

from app import catalogue
from app.canvas.geometry import WIDTH
from app.canvas.node_item import NodeItem
from app.canvas.scene import Port
from engine.design.document import Document, Wire
from tests.app.canvas.hand import HandOn
from tests.app.designs import chain, loose


def test_that_a_drag_carries_the_kind_and_nothing_else() -> None:
    data = catalogue.carried("dense")
    assert data.formats() == ["application/x-netloom-layer"]
    assert bytes(data.data(catalogue.MIME).data()) == b"dense"
    assert catalogue.kind_of(data) == "dense"


def test_that_a_dropped_layer_lies_where_it_was_dropped_and_is_selected(hand_on: HandOn) -> None:
    hand = hand_on(Document())
    event = hand.drop("dense", QPointF(100, 60))
    assert event.isAccepted()
    (node,) = hand.canvas.session.document.nodes
    assert (node.layer.kind, node.x % 8, node.y % 8) == ("dense", 0, 0)
    assert hand.canvas.canvas_scene.nodes["dense_1"].scene_box().contains(QPointF(100, 60))
    assert hand.canvas.session.selection == {"dense_1"}
    assert hand.canvas.session.undo.undoText() == "Add Dense"
    hand.canvas.session.undo.undo()
    assert hand.canvas.session.document == Document()


def test_that_a_drop_on_a_wire_inserts_the_layer(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    wire = Wire(source="dense_1", target="dense_2")
    middle = hand.canvas.canvas_scene.wires[wire].point_at(0.5)
    hand.drop("activation", middle)
    assert set(hand.canvas.session.document.wires) == {
        Wire(source="input", target="dense_1"),
        Wire(source="dense_1", target="activation_1"),
        Wire(source="activation_1", target="dense_2"),
    }
    xs = [hand.canvas.session.document.node(id).x for id in ("dense_1", "activation_1", "dense_2")]
    assert min(xs[1] - xs[0], xs[2] - xs[1]) >= WIDTH, "boxes make room for the one between them"
    assert hand.canvas.session.undo.count() == 1


def test_that_a_drop_on_a_long_wire_moves_nothing_else(hand_on: HandOn) -> None:
    hand = hand_on(chain(4).move({"dense_1": (600.0, 0.0)}))
    wire = Wire(source="input", target="dense_1")
    hand.drop("activation", hand.canvas.canvas_scene.wires[wire].point_at(0.5))
    assert hand.canvas.session.document.node("dense_1").x == 600
    assert hand.canvas.session.document.node("activation_1").x == 304


def test_that_the_wire_under_a_drag_lights_up_and_goes_dark_again(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    item = hand.canvas.canvas_scene.wires[Wire(source="input", target="dense_1")]
    hand.enter("activation", item.point_at(0.5))
    assert item.lit
    hand.hover(QPointF(100, 300))
    assert not item.lit
    hand.hover(item.point_at(0.5))
    hand.leave()
    assert not item.lit
    assert hand.canvas.session.document == chain(4)


def test_that_a_drop_near_a_free_output_is_wired_to_it(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    out = hand.canvas.canvas_scene.point_of(Port("dense_1", "output"))
    hand.drop("dense", out + QPointF(40 + WIDTH / 2, 0))
    assert Wire(source="dense_1", target="dense_2") in hand.canvas.session.document.wires


def test_that_a_drop_near_a_free_input_is_wired_to_it(hand_on: HandOn) -> None:
    hand = hand_on(loose("dense"))
    into = hand.canvas.canvas_scene.point_of(Port("dense_1", "input"))
    hand.drop("input", into - QPointF(40 + WIDTH / 2, 0))
    assert hand.canvas.session.document.wires == (Wire(source="input_1", target="dense_1"),)


def test_that_a_drop_between_two_loose_ends_joins_both(hand_on: HandOn) -> None:
    document = loose("input", "dense").move({"dense_1": (304.0, 0.0)})
    hand = hand_on(document)
    hand.drop("dense", QPointF(224, 36))
    assert set(hand.canvas.session.document.wires) == {
        Wire(source="input_1", target="dense_2"),
        Wire(source="dense_2", target="dense_1"),
    }


def test_that_a_drop_never_closes_a_circle_or_takes_a_taken_port(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 1))
    into = hand.canvas.canvas_scene.point_of(Port("dense_1", "input"))
    hand.drop("dense", into + QPointF(-20, 60))
    ends = [(wire.target, wire.port) for wire in hand.canvas.session.document.wires]
    assert len(ends) == len(set(ends))
    assert Wire(source="input", target="dense_1") in hand.canvas.session.document.wires


def test_that_a_drag_that_leaves_takes_its_ghost_along(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    before = len(hand.canvas.canvas_scene.items())
    hand.enter("dense", QPointF(100, 200))
    ghosts = [i for i in hand.canvas.canvas_scene.items() if isinstance(i, NodeItem) and not i.id]
    assert [ghost.look.name for ghost in ghosts] == ["Dense"]
    hand.leave()
    assert len(hand.canvas.canvas_scene.items()) == before


@pytest.mark.parametrize("payload", [b"no_such_layer", b"", b"\xff\xfe"])
def test_that_a_drag_of_an_unknown_layer_is_not_taken(hand_on: HandOn, payload: bytes) -> None:
    hand = hand_on(Document())
    data = QMimeData()
    data.setData(catalogue.MIME, payload)
    event = QDragEnterEvent(
        hand.at(QPointF(0, 0)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(hand.viewport, event)
    assert not event.isAccepted()
    assert hand.canvas.canvas_scene.items() == []


def test_that_a_drag_of_a_file_is_left_to_the_window(hand_on: HandOn) -> None:
    hand = hand_on(Document())
    data = QMimeData()
    data.setText("file:///a.csv")
    event = QDragEnterEvent(
        hand.at(QPointF(0, 0)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(hand.viewport, event)
    assert not event.isAccepted()
