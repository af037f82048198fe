"""The data panel: every source can be found and chosen, its fields edited, and its rows are accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.panels.data import DataPanel, account
from app.session import Session
from engine.data import Source, datasets
from engine.data.prepare import prepare
from engine.training.spec import DataSplit
from tests.app.conftest import quick


@pytest.fixture
def session(qapp: QApplication, settings: QSettings) -> Session:
    return Session(quick())


@pytest.fixture
def panel(qtbot: QtBot, session: Session) -> DataPanel:
    made = DataPanel(session)
    qtbot.addWidget(made)
    made.resize(288, 400)
    made.show()
    return made


def test_that_every_source_stands_once_under_its_group(panel: DataPanel) -> None:
    choice = panel.choice
    kinds = [choice.itemData(row) for row in range(choice.count()) if choice.itemData(row)]
    assert sorted(kinds) == sorted(kind.kind for kind in datasets())
    headings = [choice.itemText(row) for row in range(choice.count()) if not choice.itemData(row)]
    assert len(headings) == len({kind.group for kind in datasets()})
    assert choice.currentData() == "spiral"
    assert choice.currentText() == "Spiral"


def test_that_typing_finds_a_source_and_enter_takes_it_as_one_step(
    panel: DataPanel, session: Session, qtbot: QtBot
) -> None:
    edit: QLineEdit = panel.choice.lineEdit()
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "moo")
    popup = panel.choice.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.document.data.kind == "moons")
    assert session.undo.count() == 1
    assert panel.choice.currentText() == "Moons"
    session.undo.undo()
    assert panel.choice.currentText() == "Spiral"


def test_that_words_that_are_no_source_go_away_again(panel: DataPanel, session: Session, qtbot: QtBot) -> None:
    edit: QLineEdit = panel.choice.lineEdit()
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "nonsense")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert session.document.data.kind == "spiral"
    assert edit.text() == "Spiral"


def test_that_another_source_takes_over_what_both_have(panel: DataPanel, session: Session) -> None:
    session.edit("Fewer", session.document.but(data=session.document.data.but(samples=80)))
    panel.choice.setCurrentIndex(panel.choice.findData("circle"))
    panel.choice.activated.emit(panel.choice.currentIndex())
    assert session.document.data == Source.parse({"type": "circle", "samples": 80})


def test_that_fields_and_split_are_edited_in_the_document(panel: DataPanel, session: Session) -> None:
    panel.fields.edited.emit("noise", 20.0)
    panel.split.edited.emit("validation", 0.4)
    assert session.document.data.noise == 20.0
    assert session.document.split.validation == 0.4
    assert session.undo.undoText().startswith("Set")


def test_that_a_setting_is_offered_where_it_means_something(panel: DataPanel, session: Session) -> None:
    for kind, asked in (("spiral", False), ("sine", True), ("blobs", False)):
        source = Source.parse({"type": kind})
        session.edit("Other data", session.document.but(data=source))
        session.use(prepare(source, session.document.split))
        assert panel.split.rows["scale_target"].isVisible() == asked, kind
        assert panel.split.rows["scaling"].isVisible()


def test_that_a_table_takes_the_place_of_the_source(panel: DataPanel, session: Session, tmp_path: Path) -> None:
    panel.use_table(tmp_path / "rows.csv")
    assert session.document.data == Source.parse({"type": "table", "path": str(tmp_path / "rows.csv")})
    assert panel.choice.currentData() == "table"


def test_that_rows_inputs_and_classes_are_accounted_for() -> None:
    said = account(prepare(Source.parse({"type": "blobs", "samples": 300}), DataSplit(validation=0.2, test=0.1)))
    for words in (
        "<b>300</b> rows",
        "210 train",
        "60 validate",
        "30 test",
        "<b>2</b> inputs: x1, x2",
        "<b>3</b> classes",
    ):
        assert words in said
    said = account(prepare(Source.parse("sine"), DataSplit()))
    assert "<b>1</b> input: x" in said
    assert "To predict: <b>y</b>" in said


def test_that_names_from_a_file_cannot_bring_markup_into_the_panel() -> None:
    table = Source.parse({"type": "table", "text": "a<b>,y\n" + "\n".join(f"{i},{i % 7}.5" for i in range(40))})
    assert "a&lt;b>" in account(prepare(table, DataSplit()))


def test_that_half_a_value_in_a_field_that_goes_away_is_no_edit(
    panel: DataPanel, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    session.edit("Learn from Sine", session.document.but(data=Source.kinds["sine"]()))
    after = session.document
    session.undo.undo()
    before = session.document
    editor = panel.fields.rows["noise"].editor
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, "0.4")
    assert editor.hasFocus()
    session.undo.setIndex(1)
    assert session.document == after
    assert session.undo.count() == 1
    session.undo.setIndex(0)
    assert session.document == before
