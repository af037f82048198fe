"""Notes on the canvas: written, moved, sized, copied and taken away, by mouse and by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.canvas import remarks
from app.session import matters
from engine.design.annotations import Remark
from engine.design.document import Document
from tests.app.canvas.hand import Hand, HandOn
from tests.app.designs import chain

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
NOTE = Remark(id="note_1", text="Two arms", x=0, y=160, width=200, height=80)


def noted() -> Document:
    return chain(4, 1).but(remarks=(NOTE,))


def note(hand: Hand) -> Remark:
    return hand.canvas.session.document.remarks[0]


def test_that_n_puts_a_note_down_and_what_is_typed_stands_in_it(hand_on: HandOn) -> None:
    hand = hand_on(chain(4))
    QTest.keyClick(hand.canvas, Key.Key_N)
    assert hand.canvas.writing.isVisible()
    QTest.keyClicks(hand.canvas.writing, "Find the hidden layers")
    QTest.keyClick(hand.canvas.writing, Key.Key_Return, CTRL)
    assert not hand.canvas.writing.isVisible()
    assert note(hand).text == "Find the hidden layers"
    assert hand.canvas.session.selected_remarks == {"note_1"}
    assert hand.canvas.canvas_scene.remarks["note_1"].remark == note(hand)
    hand.canvas.session.undo.undo()
    hand.canvas.session.undo.undo()
    assert hand.canvas.session.document == chain(4)
    assert not hand.canvas.canvas_scene.remarks


def test_that_a_double_click_writes_on_and_escape_lets_the_text_be(hand_on: HandOn) -> None:
    hand = hand_on(noted())
    QTest.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, pos=hand.at(QPointF(90, 200)))
    assert hand.canvas.writing.toPlainText() == "Two arms"
    QTest.keyClicks(hand.canvas.writing, "Other")
    QTest.keyClick(hand.canvas.writing, Key.Key_Escape)
    assert hand.canvas.session.document == noted()
    assert hand.canvas.hasFocus()


def test_that_a_click_elsewhere_takes_what_is_written(hand_on: HandOn) -> None:
    hand = hand_on(noted())
    hand.canvas.write_note("note_1")
    QTest.keyClicks(hand.canvas.writing, "Line")
    QTest.keyClick(hand.canvas.writing, Key.Key_Return)
    QTest.keyClicks(hand.canvas.writing, "Line")
    hand.canvas.setFocus()
    assert note(hand).text == "Line\nLine"
    assert hand.canvas.session.undo.count() == 1


def test_that_a_note_is_dragged_with_the_selected_boxes_as_one_step(hand_on: HandOn) -> None:
    hand = hand_on(noted())
    hand.click(QPointF(90, 200))
    assert hand.canvas.session.selected_remarks == {"note_1"}
    hand.click(QPointF(60, 20), CTRL)
    assert hand.canvas.session.selection == {"input"}
    hand.drag(QPointF(90, 200), QPointF(131, 225))
    assert (note(hand).x, note(hand).y) == (40, 184)
    assert hand.canvas.session.document.node("input").x == 40
    assert hand.canvas.session.undo.count() == 1
    hand.canvas.session.undo.undo()
    assert hand.canvas.session.document == noted()
    assert hand.canvas.canvas_scene.remarks["note_1"].pos() == QPointF(0, 160)


def test_that_escape_puts_a_dragged_note_back(hand_on: HandOn) -> None:
    hand = hand_on(noted())
    hand.press(QPointF(90, 200))
    hand.move(QPointF(190, 260))
    assert hand.canvas.canvas_scene.remarks["note_1"].pos() != QPointF(0, 160)
    QTest.keyClick(hand.canvas, Key.Key_Escape)
    hand.release(QPointF(190, 260))
    assert hand.canvas.canvas_scene.remarks["note_1"].pos() == QPointF(0, 160)
    assert hand.canvas.session.undo.count() == 0


def test_that_the_corner_sets_the_size(hand_on: HandOn) -> None:
    hand = hand_on(noted())
    hand.drag(QPointF(196, 236), QPointF(260, 300))
    assert (note(hand).width, note(hand).height) == (264, 144)
    hand.drag(QPointF(260, 300), QPointF(-300, -300))
    assert (note(hand).width, note(hand).height) == (48, 48)


def test_that_the_rubber_band_takes_notes_too_and_arrows_move_them(hand_on: HandOn) -> None:
    hand = hand_on(noted())
    hand.drag(QPointF(-20, 300), QPointF(40, 200))
    assert (hand.canvas.session.selection, hand.canvas.session.selected_remarks) == (frozenset(), {"note_1"})
    QTest.keyClick(hand.canvas, Key.Key_Right)
    QTest.keyClick(hand.canvas, Key.Key_Down)
    assert (note(hand).x, note(hand).y) == (8, 168)
    assert hand.canvas.session.undo.count() == 1


def test_that_notes_are_copied_pasted_cut_and_deleted(hand_on: HandOn) -> None:
    QGuiApplication.clipboard().clear()
    hand = hand_on(noted())
    session = hand.canvas.session
    session.select(["input"], (), ["note_1"])
    QTest.keyClick(hand.canvas, Key.Key_C, CTRL)
    QTest.keyClick(hand.canvas, Key.Key_V, CTRL)
    assert [remark.id for remark in session.document.remarks] == ["note_1", "note_2"]
    assert (session.selection, session.selected_remarks) == ({"input_1"}, {"note_2"})
    assert session.document.remarks[1].text == "Two arms"
    QTest.keyClick(hand.canvas, Key.Key_X, CTRL)
    assert session.document == noted()
    session.select((), (), ["note_1"])
    QTest.keyClick(hand.canvas, Key.Key_Delete)
    assert session.document == chain(4, 1)


def test_that_f2_writes_the_note_and_the_name_of_a_box(hand_on: HandOn) -> None:
    hand = hand_on(noted())
    session = hand.canvas.session
    session.select((), (), ["note_1"])
    QTest.keyClick(hand.canvas, Key.Key_F2)
    QTest.keyClicks(hand.canvas.writing, "New")
    QTest.keyClick(hand.canvas.writing, Key.Key_Return, CTRL)
    assert note(hand).text == "New"
    session.select(["dense_1"])
    QTest.keyClick(hand.canvas, Key.Key_F2)
    QTest.keyClicks(hand.canvas.writing, "first")
    QTest.keyClick(hand.canvas.writing, Key.Key_Return)
    assert session.document.node("dense_1").name == "first"
    assert session.undo.undoText() == "Rename dense_1"


def test_that_a_note_matters_to_nothing_that_is_trained() -> None:
    assert not matters(chain(4, 1), noted())
    assert not matters(noted(), remarks.changed(noted(), "note_1", text="other"))


@pytest.mark.parametrize("text", ["", "x" * 30_000])
def test_that_empty_and_endless_notes_are_taken(hand_on: HandOn, text: str) -> None:
    hand = hand_on(noted())
    hand.canvas.commands.set_note("note_1", text)
    assert note(hand).text == text[:20_000]
    hand.canvas.grab()
