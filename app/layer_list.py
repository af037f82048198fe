"""A list of layers as the palette and the search on the canvas show it: icon, title, a few words of explanation."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app import catalogue, theme
from app.catalogue import Entry
from app.theme import GRID

ENTRY: Final = Qt.ItemDataRole.UserRole
TWO_LINES: Final = 25  # letters across, below which a list tells what a layer is for only where the mouse rests
SIDE: Final = 20  # px of an icon
Index = QModelIndex | QPersistentModelIndex


class LayerModel(QAbstractListModel):
    """Rows are entries, and, where ``headed``, a heading (a plain string) before each category."""

    def __init__(self, headed: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headed = headed
        self._rows: list[Entry | str] = []

    def show(self, entries: tuple[Entry, ...]) -> None:
        self.beginResetModel()
        self._rows = []
        for entry in entries:
            if self._headed and not any(
                isinstance(row, Entry) and row.category == entry.category for row in self._rows
            ):
                self._rows.append(entry.category)
            self._rows.append(entry)
        self.endResetModel()

    def first(self) -> QModelIndex:
        """The first row that is a layer; invalid in an empty list."""
        return next((self.index(row) for row, held in enumerate(self._rows) if isinstance(held, Entry)), QModelIndex())

    def index_of(self, entry: Entry) -> QModelIndex:
        return self.index(self._rows.index(entry))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        held = self._rows[index.row()]
        if role == ENTRY:
            return held if isinstance(held, Entry) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return held.title if isinstance(held, Entry) else held
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return held.summary if isinstance(held, Entry) else None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self._rows[index.row()], Entry):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        return Qt.ItemFlag.NoItemFlags


class LayerDelegate(QStyledItemDelegate):
    """Draws an entry beside its icon, in two lines where there is room for what it is for; a heading in one."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = option.fontMetrics.height()
        if index.data(ENTRY) is None:
            return QSize(10 * GRID, line + 2 * GRID)
        return QSize(10 * GRID, 2 * line + GRID if has_room(option.widget) else max(line, SIDE) + GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colors, entry = theme.current(), index.data(ENTRY)
        painter.save()
        if entry is None:
            _write(painter, option.rect.adjusted(GRID, GRID, -GRID, 0), index.data(), 0.9, True, colors.dim)
        else:
            _paint_entry(painter, option, entry, colors)
        painter.restore()


def has_room(view: QWidget) -> bool:
    """Whether its entries say what a layer is for. Asked of the whole list: a bar for scrolling must not change it."""
    return view.width() >= TWO_LINES * view.fontMetrics().averageCharWidth()


def _paint_entry(painter: QPainter, option: QStyleOptionViewItem, entry: Entry, colors: theme.Theme) -> None:
    rect: QRect = option.rect
    state = option.state
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, QColor(colors.selection))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, QColor(colors.raised))
    icon = catalogue.icon(entry.kind, entry.category, colors.category(entry.category))
    icon.paint(painter, QRect(rect.left() + GRID, rect.center().y() - SIDE // 2, SIDE, SIDE))
    words = rect.adjusted(2 * GRID + SIDE, GRID // 2, -GRID, -GRID // 2)
    if not has_room(option.widget):
        _write(painter, words, entry.title, 1.0, False, colors.text)
        return
    line = words.height() // 2
    _write(painter, words.adjusted(0, 0, 0, -line), entry.title, 1.0, False, colors.text)
    _write(painter, words.adjusted(0, line, 0, 0), entry.brief or entry.summary, 0.88, False, colors.dim)


def _write(painter: QPainter, rect: QRect, text: str, size: float, bold: bool, color: str) -> None:
    before = painter.font()
    painter.setFont(theme.sized(before, size, bold))
    painter.setPen(QColor(color))
    text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.setFont(before)
