"""What the mouse does on the canvas: choose, move, wire, pan, zoom."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.paint import FAR_LABEL, fonts
from app.canvas.scene import Port
from engine.data.dataset import Source
from engine.design.document import Wire
from tests.app.canvas.hand import LEFT, MIDDLE, NONE, HandOn
from tests.app.canvas.places import body, place
from tests.app.designs import chain

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


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
