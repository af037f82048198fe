"""The command palette: type a few letters of anything, press Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from app import theme
from app.framed import Framed
from app.help.commands import Command, chosen, commands_of
from app.steering import Steering
from app.theme import GRID, sized

if TYPE_CHECKING:
    from app.main_window import MainWindow

COMMAND: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
SIZE: Final = QSize(70 * GRID, 54 * GRID)
BELOW_TOP: Final = 9 * GRID


class CommandPalette(Framed):
    """Opens over the top of the window; Enter does the chosen entry, Esc or a click elsewhere closes it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(ground="surface", parent=window)
        self.setWindowFlags(Qt.WindowType.Popup)
        self._window = window
        self._commands: list[Command] = []
        self.setAccessibleName("Command palette")
        self.search = QLineEdit(self, placeholderText="Do, add, open, learn from, look up …")
        self.search.setAccessibleName("Search commands")
        self.search.setTextMargins(6, 4, 6, 4)
        self.search.setFont(sized(self.search.font(), 1.1))
        self.model = _Model(self)
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName("Commands")
        self.nothing = QLabel("Nothing of that name.", self)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self.nothing, "dim")
        self.tip = QLabel(self)
        theme.set_role(self.tip, "dim")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        for widget, stretch in ((self.search, 0), (self.list, 1), (self.nothing, 1), (self.tip, 0)):
            layout.addWidget(widget, stretch)
        self.search.textChanged.connect(self._on_typed)
        self.search.returnPressed.connect(self._on_return_pressed)
        Steering(self.search, self.list, self)
        self.list.clicked.connect(self._do)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)

    def ask(self) -> None:
        """Open, with all that can be done now."""
        self._commands = commands_of(self._window)
        self.search.clear()
        self._on_typed("")
        window = self._window
        size = SIZE.boundedTo(window.size() - QSize(4 * GRID, 2 * BELOW_TOP))
        self.resize(size)
        self.move(window.mapToGlobal(window.rect().topLeft()).x() + (window.width() - size.width()) // 2,
                  window.mapToGlobal(window.rect().topLeft()).y() + BELOW_TOP)  # fmt: skip
        self.show()
        self._show_tip(self.list.currentIndex())  # again, now that it is known how much of it fits
        self.search.setFocus()

    def _on_typed(self, words: str) -> None:
        found = chosen(words, self._commands)
        self.model.show(found)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.tip.clear()
        first = next((row for row, command in enumerate(found) if command.enabled), -1)
        if first >= 0:
            self.list.setCurrentIndex(self.model.index(first))
        self.list.scrollToTop()

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._show_tip(current)

    def _show_tip(self, current: QModelIndex) -> None:
        command: Command | None = current.data(COMMAND)
        words = command.tip if command else ""
        self.tip.setText(self.tip.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, self.tip.width()))

    def _on_return_pressed(self) -> None:
        self._do(self.list.currentIndex())

    def _do(self, index: QModelIndex) -> None:
        command: Command | None = index.data(COMMAND)
        if command is not None and command.enabled:
            # Closed first: what is done may open a window of its own, or look where the focus is.
            self.hide()
            self._window.activateWindow()
            command.run()


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._commands: list[Command] = []

    def show(self, commands: list[Command]) -> None:
        self.beginResetModel()
        self._commands = commands
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._commands)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        command = self._commands[index.row()]
        if role == COMMAND:
            return command
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{command.what}: {command.title}" + ("" if command.enabled else " (not possible now)")
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return ", ".join(part for part in (command.tip, command.keys) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self._commands[index.row()].enabled:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags


class _Delegate(QStyledItemDelegate):
    """What kind of entry it is, its name, and its keys at the right edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(20 * GRID, option.fontMetrics.height() + GRID + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colors, command = theme.current(), index.data(COMMAND)
        rect: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colors.selection))
        elif option.state & QStyle.StateFlag.State_MouseOver and command.enabled:
            painter.fillRect(rect, QColor(colors.surface))
        metrics = painter.fontMetrics()
        what = metrics.horizontalAdvance("Learn from") + 2 * GRID
        right = rect.right() - GRID
        keys = command.keys if command.enabled else "not now"
        painter.setPen(QColor(colors.dim if command.enabled else colors.disabled))
        words = rect.adjusted(GRID, 0, -GRID, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, keys)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, command.where)
        painter.setPen(QColor(colors.text if command.enabled else colors.disabled))
        words.setLeft(words.left() + what)
        words.setRight(right - metrics.horizontalAdvance(keys) - 2 * GRID)
        title = metrics.elidedText(command.title, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()
