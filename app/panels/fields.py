"""Which editor a declared field gets: the table from types to widgets."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtWidgets import QWidget

from app.panels.arithmetic import number, shown
from app.panels.declarations import Bounds, plain_type, unit_of, zero_of
from app.panels.editors import ChoiceEdit, NumberEdit, SwitchEdit, TextEdit
from app.panels.text_editors import FileEdit, LinesEdit


def _activations() -> list[tuple[str, str]]:
    from engine.kernels.activations import ACTIVATIONS

    return [(name, row.title) for name, row in ACTIVATIONS.items()]


SIGNS: Final = {
    "\t": "Tab", " ": "Space", ",": "Comma  ,", ";": "Semicolon  ;", "|": "Bar  |", ".": "Point  .", ":": "Colon  :",
}  # fmt: skip
CHOICES: Final[dict[str, Callable[[], list[tuple[str, str]]]]] = {"activations": _activations}


def editor_for(field: FieldInfo, parent: QWidget | None = None) -> Any:
    """The widget that edits a field of a plain type: `show_value`, `show_mixed`, and the signals of `TextEdit`."""
    kind, optional = plain_type(field.annotation)
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    named = CHOICES.get(str(extra.get("choices", "")))
    if named is not None:
        return ChoiceEdit(_with_none(named(), optional), parent)
    if get_origin(kind) is Literal:
        titles = dict(_activations())
        spoken = [(value, titles.get(value) or spelled(value)) for value in get_args(kind)]
        return ChoiceEdit(_with_none(spoken, optional), parent)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ChoiceEdit(_with_none([(member, str(member.value)) for member in kind], optional), parent)
    if kind is bool:
        return (
            ChoiceEdit(_with_none([(True, "Yes"), (False, "No")], optional), parent) if optional else SwitchEdit(parent)
        )
    if kind in (int, float):
        return NumberEdit(kind is int, optional, Bounds.of(field), parent, unit_of(field), zero_of(field))
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0] if get_args(kind) else str
        return TextEdit(_reader_of_many(inner, optional), _written_many, parent, _empty(field))
    if extra.get("widget") == "file":
        return FileEdit(parent)
    if extra.get("widget") == "text":
        return LinesEdit(parent, _empty(field))
    read = _text_or_none if optional else str
    return TextEdit(read, lambda value: "" if value is None else str(value), parent, _empty(field))


def _empty(field: FieldInfo) -> str:
    """What an empty field means, where its description says so."""
    said = re.search(r"\b[Ee]mpty: ([^.]+)", field.description or "")
    return said[1][0].upper() + said[1][1:] if said else ""


def spelled(value: object) -> str:
    """A choice as it can be read: a lone sign with its name, a name in code as words."""
    text = str(value)
    if text in SIGNS:
        return SIGNS[text]
    words = text.replace("_", " ") if text.strip() else "none"
    return words[:1].upper() + words[1:]


def _with_none(choices: list[tuple[Any, str]], optional: bool) -> list[tuple[Any, str]]:
    return [(None, "Automatic"), *choices] if optional else choices


def _text_or_none(text: str) -> str | None:
    return text or None


def _reader_of_many(inner: Any, optional: bool) -> Callable[[str], Any]:
    def read(text: str) -> tuple[Any, ...] | None:
        text = text.strip().strip("()[]")
        if optional and not text:
            return None
        if inner not in (int, float):
            return tuple(part.strip() for part in text.split(",") if part.strip())
        return tuple(number(part) for part in re.split(r"\s*[,;×x]\s*|\s+", text) if part)

    return read


def _written_many(value: tuple[Any, ...] | None) -> str:
    if value is None:
        return ""
    return ", ".join(shown(part) if isinstance(part, int | float) else str(part) for part in value)
