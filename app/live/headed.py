"""A table whose columns have names, keep to one side and stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex
SHOWN: Final = int(Qt.ItemDataRole.DisplayRole)
LEFT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
RIGHT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
APART: Final = 10  # px before a number, so that two that fill their columns are not read as one


class Apart(QStyledItemDelegate):
    """Cells with some room before what stands on their right side."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index) + QSize(APART, 0)


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
