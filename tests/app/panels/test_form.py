"""Forms made from declarations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.panels.editors import ChoiceEdit, NumberEdit, SwitchEdit, TextEdit
from app.panels.form import Form
from engine.design.declared import Value
from tests.app.panels.sample import Cat, Dog, Sample

FormOf = Callable[..., Form]


@pytest.fixture
def form_of(qtbot: QtBot) -> FormOf:
    """A shown form that shows what it is asked to change, as an inspector makes it do."""

    def make(*models: Value) -> Form:
        form = Form()
        form.show_models(models)
        form.heard = []  # type: ignore[attr-defined]
        shown = list(models)

        def take(name: str, value: object) -> None:
            form.heard.append((name, value))  # type: ignore[attr-defined]
            shown[:] = [model.but(**{name: value}) for model in shown]
            form.show_models(shown)

        form.edited.connect(take)
        qtbot.addWidget(form)
        with qtbot.waitActive(form):
            form.show()
            form.activateWindow()
        return form

    return make


def heard(form: Form) -> list[tuple[str, Any]]:
    return form.heard  # type: ignore[attr-defined, no-any-return]


def type_over(edit: QLineEdit | NumberEdit, text: str) -> None:
    line = edit.lineEdit() if isinstance(edit, NumberEdit) else edit
    edit.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)


def test_that_every_type_has_its_editor(form_of: FormOf) -> None:
    form = form_of(Sample())
    kinds = {name: type(row.editor) for name, row in form.rows.items()}
    assert kinds["count"] is kinds["rate"] is kinds["limit"] is NumberEdit
    assert kinds["on"] is SwitchEdit
    assert kinds["mode"] is kinds["shade"] is kinds["function"] is ChoiceEdit
    assert kinds["shape"] is kinds["title_text"] is TextEdit
    assert list(form.rows["pet"].editor.form.rows) == ["lives", "name"]
    assert list(form.rows["bowl"].editor.form.rows) == ["size"]


def test_that_words_come_from_the_declaration(form_of: FormOf) -> None:
    row = form_of(Sample()).rows["count"]
    assert row.label.text() == "Count"
    assert row.editor.toolTip() == "What it is for.\nAt least 1, at most 100."
    assert row.editor.accessibleName() == "Count"
    rate = form_of(Sample()).rows["rate"]
    assert rate.editor.unit.text() == "per step"
    assert rate.editor.accessibleName() == "Rate, per step"


def test_that_a_unit_stands_in_the_field_and_gives_way_to_what_is_typed(form_of: FormOf) -> None:
    form = form_of(Sample())
    form.resize(500, 400)
    form.show()
    editor = form.rows["rate"].editor
    edges = {row.editor.geometry().right() for row in form.rows.values() if isinstance(row.editor, NumberEdit)}
    assert len(edges) == 1, "with a unit or without one, fields end together"
    assert editor.unit.isVisible()
    type_over(editor, "1234567890 * 1234567890 / 1234567890 * 1234567890")
    assert not editor.unit.isVisible()
    type_over(editor, "0.5")
    assert editor.unit.isVisible()
    editor.show_mixed()
    assert not editor.unit.isVisible()
    limit = form.rows["most"].editor
    for value, said in ((0, "off"), (3, "rows"), (0.0, "off")):
        limit.show_value(value)
        assert limit.unit.text() == said


@pytest.mark.parametrize(("text", "value"), [("2**5", 32), ("64", 64), ("10*2", 20)])
def test_that_whole_numbers_are_typed_as_arithmetic(form_of: FormOf, text: str, value: int) -> None:
    form = form_of(Sample())
    editor = form.rows["count"].editor
    type_over(editor, text)
    assert heard(form) == []
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert heard(form) == [("count", value)]
    assert editor.lineEdit().text() == str(value)


def test_that_a_number_is_taken_when_the_field_is_left(form_of: FormOf) -> None:
    form = form_of(Sample())
    type_over(form.rows["rate"].editor, "1e-3")
    form.rows["share"].editor.setFocus()
    assert heard(form) == [("rate", 0.001)]


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [("count", "0", "Must be at least 1"), ("count", "101", "Must be at most 100"), ("count", "2.5", "whole number"),
     ("count", "many", "arithmetic"), ("rate", "0", "greater than 0"), ("title_text", "too long", "at most 5"),
     ("shape", "28, y", "arithmetic"), ("shape", "2.5", "whole number")],
)  # fmt: skip
def test_that_what_is_wrong_is_said_as_one_types(form_of: FormOf, field: str, text: str, reason: str) -> None:
    form = form_of(Sample())
    row = form.rows[field]
    type_over(row.editor, text)
    assert reason in row.problem.text()
    assert row.problem.isVisible()
    QTest.keyClick(row.editor, Qt.Key.Key_Return)
    assert heard(form) == []
    assert row.problem.isVisible()


def test_that_escape_brings_back_what_was_there(form_of: FormOf) -> None:
    form = form_of(Sample())
    row = form.rows["count"]
    type_over(row.editor, "1000")
    assert row.problem.isVisible()
    QTest.keyClick(row.editor, Qt.Key.Key_Escape)
    assert row.editor.lineEdit().text() == "3"
    assert not row.problem.isVisible()


def test_that_arrows_step_and_the_gesture_ends_when_the_key_is_let_go(form_of: FormOf) -> None:
    form = form_of(Sample())
    ends: list[int] = []
    form.settled.connect(lambda: ends.append(len(heard(form))))
    editor = form.rows["count"].editor
    editor.setFocus()
    for _ in range(3):
        QTest.keyPress(editor, Qt.Key.Key_Up)
    assert heard(form) == [("count", 4), ("count", 5), ("count", 6)]
    assert ends == []
    QTest.keyRelease(editor, Qt.Key.Key_Up)
    assert ends == [3]


def test_that_steps_stop_at_the_bounds(form_of: FormOf) -> None:
    form = form_of(Sample(count=100))
    editor = form.rows["count"].editor
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Up)
    assert heard(form) == []
    editor.stepBy(-500)
    assert heard(form) == [("count", 1)]


def test_that_an_open_bound_is_never_stepped_onto(form_of: FormOf) -> None:
    form = form_of(Sample(share=0.95))
    form.rows["share"].editor.stepBy(3)
    assert heard(form) == []
    form = form_of(Sample(rate=1e-6))
    form.rows["rate"].editor.stepBy(-1)
    assert heard(form) == []


def test_that_choices_switches_and_lists_are_edited(form_of: FormOf) -> None:
    form = form_of(Sample())
    combo = form.rows["mode"].editor
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    combo.activated.emit(combo.currentIndex())
    form.rows["on"].editor.click()
    type_over(form.rows["shape"].editor, "7×7, 2**3")
    QTest.keyClick(form.rows["shape"].editor, Qt.Key.Key_Return)
    assert dict(heard(form)) == {"mode": "b", "on": False, "shape": (7, 7, 8)}


def test_that_a_named_table_gives_the_choices(form_of: FormOf) -> None:
    combo: QComboBox = form_of(Sample()).rows["function"].editor
    assert combo.currentText() == "ReLU"
    assert combo.count() > 5


def test_that_an_optional_number_may_be_left_empty(form_of: FormOf) -> None:
    form = form_of(Sample(limit=2.0))
    editor = form.rows["limit"].editor
    type_over(editor, "")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert heard(form) == [("limit", None)]


def test_that_reset_brings_the_default_back_and_shows_only_where_it_would_change_something(form_of: FormOf) -> None:
    form = form_of(Sample(count=7))
    assert form.rows["count"].reset.isVisible()
    assert not form.rows["rate"].reset.isVisible()
    QTest.mouseClick(form.rows["count"].reset, Qt.MouseButton.LeftButton)
    assert heard(form) == [("count", 3)]
    assert not form.rows["count"].reset.isVisible()


def test_that_another_kind_brings_its_fields_and_keeps_what_both_have(form_of: FormOf) -> None:
    form = form_of(Sample(pet=Cat(name="Kitty")))
    editor = form.rows["pet"].editor
    editor.combo.setCurrentIndex(1)
    editor.combo.activated.emit(1)
    assert heard(form) == [("pet", Dog(name="Kitty"))]
    assert list(editor.form.rows) == ["name"]


def test_that_a_field_of_a_nested_kind_is_edited(form_of: FormOf) -> None:
    form = form_of(Sample())
    nested = form.rows["pet"].editor.form.rows["lives"].editor
    type_over(nested, "7")
    QTest.keyClick(nested, Qt.Key.Key_Return)
    assert heard(form) == [("pet", Cat(lives=7))]
    type_over(nested, "10")
    assert form.rows["pet"].editor.form.rows["lives"].problem.isVisible()


def test_that_several_models_show_where_they_differ_and_are_edited_at_once(form_of: FormOf) -> None:
    form = form_of(Sample(count=1, on=False), Sample(count=2), Sample(count=3))
    editor = form.rows["count"].editor
    assert editor.lineEdit().text() == ""
    assert editor.lineEdit().placeholderText() == "several values"
    switch: QCheckBox = form.rows["on"].editor
    assert switch.checkState() == Qt.CheckState.PartiallyChecked
    type_over(editor, "50")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert heard(form) == [("count", 50)]
    assert editor.lineEdit().text() == "50"


def test_that_models_of_several_classes_show_what_they_have_in_common(form_of: FormOf) -> None:
    form = form_of(Cat(), Dog())
    assert list(form.rows) == ["name"]


def test_that_what_is_being_typed_survives_a_change_elsewhere(form_of: FormOf) -> None:
    form = form_of(Sample())
    editor = form.rows["count"].editor
    type_over(editor, "4")
    form.show_models([Sample(rate=0.5)])
    assert editor.lineEdit().text() == "4"
    assert form.rows["rate"].editor.lineEdit().text() == "0.5"


def test_that_the_wheel_changes_nothing_in_a_field_without_focus(form_of: FormOf, qtbot: QtBot) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    form = form_of(Sample())
    form.rows["rate"].editor.setFocus()
    for name in ("count", "mode"):
        editor = form.rows[name].editor
        event = QWheelEvent(
            QPointF(5, 5), editor.mapToGlobal(QPointF(5, 5)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(editor, event)
    assert heard(form) == []
    assert form.rows["mode"].editor.currentText() == "A"
