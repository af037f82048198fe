"""A form made from the declared fields of any frozen value, or of several values at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app import theme
from app.icons import icon
from app.panels.declarations import common_fields, in_words, plain_type, range_of, unit_of
from app.panels.fields import editor_for
from app.panels.nested import INDENT, FamilyEdit, GroupEdit
from app.panels.text_editors import LinesEdit
from app.theme import GRID
from engine.design.declared import Declared, Value
from engine.design.explain import faults

WIDEST: Final = 72  # letters of a page with a form: a field as wide as a window tears its ends apart
TITLE: Final = 15  # letters that the title of a field has room for in one line


class Form(QWidget):
    """One row per field: title, editor, what is wrong with it, and a way back to the default.

    The form changes nothing: it says what shall change, and shows what it is given.

    Signals:
        edited: (field name, new value); the value is valid in every model shown.
        settled: the gesture is over; what follows is another undo step.
    """

    edited = Signal(str, object)
    settled = Signal()

    def __init__(self, model: Value | None = None, parent: QWidget | None = None, indent: int = 0) -> None:
        super().__init__(parent)
        self._indent = indent
        self._models: tuple[Value, ...] = ()
        self.rows: dict[str, Row] = {}
        self._below: dict[str, QWidget] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)
        if model is not None:
            self.show_models([model])

    @property
    def models(self) -> tuple[Value, ...]:
        """What is shown."""
        return self._models

    def attach(self, field: str, widget: QWidget) -> None:
        """From now on show a widget below a field, wherever a model has it; the caller shows it when it has to say."""
        self._below[field] = widget
        widget.setParent(self)
        widget.hide()

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
            row.blockSignals(True)  # it loses the keys with half a value in it, which is not for what is shown now
            self._layout.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        self.rows = {}
        for widget in self._below.values():
            self._layout.removeWidget(widget)
            widget.hide()
        for name, field in common_fields(kinds).items():
            row = self.rows[name] = Row(name, field, self, self._indent)
            row.tried.connect(partial(self._on_tried, name))
            row.edited.connect(partial(self._on_edited, name))
            row.settled.connect(self.settled)
            self._layout.addWidget(row)
            if name in self._below:
                self._layout.addWidget(self._below[name])

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


class Row(QWidget):
    """One field. A family of kinds (an optimizer, an initialiser) brings the form of the chosen kind with it."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()

    def __init__(self, name: str, field: FieldInfo, parent: QWidget, indent: int) -> None:
        super().__init__(parent)
        self._indent = indent
        self.name, self.field = name, field
        kind, _ = plain_type(field.annotation)
        nested = isinstance(kind, type) and issubclass(kind, Value)
        if nested and issubclass(kind, Declared):
            self.editor: Any = FamilyEdit(kind, Form(indent=indent + INDENT), self)
        elif nested:
            self.editor = GroupEdit(Form(indent=indent + INDENT), self)
        else:
            self.editor = editor_for(field, self)
        title, unit = field.title or name.replace("_", " ").capitalize(), unit_of(field)
        self.label = QLabel(title, self)
        self.label.setBuddy(self.editor)
        self._fit_title()
        self.label.setWordWrap(True)
        if isinstance(self.editor, LinesEdit):
            self.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.problem = QLabel(self, wordWrap=True)
        theme.set_role(self.problem, "sick")
        self.problem.hide()
        self.reset = QToolButton(self, autoRaise=True)
        self.reset.setIcon(icon("mdi6.restore", theme.current().dim))
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
        help = "\n".join(part for part in (self.field.description or "", range_of(self.field)) if part)
        for widget in (self.label, self.editor):
            widget.setToolTip(help)
        self.editor.setAccessibleName(f"{title}, {unit}" if unit else title)
        self.editor.setAccessibleDescription(help)
        default = self._default
        self.reset.setToolTip(f"Back to {in_words(default)}")
        self.reset.setAccessibleName(f"Reset {title}")

    def _lay_out(self) -> None:
        nested = isinstance(self.editor, FamilyEdit | GroupEdit)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID // 2)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.label, 0, 0)
        if isinstance(self.editor, FamilyEdit):
            grid.addWidget(self.editor.combo, 0, 1)
        elif not nested:
            grid.addWidget(self.editor, 0, 1)
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
            self.reset.setIcon(icon("mdi6.restore", theme.current().dim))
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_title()

    def _fit_title(self) -> None:
        """Titles of all rows are as wide, also of those that stand in a value of another."""
        self.label.setFixedWidth(TITLE * self.fontMetrics().averageCharWidth() - self._indent)

    def _on_reset_clicked(self) -> None:
        self.edited.emit(self._default)
        self.settled.emit()
