"""The branches of a timeline in numbers, side by side."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.live.headed import FittedTable
from app.live.numbers import percent, short, whole
from app.live.rows import Line, Rows
from engine.training.timeline.moment import Branch, Overview

if TYPE_CHECKING:
    from app.session import Session

TITLES: Final = ("Branch", "Grew from", "Epoch", "Loss", "Validation", "{metric}", "{lowest}", "At epoch")
NONE: Final = "–"
NARROWEST: Final = 80  # px of a column: what stands in two of them does not run into each other


class BranchTable(QDialog):
    """Stays open beside the work; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Branches")
        self.rows = Rows(self, words=2)
        table = FittedTable(self.rows)
        table.setAccessibleName("Branches of the timeline")
        table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QTableView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setAlternatingRowColors(True)
        header = table.horizontalHeader()
        header.setMinimumSectionSize(NARROWEST)
        self.rows.show(TITLES, ())
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(table)
        self.resize(760, 280)

    def fill(self, overview: Overview, session: Session) -> None:
        """A row per branch: where it ended, and its lowest loss."""
        prepared = session.prepared
        regression = prepared is not None and prepared.task == "regression"
        validated = prepared is not None and prepared.validation.stop > prepared.validation.start
        metric = "R²" if regression else "Accuracy"
        lowest = "Lowest validation" if validated else "Lowest loss"
        titles = [title.format(metric=metric, lowest=lowest) for title in TITLES]
        self.rows.show(titles, [_line(branch, overview, regression) for branch in overview.branches])


def _line(branch: Branch, overview: Overview, regression: bool) -> Line:
    parent = None if branch.parent is None else overview.branch(branch.parent)
    last, best = branch.log.last() or {}, branch.log.best()
    validated, trained = last.get("validation_metric", nan), last.get("metric", nan)
    metric = trained if isnan(validated) else validated
    return Line((
        branch.name,
        NONE if parent is None else f"{parent.name}, epoch {branch.fork:.6g}",
        whole(last.get("epoch", nan)),
        short(last.get("loss", nan), 4),
        short(last.get("validation_loss", nan), 4),
        short(metric, 4) if regression else percent(metric),
        NONE if best is None else short(best[1], 4),
        NONE if best is None else whole(best[0]),
    ))  # fmt: skip
