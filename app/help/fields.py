"""What a declaration says of its fields, in words: meaning, bounds, default, unit, choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from app.help.pages import FAMILIES, Page
from engine.design.declared import Declared, Value
from engine.design.raw import is_family, value_type
from engine.kernels.activations import ACTIVATIONS

BOUNDS: Final = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
RAISE: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True)
class FieldWords:
    """One field.

    Attributes:
        bounds: "≥ 1, ≤ 1,000,000", or the choices; empty where anything goes.
        pages: (title, address) of what can be chosen, where each has a page of its own.
    """

    name: str
    title: str
    meaning: str
    default: str
    bounds: str
    unit: str
    pages: tuple[tuple[str, str], ...] = ()


def fields_of(page: Page) -> tuple[FieldWords, ...]:
    """The fields that a page lists: all of its declaration's, or the one that it is about."""
    if page.declared is None:
        return ()
    fields = page.declared.model_fields
    chosen = {page.field: fields[page.field]} if page.field else fields
    return tuple(_words(name, field) for name, field in chosen.items())


def _words(name: str, field: FieldInfo) -> FieldWords:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    default = "" if field.is_required() else _said(field.get_default(call_default_factory=True))
    return FieldWords(
        name=name,
        title=field.title or name.replace("_", " ").capitalize(),
        meaning=field.description or "",
        default=ACTIVATIONS[default].title if extra.get("choices") == "activations" else default,
        bounds=_bounds(field),
        unit=str(extra.get("unit", "")),
        pages=_pages(field, extra),
    )


def _pages(field: FieldInfo, extra: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    if extra.get("choices") == "activations":
        return tuple((row.title, f"activation/{name}") for name, row in ACTIVATIONS.items())
    model = value_type(field.annotation)
    if isinstance(model, type) and issubclass(model, Declared) and is_family(model):
        family = next((name for name, base in FAMILIES.items() if base is model), "")
        return tuple((kind.title, f"{family}/{kind.kind}") for kind in model.kinds.values()) if family else ()
    return ()


def _bounds(field: FieldInfo) -> str:
    said = [
        f"{sign} {number(bound)}"
        for constraint in field.metadata
        for name, sign in BOUNDS.items()
        if (bound := getattr(constraint, name, None)) is not None
    ]
    choices = ", ".join(_said(choice) for choice in _choices(field.annotation))
    return ", ".join(said) or (f"one of {choices}" if choices else "")


def _choices(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    found = (_choices(part) for part in get_args(annotation) if part is not type(None))
    return next((choices for choices in found if choices), ())


def _said(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Declared):
        return value.title or value.kind
    if isinstance(value, Value):
        return "see there"
    if isinstance(value, tuple):
        return ", ".join(_said(part) for part in value) or "none"
    return number(value) if isinstance(value, int | float) else str(value) or "empty"


def number(value: float) -> str:
    """A number as one writes it: 1,000,000, 0.001, 10⁻⁸."""
    if value and (abs(value) >= 1e7 or abs(value) < 1e-4):
        digits, _, power = f"{value:.3g}".partition("e")
        if not power:
            digits, _, power = f"{value:.2e}".partition("e")
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
        tens = "10" + str(int(power)).translate(RAISE)
        return tens if digits == "1" else f"{digits}·{tens}"
    return f"{value:,.12g}" if value == int(value) else f"{value:g}"
