"""A dense layer is unfolded, and its weights are turned and typed, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.geometry import STRIP, WIDTH
from app.canvas.paint import fonts, width_of
from app.canvas.strip_item import CHIP, PICTURE
from app.canvas.unfolded import Grip
from app.theme import GRID
from tests.app.canvas.grips import KEY, Train, bias, weight
from tests.app.canvas.hand import NONE
from tests.app.canvas.strips import layer
from tests.app.conftest import quick
from tests.builders import chain, dense

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


def test_that_no_box_leaves_the_view_where_there_is_room_for_all(train: Train) -> None:
    hand = train(quick().set_fields("dense_1", units=16).move({"dense_2": (400.0, -64.0)}))
    canvas, scene = hand.canvas, hand.canvas.canvas_scene

    def unfold() -> None:
        canvas.unfolding.toggle(["dense_1"])
        hand.until(lambda: hand.strip_of("dense_1").inside is not None)

    hand.learn()
    hand.until(lambda: scene.nodes["dense_1"].strip)
    unfold()
    canvas.resize(1200, round(scene.content_rect().height()) + 2 * GRID + 2)
    canvas.unfolding.toggle(["dense_1"])
    canvas.fit()
    unfold()
    seen, whole = canvas.mapToScene(hand.viewport.rect()).boundingRect(), scene.content_rect()
    assert seen.top() <= whole.top()
    assert whole.bottom() <= seen.bottom()


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


@pytest.mark.parametrize("grip", [weight(5), bias(5), weight(3, "dense_2"), bias(0, "dense_2")])
def test_that_what_a_number_is_stands_beside_it_with_its_unit(train: Train, grip: Grip) -> None:
    hand = train()
    inside = hand.unfold(grip.node)
    strip = hand.strip_of(grip.node)
    strip.show_layer(layer(grip.node))
    hand.move(hand.place(grip), Qt.MouseButton.NoButton)
    assert strip.held == grip
    name, value = strip.said
    small = fonts(QApplication.font().toString()).small
    assert CHIP.x() + 10 + width_of(small, name) + 6 + width_of(small, value) <= PICTURE.right(), "not cut"
    assert name.split()[-1] == inside.name(grip).split()[-1], "the unit is named"


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


def test_that_a_wide_layer_of_an_image_unfolds_without_lines(train: Train) -> None:
    document = chain(dense(4, "relu"), dense(10), data="digits")
    hand = train(document)
    shown = hand.unfold("dense_1")
    assert shown.inputs == 0
    assert shown.neurons.inputs
    hand.drag(hand.place(bias(0)), hand.place(bias(0)) + QPointF(0, -40 / hand.canvas.zoom))
    assert hand.weight(bias(0)) == pytest.approx(0.4, abs=0.03)
