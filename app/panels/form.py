"""A form made from the declared fields of any frozen value, or of several values at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app import theme
from app.panels.fields import SEVERAL, editor_for, plain_type
from app.theme import GRID
from engine.design.declared import Declared, Value
from engine.design.explain import faults

LABEL_WIDTH: Final = 13 * GRID
INDENT: Final = 2 * GRID  # of the fields of a value inside a value


class Form(QWidget):
    """One row per field: title, editor, what is wrong with it, and a way back to the default.

    The form changes nothing: it says what shall change, and shows what it is given.

    Signals:
        edited: (field name, new value); the value is valid in every model shown.
        settled: the gesture is over; what follows is another undo step.
    """

    edited = Signal(str, object)
    settled = Signal()

    def __init__(
        self, model: Value | None = None, parent: QWidget | None = None, label_width: int = LABEL_WIDTH
    ) -> None:
        super().__init__(parent)
        self._label_width = label_width
        self._models: tuple[Value, ...] = ()
        self.rows: dict[str, Row] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)
        if model is not None:
            self.show_models([model])

    def show_models(self, models: Sequence[Value]) -> None:
        """Show the fields that all models have in common; a field in which they differ says so."""
        kinds = [type(model) for model in models]
        if kinds != [type(model) for model in self._models]:
            self._build(kinds)
        self._models = tuple(models)
        for name, row in self.rows.items():
            values = [getattr(model, name) for model in models]
            row.show_values(values)

    def _build(self, kinds: Sequence[type[Value]]) -> None:
        for row in self.rows.values():
            self._layout.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        self.rows = {}
        for name, field in common_fields(kinds).items():
            row = self.rows[name] = Row(name, field, self, self._label_width)
            row.tried.connect(partial(self._on_tried, name))
            row.edited.connect(partial(self._on_edited, name))
            row.settled.connect(self.settled)
            self._layout.addWidget(row)

    def _on_tried(self, name: str, value: object) -> None:
        self.rows[name].complain(self._refusal(name, value))

    def _on_edited(self, name: str, value: object) -> None:
        reason = self._refusal(name, value)
        self.rows[name].complain(reason)
        if not reason:
            self.edited.emit(name, value)
            row = self.rows.get(name)
            if row is not None and row.parent() is not None:
                row.show_accepted(value)

    def _refusal(self, name: str, value: object) -> str:
        """Why a value will not do in one of the models; empty when it will."""
        for model in self._models:
            try:
                model.but(**{name: value})
            except ValidationError as error:
                return faults(error)[0].reason.partition(", and ")[0]
        return ""


def common_fields(kinds: Sequence[type[BaseModel]]) -> dict[str, FieldInfo]:
    """The fields that every class has under one name with one type, in the order of the first."""
    if not kinds:
        return {}
    first, *others = (kind.model_fields for kind in dict.fromkeys(kinds))
    return {
        name: field
        for name, field in first.items()
        if all(name in other and other[name].annotation == field.annotation for other in others)
    }


class Row(QWidget):
    """One field. A family of kinds (an optimizer, an initialiser) brings the form of the chosen kind with it."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()

    def __init__(self, name: str, field: FieldInfo, parent: QWidget, label_width: int) -> None:
        super().__init__(parent)
        self.name, self.field = name, field
        kind, _ = plain_type(field.annotation)
        nested = isinstance(kind, type) and issubclass(kind, Value)
        if nested and issubclass(kind, Declared):
            self.editor: Any = FamilyEdit(kind, self, label_width)
        elif nested:
            self.editor = GroupEdit(self, label_width)
        else:
            self.editor = editor_for(field, self)
        title, unit = field.title or name.replace("_", " ").capitalize(), _unit(field)
        self.label = QLabel(title, self)
        self.label.setBuddy(self.editor)
        self.label.setFixedWidth(label_width)
        self.label.setWordWrap(True)
        self.unit = QLabel(unit, self)
        self.unit.setProperty("role", "dim")
        self.unit.setVisible(bool(unit))
        self.problem = QLabel(self, wordWrap=True)
        self.problem.setProperty("role", "problem")
        self.problem.hide()
        self.reset = QToolButton(self, autoRaise=True)
        self.reset.setIcon(_reset_icon(theme.current().dim))
        self.reset.setFixedSize(3 * GRID, 3 * GRID)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self._describe(title, unit)
        self._lay_out()
        self.editor.tried.connect(self.tried)
        self.editor.edited.connect(self.edited)
        self.editor.settled.connect(self.settled)
        self.editor.wrong.connect(self.complain)
        self.reset.clicked.connect(self._on_reset_clicked)

    def _describe(self, title: str, unit: str) -> None:
        help = "\n".join(part for part in (self.field.description or "", _range(self.field)) if part)
        for widget in (self.label, self.editor):
            widget.setToolTip(help)
        self.editor.setAccessibleName(f"{title}, {unit}" if unit else title)
        self.editor.setAccessibleDescription(help)
        default = self._default
        self.reset.setToolTip(f"Back to {_words(default)}")
        self.reset.setAccessibleName(f"Reset {title}")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(GRID // 2)
        nested = isinstance(self.editor, FamilyEdit | GroupEdit)
        if isinstance(self.editor, FamilyEdit):
            line.addWidget(self.editor.combo, 1)
        elif not nested:
            line.addWidget(self.editor, 1)
        line.addWidget(self.unit)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID // 2)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.label, 0, 0)
        grid.addLayout(line, 0, 1)
        grid.addWidget(self.reset, 0, 2)
        grid.addWidget(self.problem, 1, 1, 1, 2)
        if nested:
            grid.addWidget(self.editor, 2, 0, 1, 3)

    @property
    def _default(self) -> Any:
        return self.field.get_default(call_default_factory=True)

    def show_values(self, values: Sequence[Any]) -> None:
        if any(value != values[0] for value in values):
            self.editor.show_mixed()
        else:
            self.editor.show_value(values[0])
        self.reset.setVisible(not self.field.is_required() and any(value != self._default for value in values))
        if not getattr(self.editor, "pending", False):
            self.complain("")

    def show_accepted(self, value: object) -> None:
        """Show a value that was typed as it is written by rule: 128 for 2**7."""
        self.editor.show_value(value)

    def complain(self, reason: str) -> None:
        """Say what is wrong with what stands in the field; nothing, when it is empty."""
        self.problem.setText(reason[:1].upper() + reason[1:])
        self.problem.setVisible(bool(reason))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.reset.setIcon(_reset_icon(theme.current().dim))
        super().changeEvent(event)

    def _on_reset_clicked(self) -> None:
        self.edited.emit(self._default)
        self.settled.emit()


class FamilyEdit(QWidget):
    """A choice among the kinds of a family, and below it the fields of the one chosen."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(self, family: type[Declared], parent: QWidget, label_width: int) -> None:
        super().__init__(parent)
        self._family = family
        self._value: Declared | None = None
        self._kinds = list(family.kinds)
        self.combo = _Combo(parent)
        self.combo.addItems([family.kinds[kind].title or kind for kind in self._kinds])
        for row, kind in enumerate(self._kinds):
            self.combo.setItemData(row, family.kinds[kind].summary, Qt.ItemDataRole.ToolTipRole)
        self.form = Form(parent=self, label_width=label_width - INDENT)
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


class _Combo(QComboBox):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def wheelEvent(self, event: Any) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


def carried_over(kind: type[Declared], before: Declared | None) -> Declared:
    """The kind with its defaults, but with what the one before said under the same names, where that is allowed."""
    made = kind()
    for name in kind.model_fields:
        if before is not None and name in type(before).model_fields:
            try:
                made = made.but(**{name: getattr(before, name)})
            except ValidationError:
                continue
    return made


class GroupEdit(QWidget):
    """A value inside a value: its own form."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(self, parent: QWidget, label_width: int) -> None:
        super().__init__(parent)
        self._value: Value | None = None
        self.form = Form(parent=self, label_width=label_width - INDENT)
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


@cache
def _reset_icon(color: str) -> QIcon:
    import qtawesome  # slow to import: only once a form is there to be seen

    return qtawesome.icon("mdi6.restore", color=color)


def _unit(field: FieldInfo) -> str:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return str(extra.get("unit", ""))


def _range(field: FieldInfo) -> str:
    """The bounds in words, for the help."""
    words = {"ge": "at least", "gt": "greater than", "le": "at most", "lt": "less than"}
    said = [
        f"{word} {bound:,}"
        for constraint in field.metadata
        for name, word in words.items()
        if (bound := getattr(constraint, name, None)) is not None
    ]
    text = ", ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _words(value: object) -> str:
    if isinstance(value, Declared):
        return value.title or value.kind
    return "automatic" if value is None else str(value) or "nothing"
