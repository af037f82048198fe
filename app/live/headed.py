"""A table whose columns have names, keep to one side and stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHeaderView, QStyle, QTableView

from app import theme

Index = QModelIndex | QPersistentModelIndex
SHOWN: Final = int(Qt.ItemDataRole.DisplayRole)
LEFT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
APART: Final = 10  # px before a number, so that two that fill their columns are not read as one


class FlatHeader(QHeaderView):
    """Names without frames, a little dimmer than what they head, over a line."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def sectionSizeFromContents(self, column: int) -> QSize:
        return super().sectionSizeFromContents(column) + QSize(APART, 4)

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        model = self.model()
        side = model.headerData(column, self.orientation(), Qt.ItemDataRole.TextAlignmentRole)
        name = str(model.headerData(column, self.orientation()) or "")
        inset = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1  # as words stand in cells
        room = rect.adjusted(inset, 0, -inset, 0)
        painter.setPen(QColor(theme.current().dim))
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, side or Qt.AlignmentFlag.AlignCenter, name)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(QColor(theme.current().border))
        bottom = self.viewport().height() - 1
        painter.drawLine(0, bottom, self.viewport().width(), bottom)


class FittedTable(QTableView):
    """Columns as wide as what stands in them, with some room before what stands on their right side.

    A header that fits its columns asks for every one of them at every layout: each is measured once for what it holds.
    """

    def __init__(self, model: QAbstractItemModel) -> None:
        super().__init__()
        self._widths: dict[int, int] = {}
        for changed in (model.modelReset, model.dataChanged, model.headerDataChanged):
            changed.connect(self._forget)  # before the view hears of it, and measures
        self.setModel(model)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.setHorizontalHeader(FlatHeader())
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)  # where no row is, it is as what is around it

    def _forget(self) -> None:
        self._widths.clear()

    def sizeHintForColumn(self, column: int) -> int:
        if column not in self._widths:
            self._widths[column] = super().sizeHintForColumn(column) + APART
        return self._widths[column]

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._widths.clear()
        super().changeEvent(event)


class Headed(QAbstractTableModel):
    """Says what its columns are called, and on which side they and their names stand; the rows are another's."""

    @property
    def head(self) -> Sequence[str]:
        return ()

    def side(self, column: int) -> Qt.AlignmentFlag:
        """Numbers stand on the right."""
        return RIGHT

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.head)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = SHOWN) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == SHOWN:
            return self.head[section]
        return self.side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None
