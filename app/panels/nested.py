"""The editors of values inside a value: a choice among the kinds of a family, and a group of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app import theme
from app.choice import Choice
from app.panels.declarations import carried_over
from app.panels.editors import SEVERAL
from app.theme import GRID
from engine.design.declared import Declared, Value

if TYPE_CHECKING:
    from app.panels.form import Form

INDENT: Final = 2 * GRID  # of the fields of a value inside a value


class FamilyEdit(QWidget):
    """A choice among the kinds of a family, and below it the fields of the one chosen."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(self, family: type[Declared], form: Form, parent: QWidget) -> None:
        super().__init__(parent)
        self._family = family
        self._value: Declared | None = None
        self._kinds = list(family.kinds)
        self.combo = Choice(parent)
        self.combo.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(6)
        self.combo.addItems([family.kinds[kind].title or kind for kind in self._kinds])
        for row, kind in enumerate(self._kinds):
            self.combo.setItemData(row, family.kinds[kind].summary, Qt.ItemDataRole.ToolTipRole)
        self.form = form
        form.setParent(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(INDENT, 2, 0, GRID // 2)
        layout.addWidget(self.form)
        self.setFocusProxy(self.combo)
        self.combo.activated.connect(self._on_activated)
        self.form.edited.connect(self._on_edited)
        self.form.settled.connect(self.settled)

    def show_value(self, value: Declared) -> None:
        self._value = value
        self.combo.setCurrentIndex(self._kinds.index(value.kind) if value.kind in self._kinds else -1)
        self.form.show_models([value])
        self.setVisible(bool(type(value).model_fields))

    def show_mixed(self) -> None:
        self._value = None
        self.combo.setPlaceholderText(SEVERAL)
        self.combo.setCurrentIndex(-1)
        self.form.show_models([])
        self.hide()

    def setToolTip(self, text: str) -> None:
        self.combo.setToolTip(text)

    def setAccessibleName(self, name: str) -> None:
        self.combo.setAccessibleName(name)

    def setAccessibleDescription(self, text: str) -> None:
        self.combo.setAccessibleDescription(text)

    def _on_activated(self, row: int) -> None:
        self.edited.emit(carried_over(self._family.kinds[self._kinds[row]], self._value))
        self.settled.emit()

    def _on_edited(self, name: str, value: object) -> None:
        if self._value is not None:
            self.edited.emit(self._value.but(**{name: value}))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line at the left says that these fields belong to the choice above."""
        painter = QPainter(self)
        painter.fillRect(GRID // 2, 0, 2, self.height(), QColor(theme.current().border))
        painter.end()


class GroupEdit(QWidget):
    """A value inside a value: its own form."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(self, form: Form, parent: QWidget) -> None:
        super().__init__(parent)
        self._value: Value | None = None
        self.form = form
        form.setParent(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(INDENT, 2, 0, GRID // 2)
        layout.addWidget(self.form)
        self.form.edited.connect(self._on_edited)
        self.form.settled.connect(self.settled)

    def show_value(self, value: Value) -> None:
        self._value = value
        self.form.show_models([value])

    def show_mixed(self) -> None:
        self._value = None
        self.form.show_models([])

    def _on_edited(self, name: str, value: object) -> None:
        if self._value is not None:
            self.edited.emit(self._value.but(**{name: value}))
