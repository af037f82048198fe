"""`datasets` and `layers`: every kind of a family with its fields, bounds and defaults, as declared."""

from __future__ import annotations

import json
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from rich.table import Table

from engine.commands.terminal import screen
from engine.design.declared import Declared


def list_datasets(as_json: bool) -> int:
    from engine.data.dataset import Source

    return _list(Source, "group", as_json)


def list_layers(as_json: bool) -> int:
    from engine.layers import Layer

    return _list(Layer, "category", as_json)


def _list(family: type[Declared], heading: str, as_json: bool) -> int:
    kinds = sorted(family.kinds.values(), key=lambda kind: (getattr(kind, heading), kind.kind))
    if as_json:
        for kind in kinds:
            about = {"name": kind.kind, heading: getattr(kind, heading), "title": kind.title, "summary": kind.summary}
            print(json.dumps(about | {"fields": _schema(kind)}))
        return 0
    table = Table("name", heading, "fields and defaults", "what it is", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True
    for kind in kinds:
        fields = ", ".join(f"{name}={default(field)}" for name, field in kind.model_fields.items())
        table.add_row(kind.kind, getattr(kind, heading), fields, kind.summary or kind.title)
    screen().print(table)
    return 0


def default(field: FieldInfo) -> str:
    """A field's default as one would write it after ``--set``; "?" where it has to be given."""
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return "?"
    if isinstance(value, Declared):
        return value.kind
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, default=str)


def _schema(kind: type[Declared]) -> dict[str, Any]:
    """Title, description, bounds and unit of every field, with its default."""
    fields: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        about: dict[str, Any] = {"title": field.title, "description": field.description}
        for rule in field.metadata:
            about |= {bound: getattr(rule, bound) for bound in ("gt", "ge", "lt", "le") if hasattr(rule, bound)}
        extra = field.json_schema_extra
        about |= extra if isinstance(extra, dict) else {}
        fields[name] = {key: value for key, value in about.items() if value is not None}
        value = field.get_default(call_default_factory=True, validated_data={})
        if value is not PydanticUndefined:
            fields[name]["default"] = value.dump() if isinstance(value, Declared) else value
    return fields
