"""A dense layer is unfolded, and its weights are turned and typed, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.geometry import STRIP, WIDTH
from app.canvas.unfolded import Grip, Inside
from app.canvas.view import CanvasView
from engine.design.document import Document
from engine.insight.tiles import Histogram, Neurons, Thumbnail
from tests.app.canvas.hand import NONE
from tests.app.canvas.live import LiveHand, in_a_row
from tests.app.conftest import quick
from tests.builders import chain, dense

Train = Callable[..., LiveHand]
KEY = Qt.Key


@pytest.fixture
def train(canvas_of: Callable[[Document], CanvasView], qtbot: QtBot) -> Iterator[Train]:
    """A hand over a canvas that trains; the trainer is closed at the end."""
    hands: list[LiveHand] = []

    def begin(document: Document | None = None) -> LiveHand:
        hands.append(LiveHand(canvas_of(in_a_row(document or quick())), qtbot))
        return hands[-1]

    yield begin
    for hand in hands:
        hand.trainer.close()


def weight(index: int = 0, node: str = "dense_1") -> Grip:
    return Grip(node, "weight", index)


def bias(index: int = 0, node: str = "dense_1") -> Grip:
    return Grip(node, "bias", index)


def press(hand: LiveHand, *keys: KEY, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Keys for whoever has the focus."""
    for key in keys:
        QTest.keyClick(hand.canvas.window().focusWidget(), key, modifier)


# Open and shut


def test_that_u_unfolds_the_selected_layer_and_folds_it_again(train: Train) -> None:
    hand = train()
    hand.session.select(["dense_1"])
    QTest.keyClick(hand.canvas, KEY.Key_U)
    item = hand.canvas.canvas_scene.nodes["dense_1"]
    hand.until(lambda: item.strip is not None and item.strip.inside is not None)
    assert hand.inside("dense_1").units == 8
    assert item.geometry.strip.height() == hand.inside("dense_1").height > STRIP
    QTest.keyClick(hand.canvas, KEY.Key_U)
    assert hand.strip_of("dense_1").inside is None
    assert item.geometry.strip.height() == STRIP


def test_that_unfolding_from_afar_comes_near(train: Train) -> None:
    hand = train()
    hand.canvas.scale_by(0.3 / hand.canvas.zoom)
    hand.session.select(["dense_1"])
    box = hand.canvas.canvas_scene.nodes["dense_1"].scene_box().center()
    place = hand.at(box)
    QTest.keyClick(hand.canvas, KEY.Key_W)
    assert hand.canvas.zoom == pytest.approx(1.0)
    assert (hand.at(box) - place).manhattanLength() <= 2
    hand.until(hand.canvas.unfolding.editor.isVisible)


def test_that_a_double_click_on_the_strip_unfolds(train: Train) -> None:
    hand = train()
    hand.learn()
    hand.until(lambda: hand.canvas.canvas_scene.nodes["dense_1"].strip)
    strip = hand.strip_of("dense_1")
    QTest.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, NONE, hand.at(strip.sceneBoundingRect().center()))
    hand.until(lambda: hand.strip_of("dense_1").inside is not None)
    assert hand.canvas.unfolding.nodes == {"dense_1"}


def test_that_a_layer_that_cannot_be_unfolded_says_why(train: Train) -> None:
    hand = train(quick().set_fields("dense_1", units=33))
    hand.session.select(["dense_1"])
    QTest.keyClick(hand.canvas, KEY.Key_U)
    assert "up to 32 units" in hand.canvas.hint.words
    assert not hand.canvas.unfolding.nodes


def test_that_a_layer_that_grows_too_wide_folds_and_one_that_is_deleted_is_forgotten(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    hand.unfold("dense_2")
    hand.session.edit("Set", hand.session.document.set_fields("dense_1", units=64))
    assert hand.strip_of("dense_1").inside is None
    hand.session.edit("Delete", hand.session.document.remove(["dense_2"]))
    assert not hand.canvas.unfolding.nodes


def test_that_undoing_the_width_shows_the_new_neurons(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    hand.session.edit("Set", hand.session.document.set_fields("dense_1", units=5))
    hand.until(lambda: hand.inside("dense_1").units == 5)
    hand.session.undo.undo()
    hand.until(lambda: hand.inside("dense_1").units == 8)


# Turning by mouse


@pytest.mark.parametrize("grip", [weight(3), bias(2)], ids=["weight", "bias"])
def test_that_a_number_is_turned_by_dragging_it_upwards_as_one_step(train: Train, grip: Grip) -> None:
    hand = train()
    hand.unfold("dense_1")
    before, place = hand.weight(grip), hand.place(grip)
    step = QPointF(0, -50 / hand.canvas.zoom)
    hand.drag(place, place + step)
    after = hand.weight(grip)
    assert after == pytest.approx(before + 0.5, abs=0.03)
    assert hand.session.undo.count() == 1
    assert hand.inside("dense_1").value(grip) == pytest.approx(after)
    hand.session.undo.undo()
    assert hand.weight(grip) == before
    hand.until(lambda: hand.inside("dense_1").value(grip) == before)
    hand.session.undo.redo()
    assert hand.weight(grip) == after
    assert hand.session.document.node("dense_1").x == 224, "the box stays where it is"


def test_that_shift_turns_finely(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    before, place = hand.weight(weight()), hand.place(weight())
    step = QPointF(0, -50 / hand.canvas.zoom)
    hand.drag(place, place + step, keys=Qt.KeyboardModifier.ShiftModifier)
    assert hand.weight(weight()) == pytest.approx(before + 0.05, abs=0.004)


def test_that_escape_takes_a_turn_back(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    before, place = hand.weight(weight()), hand.place(weight())
    hand.press(place)
    hand.move(place + QPointF(0, -60))
    assert hand.weight(weight()) != before
    QTest.keyClick(hand.canvas, KEY.Key_Escape)
    hand.release(place)
    assert hand.weight(weight()) == before
    assert not hand.session.undo.canUndo()


def test_that_an_edit_in_the_middle_of_a_turn_keeps_both(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    before, place = hand.weight(weight()), hand.place(weight())
    hand.press(place)
    hand.move(place + QPointF(0, -60))
    hand.session.edit("Move", hand.session.document.move({"dense_2": (900.0, 0.0)}))
    turned = hand.weight(weight())
    assert turned != before
    assert hand.session.undo.count() == 2
    hand.session.undo.undo()
    hand.session.undo.undo()
    assert hand.weight(weight()) == before


def test_that_a_click_on_a_line_changes_nothing(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    before = hand.weight(weight())
    hand.click(hand.place(weight()))
    assert hand.weight(weight()) == before
    assert hand.session.undo.count() == 0
    assert hand.session.selection == {"dense_1"}


def test_that_the_mouse_over_a_line_says_what_it_is(train: Train) -> None:
    hand = train()
    inside = hand.unfold("dense_1")
    grip = weight(5)
    nothing = Qt.MouseButton.NoButton
    hand.move(hand.place(grip), nothing)
    assert hand.strip_of("dense_1").said[0] == inside.name(grip) == "x1 → unit 6"
    assert hand.viewport.cursor().shape() == Qt.CursorShape.SizeVerCursor
    hand.move(QPointF(WIDTH / 2, -60), nothing)
    assert hand.strip_of("dense_1").held is None


def test_that_a_weight_turned_while_it_trains_is_learnt_on_from(train: Train) -> None:
    hand = train()
    hand.unfold("dense_1")
    hand.trainer.pace(1.0)  # at full speed it may have learnt the weight away before anyone has seen it
    hand.trainer.play()
    hand.until(lambda: hand.trainer.status.step > 5)
    hand.canvas.unfolding.set_value(weight(), hand.weight(weight()), 5.0)
    hand.until(lambda: abs(hand.weight(weight()) - 5.0) < 1.0)
    step = hand.trainer.status.step
    hand.until(lambda: hand.trainer.status.step > step)
    assert hand.trainer.status.phase == "running"


# Typing


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


# Where everything lies


def inside(inputs: int, units: int) -> Inside:
    picture = Histogram(np.ones(3), 0.0, 1.0)
    weights = np.linspace(-1, 1, inputs * units).reshape(inputs, units)
    neurons = Neurons(weights, np.zeros(units), tuple(f"x{n + 1}" for n in range(inputs)), None)
    return Inside("layer", Thumbnail(picture, neurons), neurons)


@pytest.mark.parametrize(("inputs", "units"), [(1, 1), (2, 8), (32, 1), (3, 32), (32, 32)])
def test_that_everything_lies_inside_the_box_and_nothing_on_another(inputs: int, units: int) -> None:
    shown = inside(inputs, units)
    for rows in ([shown.neuron(unit) for unit in range(units)], [shown.input(number) for number in range(inputs)]):
        assert all(rect.top() >= 0 and rect.bottom() <= shown.height for rect in rows)
        assert all(rect.left() >= 0 and rect.right() <= WIDTH for rect in rows)
        assert all(a.bottom() <= b.top() for a, b in pairwise(rows))
    assert (shown.ends[:, 0] < shown.ends[:, 2]).all()


@pytest.mark.parametrize(("inputs", "units"), [(1, 1), (2, 8), (8, 8)])
def test_that_every_number_can_be_taken_hold_of_where_it_is_said_to_be(inputs: int, units: int) -> None:
    shown = inside(inputs, units)
    assert len(shown.grips()) == inputs * units + units
    for grip in shown.grips():
        assert shown.grip_at(shown.place_of(grip)) == grip
    assert shown.grip_at(QPointF(0, 0)) is None


def test_that_a_layer_with_too_many_inputs_has_biases_alone() -> None:
    neurons = Neurons(None, np.zeros(3), tuple("abcd"), None)
    shown = Inside("layer", Thumbnail(Histogram(np.ones(3), 0.0, 1.0), neurons), neurons)
    assert [grip.parameter for grip in shown.grips()] == ["bias"] * 3
    assert shown.grip_at(QPointF(WIDTH / 2, shown.height / 2)) is None


def test_that_a_wide_layer_of_an_image_unfolds_without_lines(train: Train) -> None:
    document = chain(dense(4, "relu"), dense(10), data="digits")
    hand = train(document)
    shown = hand.unfold("dense_1")
    assert shown.inputs == 0
    assert shown.neurons.inputs
    hand.drag(hand.place(bias(0)), hand.place(bias(0)) + QPointF(0, -40 / hand.canvas.zoom))
    assert hand.weight(bias(0)) == pytest.approx(0.4, abs=0.03)
