"""Everybody in a list, with the numbers of the moment: who is best, and the mean over the seeds of a fan."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import is_
from time import perf_counter
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from app.live.compare.arena import Arena
from app.live.compare.page import Page
from app.live.headed import FittedTable
from app.live.key import draw_mark, ink
from app.live.numbers import duration, percent, short, whole
from app.live.rows import BEST, Line, Rows
from app.live.share import Columns
from engine.compare.fan import Spread
from engine.compare.standing import Standing
from engine.compare.table import LOSSES, METRICS, FinalTable, Row, table_of

STATES: Final = {
    "waiting": "waits", "preparing": "is prepared", "ready": "paused", "running": "trains", "finished": "done",
    "diverged": "diverged", "failed": "cannot run",
}  # fmt: skip
COLUMNS: Final = (
    ("epochs", "Epochs"), ("train loss", "Training loss"), ("validation loss", "Validation loss"),
    ("test loss", "Test loss"), ("train metric", "Training {}"), ("validation metric", "Validation {}"),
    ("test metric", "Test {}"), ("seconds", "Seconds"), ("parameters", "Parameters"),
)  # fmt: skip
MARK: Final = 14  # px
AGAIN: Final = 0.2  # s: numbers that change faster cannot be read


class RunsPage(Page):
    title = "Runs"
    tip = "Who takes part, in what they differ, and the numbers of each"

    def __init__(self, arena: Arena) -> None:
        super().__init__(arena)
        self.rows = Rows(self)
        self.table = FittedTable(self.rows)
        self.table.setAccessibleName("Runs that are compared")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setIconSize(QSize(MARK, MARK))
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._size()
        self.table.selectionModel().currentRowChanged.connect(self._on_selected)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._shown: FinalTable | None = None
        self._keys: list[int | None] = []
        self._stage: tuple[object, ...] = ()
        self._standings: tuple[Standing, ...] = ()
        self._written = 0.0
        self._choosing = False
        self._signs: dict[int, QIcon] = {}
        arena.changed.connect(self._forget)

    def width_for(self, most: int) -> int:
        """px in which no column is cut, with as many columns as have room in ``most``."""
        head = self.table.horizontalHeader()
        upright = self.table.verticalScrollBar()
        bar = upright.width() if upright.isVisible() else 0  # else part of the next column would be seen in its place
        ends = list(accumulate(head.sectionSize(column) for column in range(head.count())))
        return max((end + bar for end in ends if end + bar <= most), default=most)

    def _size(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(round(1.8 * self.fontMetrics().height()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size()

    def refresh(self, standings: Sequence[Standing]) -> str:
        """Only what has changed is written: a table that is filled anew loses its selection and its time."""
        stage = tuple((standing.key, standing.phase, standing.finals) for standing in standings)
        now = perf_counter()
        rests = len(standings) == len(self._standings) and all(map(is_, standings, self._standings))
        if stage == self._stage and (rests or now - self._written < AGAIN):
            return ""
        self._standings = tuple(standings)
        self._stage, self._written = stage, now
        table = table_of(standings)
        by_key = {standing.key: standing for standing in standings}
        self._shown = table
        lines = [self._line(row, table, number, by_key) for number, row in enumerate(table.rows)]
        self._keys = [None if row.fan else row.keys[0] for row in table.rows]
        self._choosing = True  # it is the arena's choice that is shown
        self.rows.show(self._names(table), lines, self._marks(lines))
        self._hide_columns(table)
        self._show_choice()
        self._choosing = False
        return ""

    def _forget(self) -> None:
        """Others take part, or another is chosen: what follows is written at once, and nothing is held of the rest."""
        self._stage, self._standings = (), ()

    def _line(self, row: Row, table: FinalTable, number: int, by_key: dict[int, Standing]) -> Line:
        first = by_key[row.keys[0]]
        share = table.metric == "accuracy"
        cells = [
            (BEST if table.best.get(key) == number else "") + _spoken(key, row.numbers.get(key), share)
            for key, _ in COLUMNS
        ]
        state = "" if row.fan else STATES[first.phase]
        tip = "" if row.fan else first.sentence or self.arena.difference(first)
        ill = not row.fan and first.phase in ("diverged", "failed")
        return Line((row.name, *cells, state), tip, self.arena.color(row.keys[0]), bool(row.fan), ill)

    def _names(self, table: FinalTable) -> list[str]:
        metric = {"r2": "R²"}.get(table.metric, table.metric)
        return ["Run", *(title.format(metric) for _, title in COLUMNS), "State"]

    def _marks(self, lines: Sequence[Line]) -> dict[int, QIcon]:
        for line in lines:
            if line.mark not in self._signs:
                self._signs[line.mark] = _mark(line.mark)
        return self._signs

    def _hide_columns(self, table: FinalTable) -> None:
        """A loss or metric that nobody has takes no room."""
        present = {name for row in table.rows for name in row.numbers}
        for column, (key, _) in enumerate(COLUMNS, 1):
            hidden = key in (*LOSSES, *METRICS) and bool(present) and key not in present
            if self.table.isColumnHidden(column) != hidden:
                self.table.setColumnHidden(column, hidden)

    def _show_choice(self) -> None:
        chosen = self.arena.chosen
        row = self._keys.index(chosen) if chosen in self._keys else -1
        index = self.rows.index(row, 0)
        if self.table.currentIndex().row() != row or self.table.selectionModel().hasSelection() != (row >= 0):
            self.table.setCurrentIndex(index)

    def _on_selected(self, now: QModelIndex) -> None:
        key = self._keys[now.row()] if 0 <= now.row() < len(self._keys) else None
        if key is not None and not self._choosing:
            self.arena.choose(key)

    def repaint_all(self) -> None:
        self._signs = {}
        self.rows.dress(self._marks(self.rows.lines))

    def parts(self) -> list[QWidget]:
        return [self.table]

    def columns(self) -> Columns:
        """A row per run and per fan; of a fan the mean, and the standard deviation beside it."""
        table = self._shown
        if table is None:
            return {}
        found: dict[str, list[Any]] = {"run": [row.name for row in table.rows]}
        for key, _ in COLUMNS:
            of = [row.numbers.get(key, Spread(float("nan"), float("nan"), 0)) for row in table.rows]
            found[key] = [each.mean for each in of]
            found[f"{key} sd"] = [each.sd for each in of]
        return found


def _spoken(key: str, of: Spread | None, share: bool) -> str:
    if of is None:
        return "–"
    if key in ("epochs", "parameters"):
        return whole(of.mean)
    if key == "seconds":
        return duration(of.mean) if of.mean >= 10 else f"{short(of.mean)} s"
    words = percent if key in METRICS and share else short
    return words(of.mean) if of.count < 2 else f"{words(of.mean)} ± {words(of.sd)}"


def _mark(number: int) -> QIcon:
    picture = QPixmap(MARK * 2, MARK * 2)
    picture.fill(Qt.GlobalColor.transparent)
    picture.setDevicePixelRatio(2.0)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_mark(painter, "square", QPointF(MARK / 2, MARK / 2), MARK / 2, QColor(ink(number)))
    painter.end()
    sign = QIcon(picture)
    sign.addPixmap(picture, QIcon.Mode.Selected)
    return sign
