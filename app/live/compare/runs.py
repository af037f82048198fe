"""Everybody in a list, with the numbers of the moment: who is best, and the mean over the seeds of a fan."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any, Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from app import theme
from app.live.compare.arena import Arena
from app.live.compare.page import Page
from app.live.key import draw_mark, ink
from app.live.numbers import duration, percent, short, whole
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
BEST: Final = "★ "
MARK: Final = 14  # px
AGAIN: Final = 0.2  # s: numbers that change faster cannot be read


class RunsPage(Page):
    title = "Runs"
    tip = "Who takes part, in what they differ, and the numbers of each"

    def __init__(self, arena: Arena) -> None:
        super().__init__(arena)
        self.table = QTableWidget(0, len(COLUMNS) + 2)
        self.table.setAccessibleName("Runs that are compared")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setIconSize(QSize(MARK, MARK))
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(26)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.setFrameShape(QTableWidget.Shape.NoFrame)
        self.table.itemSelectionChanged.connect(self._on_selected)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self._shown: FinalTable | None = None
        self._said: list[tuple[str, ...]] = []
        self._keys: list[int | None] = []
        self._stage: tuple[object, ...] = ()
        self._written = 0.0
        arena.changed.connect(self._forget)

    def refresh(self, standings: Sequence[Standing]) -> str:
        """Only what has changed is written: a table that is filled anew loses its selection and its time."""
        stage = tuple((standing.key, standing.phase, standing.finals) for standing in standings)
        now = perf_counter()
        if stage == self._stage and now - self._written < AGAIN:
            return ""
        self._stage, self._written = stage, now
        table = table_of(standings)
        by_key = {standing.key: standing for standing in standings}
        self._shown = table
        metric = {"r2": "R²"}.get(table.metric, table.metric)
        self._name_columns(metric, table)
        if self.table.rowCount() != len(table.rows):
            self.table.setRowCount(len(table.rows))
            self._said = []
        said = [self._words(row, table, number, by_key) for number, row in enumerate(table.rows)]
        for number, (row, words) in enumerate(zip(table.rows, said, strict=True)):
            if number >= len(self._said) or self._said[number] != words:
                self._write(number, row, words, table, by_key)
        self._said = said
        self._keys = [None if row.fan else row.keys[0] for row in table.rows]
        self._show_choice()
        return ""

    def _forget(self) -> None:
        """Others take part, or another is chosen: what follows is written at once."""
        self._stage = ()

    def _words(self, row: Row, table: FinalTable, number: int, by_key: dict[int, Standing]) -> tuple[str, ...]:
        first = by_key[row.keys[0]]
        state = "" if row.fan else STATES[first.phase]
        share = table.metric == "accuracy"
        cells = [
            (BEST if table.best.get(key) == number else "") + _spoken(key, row.numbers.get(key), share)
            for key, _ in COLUMNS
        ]
        tip = "" if row.fan else first.sentence or self.arena.difference(first)
        return (row.name, *cells, state, tip)

    def _write(
        self, number: int, row: Row, words: tuple[str, ...], table: FinalTable, by_key: dict[int, Standing]
    ) -> None:
        *cells, tip = words
        colors = theme.current()
        for column, text in enumerate(cells):
            item = self.table.item(number, column)
            if item is None:
                item = QTableWidgetItem()
                self.table.setItem(number, column, item)
            item.setText(text)
            item.setToolTip(f"{row.name}: {tip}" if tip else text)
            best = text.startswith(BEST)
            font = item.font()
            font.setBold(best or row.fan)
            item.setFont(font)
            item.setForeground(QBrush(QColor(colors.accent if best else colors.text)))
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        state = by_key[row.keys[0]].phase
        if not row.fan and state in ("diverged", "failed"):
            self.table.item(number, len(cells) - 1).setForeground(QBrush(QColor(colors.sick)))
        self.table.item(number, 0).setIcon(_mark(self.arena.color(row.keys[0])))

    def _name_columns(self, metric: str, table: FinalTable) -> None:
        names = ["Run", *(title.format(metric) for _, title in COLUMNS), "State"]
        present = {name for row in table.rows for name in row.numbers}
        for column, name in enumerate(names):
            item = self.table.horizontalHeaderItem(column)
            if item is None or item.text() != name:
                item = QTableWidgetItem(name)
                if not column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                self.table.setHorizontalHeaderItem(column, item)
        for column, (key, _) in enumerate(COLUMNS, 1):
            self.table.setColumnHidden(column, key in (*LOSSES, *METRICS) and bool(present) and key not in present)

    def _show_choice(self) -> None:
        chosen = self.arena.chosen
        row = self._keys.index(chosen) if chosen in self._keys else -1
        if self.table.currentRow() != row or bool(self.table.selectedItems()) != (row >= 0):
            self.table.blockSignals(True)
            self.table.setCurrentCell(row, 0)
            self.table.blockSignals(False)

    def _on_selected(self) -> None:
        row = self.table.currentRow()
        key = self._keys[row] if 0 <= row < len(self._keys) else None
        if key is not None:
            self.arena.choose(key)

    def repaint_all(self) -> None:
        self._said, self._stage = [], ()
        self.refresh(self.arena.standings)

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
