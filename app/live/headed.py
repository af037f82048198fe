"""A table whose columns have names, and stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex
SHOWN: Final = int(Qt.ItemDataRole.DisplayRole)
APART: Final = 10  # px before a number, so that two that fill their columns are not read as one


class Apart(QStyledItemDelegate):
    """Cells with some room before what stands on their right side."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index) + QSize(APART, 0)


class Headed(QAbstractTableModel):
    """Says what its columns are called; the rows are another's."""

    @property
    def head(self) -> Sequence[str]:
        return ()

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.head)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = SHOWN) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == SHOWN:
            return self.head[section]
        return None
