"""Tables measure their columns once for what these hold."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from app import theme
from app.live.headed import SHOWN, FittedTable, Headed, Index

NONE = QModelIndex()


class Counted(Headed):
    def __init__(self) -> None:
        super().__init__()
        self.rows = [["1", "2"]] * 30
        self.asked = 0

    @property
    def head(self) -> list[str]:
        return ["A", "B"]

    def rowCount(self, parent: Index = NONE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = SHOWN) -> Any:
        if role != SHOWN:
            return None
        self.asked += 1
        return self.rows[index.row()][index.column()]

    def write(self, row: int, text: str) -> None:
        self.rows[row] = [text, text]
        self.dataChanged.emit(self.index(row, 0), self.index(row, 1))


def test_a_column_is_measured_once_for_what_it_holds(qtbot: QtBot) -> None:
    model = Counted()
    table = FittedTable(model)
    qtbot.addWidget(table)
    head = table.horizontalHeader()
    narrow = head.sectionSize(0)
    asked = model.asked
    assert asked > 0
    for _ in range(5):
        table.resizeColumnsToContents()
    assert model.asked == asked

    model.write(3, "a much longer word than there was")
    table.resizeColumnsToContents()
    wide = head.sectionSize(0)
    assert model.asked > asked
    assert wide > table.fontMetrics().horizontalAdvance("a much longer word than there was") > narrow


def test_larger_letters_have_wider_columns(qtbot: QtBot) -> None:
    model = Counted()
    model.write(0, "some words of a length")
    table = FittedTable(model)
    qtbot.addWidget(table)
    before = table.sizeHintForColumn(0)
    table.setFont(theme.sized(table.font(), 2))
    assert table.sizeHintForColumn(0) > 1.5 * before
