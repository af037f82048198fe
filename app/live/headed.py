"""A table whose columns have names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
SHOWN: Final = int(Qt.ItemDataRole.DisplayRole)


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
