"""The inspector: what is selected, edited step by step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.panels.inspector import Inspector
from app.session import Session
from engine.design.document import Document
from engine.layers import Layer
from engine.layers.unknown import Unknown
from tests.app.acts import bring_up
from tests.app.designs import chain, layer

InspectorOf = Callable[[Document], Inspector]


@pytest.fixture
def inspector_of(qtbot: QtBot) -> InspectorOf:
    def make(document: Document) -> Inspector:
        inspector = Inspector(Session(document))
        inspector._session.setParent(inspector)
        bring_up(qtbot, inspector, 280, 900)
        return inspector

    return make


def set_number(inspector: Inspector, field: str, text: str) -> None:
    editor = inspector.form.rows[field].editor
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def test_that_the_fields_of_the_selected_box_are_shown_and_edited(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4, 1))
    session = inspector._session
    session.select(["dense_1"])
    assert inspector.title.text() == "Dense"
    assert inspector.facts.text() == "Gives 4"
    assert inspector.costs.values["parameters"].text() == "12"
    set_number(inspector, "units", "2**4")
    assert session.document.node("dense_1").layer.units == 16
    assert session.undo.undoText() == "Set Units of dense_1"
    session.undo.undo()
    assert inspector.form.rows["units"].editor.lineEdit().text() == "4"


def test_that_a_run_of_steps_is_one_undo_step(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4, 1))
    session = inspector._session
    session.select(["dense_1"])
    editor = inspector.form.rows["units"].editor
    editor.setFocus()
    for _ in range(5):
        QTest.keyPress(editor, Qt.Key.Key_Up)
    QTest.keyRelease(editor, Qt.Key.Key_Up)
    assert session.document.node("dense_1").layer.units == 9
    assert session.undo.count() == 1
    QTest.keyClick(editor, Qt.Key.Key_Up)
    assert session.undo.count() == 2


def test_that_several_boxes_are_edited_at_once_as_one_step(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4, 5, 6))
    session = inspector._session
    session.select(["dense_1", "dense_3"])
    assert inspector.title.text() == "2 boxes of Dense"
    set_number(inspector, "units", "7")
    assert [session.document.node(f"dense_{i}").layer.units for i in (1, 2, 3)] == [7, 5, 7]
    assert session.undo.count() == 1


def test_that_boxes_that_differ_say_so_and_take_one_value_together(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4, 8, 1))
    session = inspector._session
    session.select(["dense_1", "dense_2"])
    units = inspector.form.rows["units"].editor
    assert units.lineEdit().placeholderText() == "several values"
    set_number(inspector, "units", "2*8")
    assert [session.document.node(id).layer.units for id in ("dense_1", "dense_2", "dense_3")] == [16, 16, 1]
    inspector.form.rows["activation"].editor.activated.emit(0)
    activations = {session.document.node(id).layer.activation for id in ("dense_1", "dense_2")}
    assert len(activations) == 1
    assert session.document.node("dense_3").layer.activation not in activations or activations == {"linear"}
    while session.undo.canUndo():
        session.undo.undo()
    assert session.document == chain(4, 8, 1)
    assert units.lineEdit().placeholderText() == "several values"


def test_that_a_value_wrong_for_one_of_several_is_said_and_taken_by_none(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4, 8))
    inspector._session.select(["dense_1", "dense_2"])
    set_number(inspector, "units", "0")
    assert inspector.form.rows["units"].problem.text() == "Must be at least 1"
    assert inspector._session.document == chain(4, 8)


def test_that_boxes_of_different_kinds_show_what_they_share(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4).add(layer("activation"), 500, 0))
    inspector._session.select(["dense_1", "activation_1"])
    assert list(inspector.form.rows) == ["activation"]


def test_that_with_nothing_selected_training_is_set(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4))
    session = inspector._session
    assert inspector.title.text() == "Training"
    set_number(inspector, "learning_rate", "3e-2")
    assert session.document.training.learning_rate == 0.03
    assert session.undo.undoText() == "Set Learning rate"
    session.undo.undo()
    assert session.document == chain(4)


def test_that_a_parameter_of_the_optimizer_is_set(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4))
    nested = inspector.form.rows["optimizer"].editor.form
    field = next(iter(nested.rows))
    editor = nested.rows[field].editor
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, "0.5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert getattr(inspector._session.document.training.optimizer, field) == 0.5


def test_that_a_box_is_renamed_and_an_empty_name_gives_back_its_id(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4))
    session = inspector._session
    session.select(["dense_1"])
    inspector.name.setFocus()
    QTest.keyClicks(inspector.name, "hidden")
    QTest.keyClick(inspector.name, Qt.Key.Key_Return)
    assert session.document.node("dense_1").label == "hidden"
    inspector.name.selectAll()
    QTest.keyClick(inspector.name, Qt.Key.Key_Delete)
    QTest.keyClick(inspector.name, Qt.Key.Key_Return)
    assert session.document.node("dense_1").label == "dense_1"


def test_that_a_problem_is_said_and_mended_with_a_click(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4).add(layer("input"), 0, 200, id="second"))
    session = inspector._session
    session.select(["second"])
    words = [label.text() for label in inspector.problems.findChildren(QLabel)]
    assert any("a network has one" in text for text in words)
    button = inspector.problems.findChildren(QPushButton)[0]
    assert button.text() == "Remove second"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert session.document == chain(4)
    assert session.undo.undoText() == "Remove second"


def test_that_a_removed_box_makes_room_for_training(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4))
    session = inspector._session
    session.select(["dense_1"])
    session.edit("Delete", session.document.remove(["dense_1"]))
    assert inspector.title.text() == "Training"


def test_that_a_layer_from_elsewhere_is_shown_but_not_edited(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(Document().add(Unknown.keeping({"type": "from_the_future"}), id="strange"))
    inspector._session.select(["strange"])
    assert not inspector.form.isEnabled()


def test_that_undo_while_typing_elsewhere_does_not_break_the_form(inspector_of: InspectorOf) -> None:
    inspector = inspector_of(chain(4))
    session = inspector._session
    session.select(["dense_1"])
    set_number(inspector, "units", "7")
    session.open(chain(3))
    assert inspector.title.text() == "Training"
    session.select(["dense_1"])
    assert inspector.form.rows["units"].editor.lineEdit().text() == "3"


@pytest.mark.parametrize("kind", ["", *Layer.kinds])
def test_that_every_form_fits_into_a_narrow_panel(inspector_of: InspectorOf, kind: str) -> None:
    document = chain(4) if not kind else chain(4).add(Layer.parse(kind), id="it")
    inspector = inspector_of(document)
    inspector._session.select(["it"] if kind else [])
    bar = inspector.verticalScrollBar().sizeHint().width()
    assert inspector.widget().minimumSizeHint().width() <= 280 - bar
