"""`--set place.field=value`: one setting of a design changed from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from engine.design.declared import Declared, Value
from engine.design.document import Document
from engine.design.explain import refuse
from engine.design.raw import kind_of
from engine.errors import DesignError

PARTS = ("training", "data", "split")
EXAMPLE = "It has the form training.learning_rate=0.01, data.noise=20 or dense_1.units=16"


def assign_all(document: Document, settings: Iterable[str]) -> Document:
    """The document with every ``place=value`` of ``settings`` applied, in their order.

    Raises:
        DesignError: a place that is not there, or a value out of its bounds.
    """
    for setting in settings:
        document = assign(document, setting)
    return document


def assign(document: Document, setting: str) -> Document:
    """The document with one ``place=value`` applied; the value is JSON or else a plain word.

    Places are ``training.…``, ``data.…``, ``split.…`` and ``<node id or name>.<field of its layer>``;
    ``data=moons`` and ``training.optimizer=sgd`` take another kind with its defaults.
    """
    place, equals, text = setting.partition("=")
    path = place.strip().split(".")
    if not equals or not all(path):
        raise DesignError(f"--set {setting}", "this names no place and value", EXAMPLE)
    first, rest = path[0], path[1:]
    thing = f"--set {setting}"
    if first in PARTS:
        part = getattr(document, first)
        return document.but(**{first: _changed(part, rest, text, thing) if rest else _kind(part, text, thing)})
    node = _node_id(document, first, thing)
    if not rest:
        raise DesignError(thing, f"{first} is a node; name one of its fields", _fields(document.node(node).layer))
    return document.replace(node, layer=_changed(document.node(node).layer, rest, text, thing))


def _node_id(document: Document, name: str, thing: str) -> str:
    if name in document.by_id:
        return name
    named = [node.id for node in document.nodes if node.name == name]
    if len(named) == 1:
        return named[0]
    if named:
        raise DesignError(thing, f"several nodes are called {name!r}", f"Use an id: {', '.join(named)}")
    known = [*PARTS, *document.by_id]
    near = get_close_matches(name, known, n=1)
    advice = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}"
    raise DesignError(thing, f"there is no part or node called {name!r}", advice)


def _kind(part: Value, text: str, thing: str) -> Any:
    """Another kind of the same family, by its name, with its defaults."""
    if not isinstance(part, Declared):
        raise DesignError(thing, "this names a group of settings, not one", _fields(part))
    family: Any = next(base for base in type(part).__mro__ if Declared in base.__bases__)
    given = _read(text)
    given = given if isinstance(given, dict) else text
    try:
        return family.parse(given)
    except ValidationError as error:
        raise refuse(error, kind_of(family, given) or family, given, thing) from None
    except ValueError as error:
        reason, _, near = str(error).partition("; ")
        raise DesignError(thing, reason, near[:1].upper() + near[1:]) from None


def _changed(value: Value, path: list[str], text: str, thing: str) -> Value:
    """A copy of ``value`` with the field at the end of ``path`` read from ``text``."""
    name, rest = path[0], path[1:]
    fields = type(value).model_fields
    if name not in fields:
        near = get_close_matches(name, fields, n=1)
        what = getattr(value, "kind", "") or "this part"
        advice = f"Did you mean {near[0]}?" if near else _fields(value)
        raise DesignError(thing, f"{what} has no field {name!r}", advice)
    if rest:
        inner = getattr(value, name)
        if not isinstance(inner, Value):
            raise DesignError(thing, f"{name} has no fields of its own")
        return value.but(**{name: _changed(inner, rest, text, thing)})
    given = _read(text)
    try:
        return value.but(**{name: given})
    except ValidationError as error:
        try:
            # A word that happens to be JSON as well: the column "2026".
            return value.but(**{name: text})
        except ValidationError:
            raise refuse(error, type(value), {name: given}, thing) from None


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _fields(value: Value) -> str:
    return f"Its fields are {', '.join(type(value).model_fields)}" if type(value).model_fields else "It has no fields"
