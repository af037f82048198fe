"""A number of an unfolded box typed, where it stands."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.app.canvas.grips import KEY, Train, bias, press, weight
from tests.app.canvas.hand import NONE
from tests.app.conftest import quick


def test_that_a_double_click_offers_a_number_for_typing(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    grip = bias(1)
    QTest.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, NONE, hand.at(hand.place(grip)))
    editor = hand.canvas.unfolding.editor
    assert editor.grip == grip
    QTest.keyClicks(editor.field, "-3/4")
    press(hand, KEY.Key_Return)
    assert hand.weight(grip) == -0.75
    assert not editor.isVisible()
    assert hand.canvas.hasFocus()
    hand.session.undo.undo()
    assert hand.weight(grip) == 0.0


def test_that_weights_are_set_by_keyboard_alone(train: Train) -> None:
    hand = train()
    hand.session.select(["dense_1"])
    QTest.keyClick(hand.canvas, KEY.Key_W)
    editor = hand.canvas.unfolding.editor
    hand.until(editor.isVisible)
    assert editor.grip == weight(0)
    QTest.keyClicks(editor.field, "1.5")
    press(hand, KEY.Key_Tab)
    assert editor.grip == weight(8), "on to the second input of the first unit"
    QTest.keyClicks(editor.field, "2**-2")
    press(hand, KEY.Key_Tab)
    assert editor.grip == bias(0)
    press(hand, KEY.Key_Backtab)
    assert editor.grip == weight(8)
    assert editor.field.text() == "0.25"
    press(hand, KEY.Key_Escape)
    assert (hand.weight(weight(0)), hand.weight(weight(8))) == (1.5, 0.25)
    assert hand.session.undo.count() == 2
    assert hand.canvas.hasFocus()


def test_that_arrows_turn_what_is_typed_in_one_step(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    editor = hand.canvas.unfolding.editor
    editor.ask(bias(0))
    press(hand, KEY.Key_Up, KEY.Key_Up, KEY.Key_Down)
    press(hand, KEY.Key_Up, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert hand.weight(bias(0)) == pytest.approx(0.11)
    press(hand, KEY.Key_Return)
    assert hand.session.undo.count() == 1


@pytest.mark.parametrize(
    ("typed", "why"), [("many", "arithmetic"), ("", "number"), ("1/0", "zero"), ("1e999", "large")]
)
def test_that_what_is_no_number_is_said_in_place_and_sets_nothing(train: Train, typed: str, why: str) -> None:
    hand = train()
    hand.unfold("dense_1")
    editor = hand.canvas.unfolding.editor
    editor.ask(bias(0))
    editor.field.selectAll()
    press(hand, KEY.Key_Delete)
    QTest.keyClicks(editor.field, typed)
    press(hand, KEY.Key_Return)
    assert editor.isVisible()
    assert why in editor.fault
    assert hand.session.undo.count() == 0
    press(hand, KEY.Key_Escape)
    assert not editor.isVisible()


def test_that_looking_at_a_number_does_not_round_it(train: Train) -> None:
    hand = train()
    hand.learn()
    hand.unfold("dense_1")
    before = hand.weight(weight(0))
    editor = hand.canvas.unfolding.editor
    editor.ask(weight(0))
    press(hand, KEY.Key_Tab, KEY.Key_Return)
    assert hand.weight(weight(0)) == before
    assert hand.session.undo.count() == 0


def test_that_leaving_the_field_or_the_design_closes_it(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    editor = hand.canvas.unfolding.editor
    editor.ask(bias(0))
    hand.canvas.setFocus()
    assert not editor.isVisible()
    editor.ask(bias(0))
    hand.session.open(quick())
    assert not editor.isVisible()
    assert not hand.canvas.unfolding.nodes
