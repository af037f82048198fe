"""What forms ask of a declaration: its fields, bounds, units, and all of it in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from engine.design.declared import Declared


@dataclass(frozen=True)
class Bounds:
    """What a declared number may be; None where there is no bound."""

    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, field: FieldInfo) -> Bounds:
        found: dict[str, float] = {}
        for constraint in field.metadata:
            for name in ("ge", "gt", "le", "lt"):
                if isinstance(bound := getattr(constraint, name, None), int | float):
                    found[name] = bound
        return cls(found.get("ge", found.get("gt")), found.get("le", found.get("lt")))


def plain_type(annotation: Any) -> tuple[Any, bool]:
    """A field's type without ``| None``, and whether None was allowed."""
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        if len(kinds) < len(get_args(annotation)) and len(kinds) == 1:
            return kinds[0], True
    return annotation, False


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


def unit_of(field: FieldInfo) -> str:
    return _extra(field, "unit")


def zero_of(field: FieldInfo) -> str:
    """What 0 means, in a word, where it is no amount."""
    return _extra(field, "zero")


def task_of(field: FieldInfo) -> str:
    """With which task alone it means something; empty: with all."""
    return _extra(field, "task")


def _extra(field: FieldInfo, name: str) -> str:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return str(extra.get(name, ""))


def range_of(field: FieldInfo) -> str:
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


def in_words(value: object) -> str:
    if isinstance(value, Declared):
        return value.title or value.kind
    return "automatic" if value is None else str(value) or "nothing"
