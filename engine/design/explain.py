"""Pydantic's refusals in the user's words: which node, which field, why, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.design.raw import inside, model_at
from engine.errors import DesignError

LONGEST = 40  # characters of a wrong value that are worth repeating

# What the type of a pydantic error means, with the names of its context.
SENTENCES = {
    "missing": "is missing",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number of a sensible size",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "string_unicode": "holds characters that no text may hold",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "holds a character that is not allowed",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "dict_type": "must be an object with named fields",
    "model_type": "must be an object with named fields",
    "none_required": "must be left empty",
}


@dataclass(frozen=True)
class Fault:
    """One refusal: ``thing`` names node and field, ``remedy`` may be empty."""

    thing: str
    reason: str
    remedy: str = ""

    def __str__(self) -> str:
        line = ": ".join(part for part in (self.thing, self.reason) if part)
        return f"{line}; {self.remedy}" if self.remedy else line


def explain(error: ValidationError, model: type[BaseModel] | None = None, given: object = None) -> str:
    """One line that names node, field, reason and what would be right.

    Args:
        model: what was to be made; with it near names of fields are found.
        given: the raw value; with it nodes are called by their ids instead of by numbers.
    """
    all_faults = faults(error, model, given)
    more = len(all_faults) - 1
    return str(all_faults[0]) + (f" (and {more} more)" if more else "")


def refuse(error: ValidationError, model: type[BaseModel], given: object, file: str = "") -> DesignError:
    """The first fault as an error; ``file`` is named before it."""
    first = faults(error, model, given)[0]
    thing = ", ".join(part for part in (file, first.thing) if part)
    return DesignError(thing, first.reason, first.remedy[:1].upper() + first.remedy[1:])


def faults(error: ValidationError, model: type[BaseModel] | None = None, given: object = None) -> list[Fault]:
    """Every refusal, in the order of the fields."""
    return [_fault(details, model, given) for details in error.errors(include_url=False)]


def _fault(details: ErrorDetails, model: type[BaseModel] | None, given: object) -> Fault:
    place = details["loc"]
    thing = _name_place(place, given)
    value = details.get("input")
    context = {name: _whole(bound) for name, bound in details.get("ctx", {}).items()}
    if details["type"] == "extra_forbidden":
        # The place ends in the field that is not there: what it is said of is its owner.
        owner = _name_place(place[:-1], given)
        return Fault(owner, f"there is no field {str(place[-1])!r}", _near_fields(place, model, given))
    if details["type"] == "value_error":
        reason, _, remedy = str(context.get("error", details["msg"])).partition("; ")
        return Fault(thing, reason, remedy)
    if details["type"] in ("model_type", "model_attributes_type"):
        return Fault(thing, f"must be an object with named fields{_but(value)}")
    sentence = SENTENCES.get(details["type"])
    reason = sentence.format(**context) if sentence else details["msg"][:1].lower() + details["msg"][1:]
    remedy = _near_choice(str(context.get("expected", "")), value) if details["type"] == "literal_error" else ""
    return Fault(thing, reason + ("" if details["type"] == "missing" else _but(value)), remedy)


def _whole(bound: object) -> object:
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _but(value: object) -> str:
    words = {None: "nothing", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return f", and {words[value]} is given"
    if isinstance(value, Mapping | Sequence) and not isinstance(value, str):
        return ", and a list is given" if isinstance(value, Sequence) else ", and an object is given"
    shown = repr(value)
    return f", and {shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + '…'} is given"


def _name_place(place: Sequence[int | str], given: object) -> str:
    """``("nodes", 2, "layer", "units")`` in words: "node dense_1, units"."""
    parts: list[str] = []
    at: Any = given
    for step in place:
        at = inside(at, step)
        if isinstance(step, int):
            parts[-1] = _name_entry(parts[-1], step, at)
        elif step != "layer":
            parts.append(str(step))
    return ", ".join(parts)


def _name_entry(group: str, number: int, entry: object) -> str:
    if group == "nodes":
        id = entry.get("id") if isinstance(entry, Mapping) else None
        return f"node {id}" if isinstance(id, str) else f"node number {number + 1}"
    if group == "wires":
        if isinstance(entry, Mapping) and "source" in entry and "target" in entry:
            return f"wire {entry['source']} → {entry['target']}"
        return f"wire number {number + 1}"
    return f"{group}[{number}]"


def _near_fields(place: Sequence[int | str], model: type[BaseModel] | None, given: object) -> str:
    owner = model_at(model, place[:-1], given)
    if owner is None:
        return ""
    near = get_close_matches(str(place[-1]), owner.model_fields, n=3)
    if near:
        return f"near: {', '.join(near)}"
    return f"its fields: {', '.join(owner.model_fields)}" if owner.model_fields else "it has no fields"


def _near_choice(expected: str, value: object) -> str:
    choices = [choice.strip(" '\"") for choice in expected.replace(" or ", ",").split(",")]
    near = get_close_matches(str(value), choices, n=1)
    return f"near: {near[0]}" if near else ""
