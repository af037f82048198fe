"""The rows of a table that only tells, as Qt asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QIcon

from app import theme

Role = Qt.ItemDataRole
Index = QModelIndex | QPersistentModelIndex
BEST: Final = "★ "
NONE: Final = QModelIndex()
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Line:
    """One row: its words from left to right, its name first; where it has a state, that is its last one.

    Attributes:
        tip: a sentence about it. mark: the number of its colour. mean: it stands for several. ill: its state is no
            good one.
    """

    cells: tuple[str, ...]
    tip: str = ""
    mark: int = -1
    mean: bool = False
    ill: bool = False


class Rows(QAbstractTableModel):
    """Says what has changed, so that a list that is looked at keeps its selection and its place."""

    def __init__(self, parent: QObject, words: int = 1) -> None:
        """``words``: so many columns from the left hold no numbers."""
        super().__init__(parent)
        self._words = words
        self.lines: tuple[Line, ...] = ()
        self.names: tuple[str, ...] = ()
        self._marks: dict[int, QIcon] = {}

    def show(self, names: Sequence[str], lines: Sequence[Line], marks: dict[int, QIcon] | None = None) -> None:
        """Put these lines in the place of those that are there; ``marks``: a sign of every colour."""
        before, self._marks = self.lines, marks or {}
        if len(lines) != len(before) or len(names) != len(self.names):
            self.beginResetModel()
            self.lines, self.names = tuple(lines), tuple(names)
            self.endResetModel()
            return
        self.lines = tuple(lines)
        if tuple(names) != self.names:
            self.names = tuple(names)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(names) - 1)
        changed = [row for row, (old, new) in enumerate(zip(before, self.lines, strict=True)) if old != new]
        if changed:  # told once: a header that fits its columns measures the whole table at every change
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(names) - 1))

    def dress(self, marks: dict[int, QIcon]) -> None:
        """The same in other colours."""
        self._marks = marks
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, len(self.names) - 1))

    def rowCount(self, parent: Index = NONE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = NONE) -> int:
        return 0 if parent.isValid() else len(self.names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.names):
            return None
        if role == Role.DisplayRole:
            return self.names[section]
        return self._side(section) if role == Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not (index.isValid() and index.row() < len(self.lines)):
            return None
        line, column = self.lines[index.row()], index.column()
        text, best = line.cells[column], line.cells[column].startswith(BEST)
        match role:
            case Role.DisplayRole:
                return text
            case Role.ToolTipRole:
                return f"{line.cells[0]}: {line.tip}" if line.tip else text
            case Role.TextAlignmentRole:
                return self._side(column)
            case Role.FontRole:
                font = QFont()
                font.setBold(best or line.mean)
                return font
            case Role.ForegroundRole:
                ill = line.ill and column == len(line.cells) - 1
                colors = theme.current()
                return QBrush(QColor(colors.sick if ill else colors.accent if best else colors.text))
            case Role.DecorationRole if not column:
                return self._marks.get(line.mark)
        return None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        return RIGHT if column >= self._words else LEFT
