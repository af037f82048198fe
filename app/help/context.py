"""What F1 is asked about: the field, the layer or the panel that has the focus, as the address of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QApplication, QWidget

from app.help.pages import INDEX, SETTINGS, family_of
from app.layer_list import ENTRY
from app.panels.form import FamilyEdit, Form, Row
from app.panels.palette import Palette
from engine.design.declared import Declared, Value
from engine.layers import Layer

if TYPE_CHECKING:
    from app.main_window import MainWindow

DOCKS: Final = {  # what the panels themselves are about
    "palette": INDEX,
    "data": "topic/data",
    "problems": "topic/shapes",
    "doctor": "topic/doctor",
    "loss": "topic/reading_the_loss",
    "compare": "topic/comparing",
    "gradients": "topic/vanishing_gradients",
    "fit": "topic/overfitting",
    "space": "topic/warped_space",
    "why": "topic/why_this_number",
}


def asked(window: MainWindow) -> str:
    """The page that a person means who presses F1 now."""
    focus = QApplication.focusWidget()
    row = _above(focus, Row)
    if row is not None:
        found = address_of_row(row)
        if found:
            return found
    if page := _page_above(focus):
        return page
    palette = _above(focus, Palette)
    if palette is not None and palette.list.currentIndex().isValid():
        entry = palette.list.currentIndex().data(ENTRY)
        if entry is not None:
            return f"layer/{entry.kind}"
    bar = window.timeline.bar
    if bar is not None and focus is not None and bar.isAncestorOf(focus):
        return "topic/timeline"
    dock = next((key for key, dock in window.docks.items() if focus is not None and dock.isAncestorOf(focus)), "")
    if dock == "data":
        return f"data/{window.session.document.data.kind}"
    if dock not in DOCKS:
        return _selected(window) or INDEX
    return DOCKS[dock]


def address_of_row(row: Row) -> str:
    """The page of a form's row: of the kind that is chosen in it, else of its field."""
    form = row.parentWidget()
    if not isinstance(form, Form) or not form.models:
        return ""
    model = form.models[0]
    value = getattr(model, row.name, None)
    extra = row.field.json_schema_extra if isinstance(row.field.json_schema_extra, dict) else {}
    if extra.get("choices") == "activations":
        return f"activation/{value}"
    if isinstance(row.editor, FamilyEdit) and isinstance(value, Declared):
        return f"{family_of(type(value))}/{value.kind}"
    return address_of_field(model, row.name)


def address_of_field(model: Value, field: str) -> str:
    """The page on which a field is told of; empty where it is on none."""
    family = family_of(type(model))
    if family in SETTINGS:
        return f"{family}/{field}"
    return f"{family}/{model.kind}#{field}" if family and isinstance(model, Declared) else ""


def _selected(window: MainWindow) -> str:
    """The page of what is selected on the canvas."""
    document = window.session.document
    layers = [node.layer for node in document.nodes if node.id in window.session.selection]
    kinds = {layer.kind for layer in layers}
    return f"layer/{layers[0].kind}" if len(kinds) == 1 and layers[0].kind in Layer.kinds else ""


def _above(widget: QWidget | None, kind: type) -> QWidget | None:
    """The nearest widget of a kind that holds another, or is it."""
    while widget is not None and not isinstance(widget, kind):
        widget = widget.parentWidget()
    return widget


def _page_above(widget: QWidget | None) -> str:
    """The page that a widget, or the nearest one that holds it, has named as its own in the property ``page``."""
    while widget is not None and not widget.property("page"):
        widget = widget.parentWidget()
    return str(widget.property("page")) if widget is not None else ""
