"""The branches of a timeline in numbers, side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from app.live.numbers import percent, short, whole
from engine.training.timeline.moment import Overview

if TYPE_CHECKING:
    from app.session import Session

TITLES = ("Branch", "Grew from", "Epoch", "Loss", "Validation", "{metric}", "Lowest loss", "at epoch")


class BranchTable(QDialog):
    """Stays open beside the work; Escape closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Branches")
        self.table = QTableWidget(0, len(TITLES))
        self.table.setAccessibleName("Branches of the timeline")
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setStyleSheet("QTableWidget::item { padding: 0 8px; }")
        self.table.setFrameShape(QTableWidget.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(self.table)
        self.resize(760, 280)

    def fill(self, overview: Overview, session: Session) -> None:
        """A row per branch: where it ended, and its lowest loss."""
        regression = session.prepared is not None and session.prepared.task == "regression"
        titles = [title.format(metric="R²" if regression else "Accuracy") for title in TITLES]
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setRowCount(len(overview.branches))
        for row, branch in enumerate(overview.branches):
            parent = None if branch.parent is None else overview.branch(branch.parent)
            rows = branch.log.read()
            last = {name: float(column[-1]) if len(column) else math.nan for name, column in rows.items()}
            metric = last["metric"] if math.isnan(last["validation_metric"]) else last["validation_metric"]
            judged = rows["validation_loss"] if np.isfinite(rows["validation_loss"]).any() else rows["loss"]
            best = int(np.nanargmin(judged)) if np.isfinite(judged).any() else None
            words = (
                branch.name,
                "–" if parent is None else f"{parent.name}, epoch {branch.fork:.6g}",
                whole(last["epoch"]),
                short(last["loss"], 4),
                short(last["validation_loss"], 4),
                short(metric, 4) if regression else percent(metric),
                "–" if best is None else short(float(judged[best]), 4),
                "–" if best is None else whole(float(rows["epoch"][best])),
            )
            for place, word in enumerate(words):
                item = QTableWidgetItem(word)
                if place > 1:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, place, item)
