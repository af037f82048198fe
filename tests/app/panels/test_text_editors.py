"""The editors of paths and of several lines, and choices that are signs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.panels.editors import ChoiceEdit
from app.panels.fields import editor_for, spelled
from app.panels.form import Form
from app.panels.text_editors import FileEdit, LinesEdit
from engine.data.synthetic.text import Characters
from engine.data.table import Table
from engine.design.declared import Value
from engine.layers import Layer
from engine.training.spec import DataSplit


def table_form(qtbot: QtBot) -> tuple[Form, list[tuple[str, object]]]:
    form = Form(Table())
    qtbot.addWidget(form)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    said: list[tuple[str, object]] = []
    form.edited.connect(lambda name, value: said.append((name, value)))
    return form, said


def test_that_a_separator_is_named_so_that_it_can_be_seen(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    editor = editor_for(Table.model_fields["separator"], holder)
    assert isinstance(editor, ChoiceEdit)
    names = [editor.itemText(row) for row in range(editor.count())]
    assert {"Automatic", "Tab", "Space"} <= set(names)
    assert all(name.strip() == name and name.isprintable() for name in names)
    editor.show_value("\t")
    assert editor.currentText() == "Tab"
    assert spelled("min_max") == "Min max"


@pytest.mark.parametrize(
    ("model", "field", "names"),
    [
        (DataSplit, "scaling", ["Standard", "0..1", "-1..1", "None"]),
        (Table, "missing", ["Drop", "Mean"]),
        (Table, "header", ["Automatic", "Yes", "No"]),
        (Layer.kinds["simple_rnn"], "activation", ["tanh", "ReLU"]),
    ],
)
def test_that_choices_are_written_alike_whatever_they_are_called_in_a_file(
    model: type[Value], field: str, names: list[str], qtbot: QtBot
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    editor = editor_for(model.model_fields[field], holder)
    assert [editor.itemText(row) for row in range(editor.count())] == names


def test_that_a_file_is_typed_or_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    form, said = table_form(qtbot)
    editor = form.rows["path"].editor
    assert isinstance(editor, FileEdit)
    editor.setFocus()
    QTest.keyClicks(editor.line, " rows.csv ")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    editor.take(str(tmp_path / "other.csv"))
    assert said == [("path", "rows.csv"), ("path", str(tmp_path / "other.csv"))]
    assert editor.line.text() == str(tmp_path / "other.csv")
    assert editor.line.accessibleName() == "File"


def test_that_lines_are_taken_when_the_field_is_left_and_escape_brings_back(qtbot: QtBot) -> None:
    form, said = table_form(qtbot)
    editor = form.rows["text"].editor
    assert isinstance(editor, LinesEdit)
    editor.setFocus()
    QTest.keyClicks(editor, "a,b")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "1,2")
    assert said == []
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert said == [("text", "a,b\n1,2")]
    QTest.keyClicks(editor, "more")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.toPlainText() == "a,b\n1,2"
    form.rows["path"].editor.line.setFocus()
    assert len(said) == 1
    assert editor.height() > 3 * editor.fontMetrics().lineSpacing()


def test_that_a_field_of_lines_says_what_is_used_while_it_is_empty(qtbot: QtBot) -> None:
    form = Form(Characters())
    qtbot.addWidget(form)
    assert form.rows["text"].editor.placeholderText() == "A nursery rhyme"


def test_that_lines_being_written_survive_a_change_elsewhere(qtbot: QtBot) -> None:
    form, _said = table_form(qtbot)
    editor = form.rows["text"].editor
    editor.setFocus()
    QTest.keyClicks(editor, "a,b")
    form.show_models([Table(path="x.csv")])
    assert editor.toPlainText() == "a,b"
    assert form.rows["path"].editor.line.text() == "x.csv"
