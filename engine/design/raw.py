"""A design before it is one: which declaration each place of the raw, parsed JSON stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from engine.design.declared import Declared, Value


def inside(value: object, step: int | str) -> object:
    """The entry ``step`` of an object or a list; None where there is none."""
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def model_at(model: type[BaseModel] | None, place: Sequence[int | str], given: object) -> type[BaseModel] | None:
    """The model whose fields lie at a place of ``given``; None where the place is not known."""
    at: Any = given
    for step in place:
        at = inside(at, step)
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step) if model else None
        model = kind_of(value_type(field.annotation), at) if field else None
    return model


def declarations(model: type[BaseModel], given: object) -> Iterator[tuple[Any, str | int, type[Declared]]]:
    """Every place of ``given`` that holds a kind of a family, as (holder, key, family), outer ones first.

    The holder may be changed at its key while this runs: what then stands there is looked into.
    """
    if not isinstance(given, Mapping):
        return
    for name, field in model.model_fields.items():
        expected = value_type(field.annotation)
        if expected is None or name not in given:
            continue
        value = given[name]
        slots: list[tuple[Any, str | int]] = [(given, name)]
        if isinstance(value, Sequence) and not isinstance(value, str):
            slots = [(value, number) for number in range(len(value))]
        for holder, key in slots:
            if is_family(expected):
                yield holder, key, expected
            kind = kind_of(expected, holder[key])
            if kind is not None:
                yield from declarations(kind, holder[key])


def is_family(model: type[Value]) -> bool:
    return issubclass(model, Declared) and Declared in model.__bases__


def value_type(annotation: Any) -> Any:
    """The `Value` in a field's annotation, also inside ``tuple[X, ...]`` or ``X | None``; None where there is none."""
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return annotation
    return next((found for each in get_args(annotation) if (found := value_type(each))), None)


def kind_of(model: type[Value] | None, given: object) -> type[Value] | None:
    """A family's kind as ``given`` names it; a model that is no family is itself."""
    if model is None or not issubclass(model, Declared) or not is_family(model):
        return model
    name = given.get("type") if isinstance(given, Mapping) else given
    return model.kinds.get(name) if isinstance(name, str) else None
