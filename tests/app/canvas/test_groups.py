"""Boxes taken together as one, and opened again."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.canvas import grouping
from app.canvas.arrange import arranged
from app.canvas.geometry import COLUMN, STRIP, Port
from app.theme import GRID
from engine.design.annotations import Remark
from engine.design.checks import check
from engine.design.document import Document, Wire
from tests.app.canvas.hand import HandOn
from tests.app.designs import chain, layer

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def grouped(*ids: str, of: Document | None = None) -> Document:
    return grouping.grouped(of or chain(4, 3, 1), ids or ("dense_1", "dense_2"))[0]


def branched() -> Document:
    """input → dense_1 → dense_2, dense_1 → side, both → sum."""
    document = chain(4, 4).add(layer("dense", units=4), 448, 120, id="side").connect("dense_1", "side")
    return document.add(layer("add"), 672, 0, id="sum").connect("dense_2", "sum", 0).connect("side", "sum", 1)


def test_that_ctrl_g_makes_one_box_with_the_outer_ports_and_the_sum_of_parameters(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 3, 1))
    scene, session = hand.canvas.canvas_scene, hand.canvas.session
    session.select(["dense_1", "dense_2"])
    QTest.keyClick(hand.canvas, Key.Key_G, CTRL)
    box = scene.groups.boxes["group_1"]
    assert not scene.nodes["dense_1"].isVisible()
    assert not scene.wires[Wire(source="dense_1", target="dense_2")].isVisible()
    assert (box.inputs, box.outputs) == ((Port("dense_1", "input"),), (Port("dense_2", "output"),))
    assert box.look.parameters == sum(session.report.costs[id].parameters for id in ("dense_1", "dense_2"))
    assert (box.look.shape, box.look.fields) == ("3", "2 boxes: 2 Dense")
    into = scene.wires[Wire(source="input", target="dense_1")]
    assert into.isVisible()
    assert into.point_at(1) == box.pos() + box.geometry.inputs[0]
    assert box.state.selected
    QTest.keyClick(hand.canvas, Key.Key_G, CTRL | SHIFT)
    assert session.document == chain(4, 3, 1)
    assert scene.nodes["dense_1"].isVisible()
    assert not scene.groups.boxes


def test_that_a_group_that_opens_lies_on_nothing(hand_on: HandOn) -> None:
    hand = hand_on(grouped(of=branched()))
    session = hand.canvas.session
    session.edit("Arrange", arranged(session.document))
    session.select(["dense_1"])
    QTest.keyClick(hand.canvas, Key.Key_E, CTRL)
    boxes = [item.scene_box() for item in hand.canvas.canvas_scene.boxes()]
    assert len(boxes) == len(session.document.nodes)
    assert not any(a.intersects(b) for a, b in combinations(boxes, 2))
    session.undo.undo()
    untouched = grouped()
    session.open(untouched)
    session.select(["dense_1"])
    QTest.keyClick(hand.canvas, Key.Key_E, CTRL)
    assert session.document.nodes == untouched.nodes, "where there is room nothing moves"


def test_that_notes_beside_a_group_go_below_it_when_it_opens(hand_on: HandOn) -> None:
    folded = grouped()
    box = folded.node("dense_1")
    beside, under, away = (
        Remark(id=id, x=x, y=box.y - 40, width=120, height=60)
        for id, x in (("beside", box.x + 160), ("under", box.x - 80), ("away", box.x - 2000))
    )
    hand = hand_on(folded.but(remarks=(beside, under, away)))
    hand.canvas.session.select(["dense_1"])
    QTest.keyClick(hand.canvas, Key.Key_E, CTRL)
    scene = hand.canvas.canvas_scene
    note, frame = scene.remarks["beside"].sceneBoundingRect(), scene.groups.frames["group_1"].sceneBoundingRect()
    assert note.top() >= frame.bottom()
    assert note.left() == beside.x
    assert not any(note.intersects(box.scene_box()) for box in scene.boxes())
    assert scene.remarks["under"].remark == under
    assert scene.remarks["away"].remark == away
    hand.canvas.session.undo.undo()
    assert scene.remarks["beside"].remark == beside


def test_that_undo_opens_and_redo_folds_again(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 3, 1))
    session, scene = hand.canvas.session, hand.canvas.canvas_scene
    session.select(["dense_1", "dense_2"])
    QTest.keyClick(hand.canvas, Key.Key_G, CTRL)
    session.undo.undo()
    assert scene.nodes["dense_1"].isVisible()
    assert session.document == chain(4, 3, 1)
    session.undo.redo()
    assert not scene.nodes["dense_1"].isVisible()
    assert session.document == grouped()


def test_that_a_double_click_opens_the_box_and_one_on_the_frame_folds_it_again(hand_on: HandOn) -> None:
    hand = hand_on(grouped())
    scene = hand.canvas.canvas_scene
    at = scene.groups.boxes["group_1"].scene_box().center()
    QTest.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, pos=hand.at(at))
    frame = scene.groups.frames["group_1"]
    assert scene.nodes["dense_1"].isVisible()
    assert all(frame.rect().contains(scene.nodes[id].scene_box()) for id in ("dense_1", "dense_2"))
    QTest.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, pos=hand.at(frame.title_area.center()))
    assert set(scene.groups.boxes) == {"group_1"}
    assert not scene.nodes["dense_1"].isVisible()


@pytest.mark.parametrize("folded", [True, False])
def test_that_a_group_is_moved_with_all_its_boxes_as_one_step(hand_on: HandOn, folded: bool) -> None:
    document = grouping.with_group(grouped(), "group_1", folded=folded)
    hand = hand_on(document)
    groups = hand.canvas.canvas_scene.groups
    held = groups.boxes["group_1"].scene_box().center() if folded else groups.frames["group_1"].title_area.center()
    hand.drag(held, held + QPointF(40, 80))
    after = hand.canvas.session.document
    assert [(after.node(id).x, after.node(id).y) for id in ("dense_1", "dense_2")] == [(264, 80), (488, 80)]
    assert after.node("input").x == 0
    if folded:
        assert groups.boxes["group_1"].pos() == QPointF(264, 80)
    else:
        assert groups.frames["group_1"].rect().contains(hand.canvas.canvas_scene.nodes["dense_2"].scene_box())
    assert hand.canvas.session.undo.count() == 1
    hand.canvas.session.undo.undo()
    assert hand.canvas.session.document == document


def test_that_a_click_selects_all_of_a_group_and_delete_takes_it_away_and_heals(hand_on: HandOn) -> None:
    hand = hand_on(grouped())
    hand.click(hand.canvas.canvas_scene.groups.boxes["group_1"].scene_box().center())
    assert hand.canvas.session.selection == {"dense_1", "dense_2"}
    QTest.keyClick(hand.canvas, Key.Key_Delete)
    document = hand.canvas.session.document
    assert document.groups == ()
    assert document.wires == (Wire(source="input", target="dense_3"),)
    assert not hand.canvas.canvas_scene.groups.boxes


def test_that_a_copied_group_comes_out_as_a_group(hand_on: HandOn) -> None:
    QGuiApplication.clipboard().clear()
    hand = hand_on(grouped())
    session = hand.canvas.session
    session.select(["dense_1", "dense_2"])
    QTest.keyClick(hand.canvas, Key.Key_D, CTRL)
    assert [(group.id, group.members) for group in session.document.groups] == [
        ("group_1", ("dense_1", "dense_2")),
        ("group_2", ("dense_4", "dense_5")),
    ]
    assert set(hand.canvas.canvas_scene.groups.boxes) == {"group_1", "group_2"}


def test_that_half_a_group_is_copied_without_the_group(hand_on: HandOn) -> None:
    hand = hand_on(grouping.with_group(grouped(), "group_1", folded=False))
    hand.canvas.session.select(["dense_1"])
    QTest.keyClick(hand.canvas, Key.Key_D, CTRL)
    assert len(hand.canvas.session.document.groups) == 1


def test_that_a_problem_inside_shows_on_the_folded_box(hand_on: HandOn) -> None:
    whole = grouped().set_fields("dense_1", activation="tanh").set_fields("dense_2", activation="tanh")
    hand = hand_on(whole.disconnect(Wire(source="dense_1", target="dense_2")))
    box = hand.canvas.canvas_scene.groups.boxes["group_1"]
    assert box.look.severity == "error"
    assert "dense_2" in box.look.sentence or "dense_1" in box.look.sentence
    hand.canvas.session.edit("Connect", whole)
    assert box.look.severity == ""


def test_that_a_wire_is_drawn_to_a_folded_group_and_from_it(hand_on: HandOn) -> None:
    document = grouped()
    for wire in (Wire(source="input", target="dense_1"), Wire(source="dense_2", target="dense_3")):
        document = document.disconnect(wire)
    hand = hand_on(document)
    box = hand.canvas.canvas_scene.groups.boxes["group_1"]
    hand.press(Port("input", "output"))
    hand.move(QPointF(100, 300))
    assert box.state.inputs == ("fits",)
    hand.release(box.scene_box().center())
    hand.drag(Port("dense_2", "output"), Port("dense_3", "input"))
    assert set(hand.canvas.session.document.wires) == set(grouped().wires)
    assert box.state.inputs == ()


def test_that_a_group_in_the_middle_of_branches_has_a_port_for_every_wire_out() -> None:
    document = grouping.grouped(branched(), ["dense_1", "dense_2"])[0]
    folded = grouping.folded_groups(document)[0]
    assert folded.inputs == (Port("dense_1", "input"),)
    assert folded.outputs == (Port("dense_1", "output"), Port("dense_2", "output"))
    whole = grouping.folded_groups(grouping.grouped(branched(), branched().by_id)[0])[0]
    assert [port.node for port in whole.outputs] == ["sum"]
    assert whole.inputs == (Port("sum", "input", 2),), "one more may be added"


def test_that_folding_changes_no_shape_no_problem_and_no_order() -> None:
    bare, folded = chain(4, 3, 1), grouped()
    assert check(folded) == check(bare)
    assert folded.order() == bare.order()


def test_that_a_folded_group_is_arranged_as_one_box() -> None:
    document = arranged(grouped())
    (group,) = document.groups
    corner = grouping.corner(document, group)
    assert corner[0] - document.node("input").x == COLUMN
    assert document.node("dense_3").x - corner[0] == COLUMN
    assert document.node("dense_2").x - document.node("dense_1").x == 224


def test_that_the_walk_along_the_wires_goes_through_a_folded_group_in_one_step(hand_on: HandOn) -> None:
    hand = hand_on(grouped())
    walked = []
    for _ in range(3):
        QTest.keyClick(hand.canvas, Key.Key_Right, CTRL)
        walked.append(hand.canvas.session.selection)
    assert walked == [{"input"}, {"dense_1", "dense_2"}, {"dense_3"}]


def test_that_f2_names_a_group(hand_on: HandOn) -> None:
    hand = hand_on(grouped())
    hand.canvas.session.select(["dense_1", "dense_2"])
    QTest.keyClick(hand.canvas, Key.Key_F2)
    QTest.keyClicks(hand.canvas.writing, "Body")
    QTest.keyClick(hand.canvas.writing, Key.Key_Return)
    assert hand.canvas.session.document.groups[0].name == "Body"
    assert hand.canvas.canvas_scene.groups.boxes["group_1"].look.name == "Body"


def test_that_a_box_is_in_one_group_only() -> None:
    document, id = grouping.grouped(grouped(), ["dense_2", "dense_3"])
    assert {group.id: group.members for group in document.groups} == {
        "group_1": ("dense_1",),
        id: ("dense_2", "dense_3"),
    }
    assert grouping.ungrouped(document, ["dense_3"]).groups[0].id == "group_1"


def test_that_the_data_and_the_answer_are_seen_at_a_folded_group(hand_on: HandOn) -> None:
    hand = hand_on(grouped("input", "dense_1", "dense_2", "dense_3"))
    scene = hand.canvas.canvas_scene
    box = scene.groups.boxes["group_1"]
    assert {side: end.parentItem() is box for (_, side), end in scene.ends.items()} == {"data": True, "answer": True}
    hand.canvas.commands.fold("group_1", False)
    assert scene.ends["input", "data"].parentItem() is scene.nodes["input"]


def test_that_an_answer_that_moves_on_goes_with_the_group_it_stood_at(hand_on: HandOn) -> None:
    hand = hand_on(grouped("dense_2", "dense_3"))
    session, scene = hand.canvas.session, hand.canvas.canvas_scene
    box, gone = scene.groups.boxes["group_1"], scene.ends["dense_3", "answer"]
    longer = chain(4, 3, 1).add(layer("dense", units=2), 1000, 0, id="last").connect("dense_3", "last")
    session.edit("Ungroup and go on", longer)
    assert [node for node, side in scene.ends if side == "answer"] == ["last"]
    assert gone.parentItem() is box
    assert gone.scene() is None


def test_that_the_title_of_an_open_group_is_not_behind_what_stands_above(hand_on: HandOn) -> None:
    hand = hand_on(grouped("side", of=branched().move({"side": (224.0, 152.0)})))
    session, scene = hand.canvas.session, hand.canvas.canvas_scene
    session.select(["side"])
    QTest.keyClick(hand.canvas, Key.Key_E, CTRL)
    (frame,) = scene.groups.frames.values()
    boxes = [item.scene_box().adjusted(0, 0, 0, STRIP) for item in scene.boxes()]
    assert not any(box.intersects(frame.title_area.adjusted(0, 1 - GRID, 0, 0)) for box in boxes)
    before = session.document
    QTest.keyClick(hand.canvas, Key.Key_E, CTRL)
    QTest.keyClick(hand.canvas, Key.Key_E, CTRL)
    assert session.document.nodes == before.nodes, "where it can be read it stays"


def test_that_only_a_box_in_a_group_can_leave_it(hand_on: HandOn) -> None:
    hand = hand_on(chain(4, 3, 1))
    session, actions = hand.canvas.session, hand.canvas.commands.actions
    session.select(["dense_1", "dense_2"])
    assert not any(actions[name].isEnabled() for name in ("ungroup", "fold"))
    QTest.keyClick(hand.canvas, Key.Key_G, CTRL)
    assert all(actions[name].isEnabled() for name in ("ungroup", "fold"))
    session.undo.undo()
    assert not any(actions[name].isEnabled() for name in ("ungroup", "fold"))
