"""A layer's values in a row, below them the formulas beside the weights, or one of both where there is little room."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTextBrowser, QVBoxLayout, QWidget

from app import theme
from app.live.why.page import style_sheet
from app.live.why.strip import ValueStrip
from app.live.why.weights import WeightTable
from app.theme import GRID

WIDE: Final = 640  # px from which formulas and weights stand side by side
LARGER: Final = 1.25  # times the other letters: of formulas on twice that room, with their small indices


class WhyBody(QWidget):
    """Tells what is clicked, and decides nothing but who has how much room."""

    def __init__(self) -> None:
        super().__init__()
        self.strip = ValueStrip()
        self.page = QTextBrowser()
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.setAccessibleName("Formulas with their numbers")
        self.page.setMinimumSize(120, 40)
        self.page.document().setDocumentMargin(GRID)
        self.table = WeightTable()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        for widget in (self.page, self.table):
            self._split.addWidget(widget)
        self._split.setSizes([600, 400])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self._split, 1)

    @property
    def letters(self) -> int:
        """How many of them have room beside each other on the page."""
        return self.page.viewport().width() // self.page.fontMetrics().averageCharWidth()

    def write(self, html: str) -> None:
        """Stay where the user has scrolled to while only numbers change."""
        bar = self.page.verticalScrollBar()
        place = bar.value()
        self.page.document().setDefaultStyleSheet(style_sheet())
        self.page.setHtml(html)
        bar.setValue(place)

    def share_room(self, width: int, explains: bool, learns: bool, wants_weights: bool) -> None:
        """Side by side where ``width`` px are room enough, else the formulas, or the weights where they are wanted."""
        wide = width >= WIDE
        self.page.setFont(theme.sized(self.font(), LARGER if width >= 2 * WIDE else 1.0))
        self.strip.setVisible(wide or not explains)
        listed = learns and (wide or wants_weights)
        self.table.setVisible(listed)
        self.page.setVisible(wide or not listed)
