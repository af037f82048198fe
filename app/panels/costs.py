"""What a design costs: parameters, work and memory as they are counted, time as it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionFocusRect,
    QStylePainter,
    QWidget,
)

from app import theme
from app.canvas.look import compact
from app.elided import Elided
from app.session import Session
from app.theme import GRID, sized
from engine.design.checks import Report
from engine.design.document import Node

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

UNKNOWN = "–"
CELLS = (
    ("parameters", "Parameters", "Numbers that are learnt"),
    ("multiply_adds", "Multiply-adds", "Of one forward pass over one example"),
    ("memory", "Memory", "While training: parameters, gradients, optimizer, one batch of activations"),
    ("epoch", "One epoch", "Measured: how long all examples take once, the waiting of a set pace included"),
    ("left", "Time left", "Measured: until the last epoch"),
)


class CostCard(QFrame):
    """Of the selected boxes, with their share of the whole; of the whole design where nothing is selected."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._dearest = ""
        self.setAccessibleName("Costs")
        self.values: dict[str, Elided] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, GRID // 2)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(0)
        for place, (key, title, help) in enumerate(CELLS):
            value = self.values[key] = Elided(self)
            value.setAccessibleName(title)
            value.setText(UNKNOWN)
            self._put(layout, place, title, value, help)
        self.dearest = NameButton(self)
        self.dearest.setCursor(Qt.CursorShape.PointingHandCursor)
        self.dearest.clicked.connect(self._on_clicked)
        self._put(layout, len(CELLS), "Costliest layer", self.dearest, "")
        for column in range(3):
            layout.setColumnStretch(column, 1)

    def _put(self, layout: QGridLayout, place: int, title: str, value: QWidget, help: str) -> None:
        caption = Elided(self)  # with large letters three columns have no room for all of it
        caption.setText(title)
        theme.set_role(caption, "dim")
        caption.setFont(sized(self.font(), 0.85))
        value.setMinimumWidth(1)
        for widget in (caption, value):
            widget.setToolTip(help)
        row, column = divmod(place, 3)
        layout.addWidget(caption, 3 * row, column)
        layout.addWidget(value, 3 * row + 1, column)
        layout.setRowMinimumHeight(3 * row + 2, GRID // 2)

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Show what these boxes cost; all, where none is given."""
        report = self._session.report
        costs = [report.costs[node.id] for node in nodes or self._session.document.nodes if node.id in report.costs]
        self.setVisible(bool(costs))
        self._say("parameters", f"{sum(cost.parameters for cost in costs):,}")
        self._say("multiply_adds", compact(sum(cost.multiply_adds for cost in costs)))
        self._say("memory", size_in_words(sum(cost.bytes for cost in costs)))
        self._dearest, share = dearest(report)
        label = self._session.document.by_id[self._dearest].label if self._dearest else UNKNOWN
        self.dearest.setText(label)
        self.dearest.setEnabled(bool(self._dearest))
        self.dearest.setAccessibleName(f"Costliest layer: {label}")
        self.dearest.setToolTip(f"{label}: {share:.0%} of all multiply-adds. Click to select it." if share else "")

    def _say(self, key: str, words: str) -> None:
        if words != self.values[key].text():
            self.values[key].setText(words)

    def refresh(self, trainer: Trainer) -> None:
        """Show the measured times."""
        status, prepared = trainer.status, self._session.prepared
        seconds: float | None = None
        if prepared is not None and status.steps_per_second > 0:
            rows = prepared.train.stop - prepared.train.start
            seconds = ceil(rows / self._session.document.training.batch_size) / status.steps_per_second
        self._say("epoch", time_in_words(seconds))
        self._say("left", time_in_words(status.remaining))

    def _on_clicked(self) -> None:
        if self._dearest:
            self._session.select([self._dearest])


class NameButton(QAbstractButton):
    """A name among values that can be clicked; where room is scarce its middle is left out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(11 * GRID, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawItemText(self.rect(), left, self.palette(), self.isEnabled(), words, QPalette.ColorRole.ButtonText)
        if self.hasFocus():
            option = QStyleOptionFocusRect()
            option.initFrom(self)
            painter.drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option)


def dearest(report: Report) -> tuple[str, float]:
    """The node with the most multiply-adds, and its share of all; "" where nothing is multiplied."""
    work = {id: cost.multiply_adds for id, cost in report.costs.items()}
    whole = sum(work.values())
    if not whole:
        return "", 0.0
    id = max(work, key=work.__getitem__)
    return id, work[id] / whole


def size_in_words(count: int) -> str:
    """A size as people say it: 2.8 kB."""
    size, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.3g} {unit}"


def time_in_words(seconds: float | None) -> str:
    """A time in at most six signs: 0.42 ms, 12 ms, 3.1 s, 4:05, 2 h 10."""
    if seconds is None:
        return UNKNOWN
    if seconds < 1:
        return f"{1000 * seconds:.2g} ms" if seconds < 0.0995 else f"{1000 * seconds:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes = round(seconds) // 60
    return f"{minutes}:{round(seconds) % 60:02d}" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"
