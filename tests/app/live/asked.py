"""The dock that explains a number, and what a test does with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView

from app.live.why.view import WhyView
from app.main_window import MainWindow

LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key


Open = Callable[..., tuple[MainWindow, WhyView]]


def click_row(table: QTableView, row: int) -> None:
    place = table.visualRect(table.model().index(row, 0)).center()
    QTest.mouseClick(table.viewport(), LEFT, pos=place)


def words(view: WhyView) -> str:
    return view.body.page.toPlainText()


def settled(view: WhyView) -> bool:
    """What is shown is of the row and the weight that are picked."""
    picked = view._session.picked
    chained = picked.weight is None or (view.chain is not None and view.chain.key == picked.weight.key)
    return view.trace is not None and view.trace.row == (picked.row or 0) and chained and not view.source.works
