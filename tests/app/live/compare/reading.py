"""What the comparison shows, and when it has ended."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.live.compare.curves import CurvesPage
from app.live.compare.page import Page
from app.live.compare.view import CompareView

P = TypeVar("P", bound=Page)


def click(qtbot: QtBot, widget: QWidget, place: QPoint | None = None) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place or widget.rect().center())


def ended(qtbot: QtBot, view: CompareView) -> None:
    """Ended, and measured as they are now: who rests before the start is measured there, too."""

    def measured() -> bool:
        return all(
            each.ended and each.finals is not None and each.finals.step == each.step for each in view.arena.standings
        )

    qtbot.waitUntil(measured)
    qtbot.waitUntil(lambda: view._bar.reading.text() == "All have ended")


def curves(view: CompareView) -> CurvesPage:
    page = view.pages[0]
    assert isinstance(page, CurvesPage)
    return page


def cell(view: CompareView, row: int, column: int) -> str:
    return str(view.runs.rows.index(row, column).data() or "")


def page_of(view: CompareView, kind: type[P]) -> P:
    """Show a page, and give it."""
    number = next(number for number, page in enumerate(view.pages) if isinstance(page, kind))
    view.choice.setCurrentIndex(number + 1)
    page = view.pages[number]
    assert isinstance(page, kind)
    return page
