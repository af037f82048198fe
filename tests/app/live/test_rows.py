"""The rows of a table: what has changed is told once."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject
from pytestqt.qtbot import QtBot

from app.live.rows import Line, Rows


def test_that_rows_that_have_changed_are_told_once(qtbot: QtBot) -> None:
    parent = QObject()
    rows = Rows(parent)
    told: list[tuple[int, int]] = []

    def hear(first: QModelIndex, last: QModelIndex) -> None:
        told.append((first.row(), last.row()))

    rows.dataChanged.connect(hear)
    rows.show(("Run", "Loss"), [Line((name, "1")) for name in "abcd"])
    assert not told
    rows.show(("Run", "Loss"), [Line((name, "2" if name in "bd" else "1")) for name in "abcd"])
    assert told == [(1, 3)]
    rows.show(("Run", "Loss"), [Line((name, "2" if name in "bd" else "1")) for name in "abcd"])
    assert told == [(1, 3)]
