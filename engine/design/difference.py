"""What is different between two designs, in words: for people who set them side by side."""

from __future__ import annotations

from typing import Any

from engine.design.declared import Declared, Value
from engine.design.document import Document
from engine.kernels.activations import ACTIVATIONS

PARTS = ("data", "split", "training")


def differences(before: Document, after: Document) -> tuple[str, ...]:
    """One phrase per difference that matters to training, such as "Learning rate 0.001 → 0.01"; places do not count."""
    found: list[str] = []
    old, new = before.by_id, after.by_id
    for id in old.keys() & new.keys():
        found += _of_layers(new[id].label, old[id].layer, new[id].layer)
    found.sort()
    found += [f"without {node.label} ({node.layer.title})" for node in before.nodes if node.id not in new]
    found += [f"with {node.label} ({node.layer.title})" for node in after.nodes if node.id not in old]
    if not found and set(before.wires) != set(after.wires):
        found.append("other wires")
    for name in PARTS:
        found += _of_values(getattr(before, name), getattr(after, name))
    return tuple(found)


def _of_layers(label: str, before: Declared, after: Declared) -> list[str]:
    if type(before) is not type(after):
        return [f"{label}: {before.title} → {after.title}"]
    return [f"{label}: {words}" for words in _of_values(before, after)]


def _of_values(before: Value, after: Value) -> list[str]:
    """The fields in which two values differ; a kind of a family is told by its name, then by its own fields."""
    if before == after:
        return []
    if type(before) is not type(after):
        return [f"{_word(before)} → {_word(after)}"]
    found = []
    for name, field in type(before).model_fields.items():
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if isinstance(old, Value) and isinstance(new, Value) and type(old) is type(new):
            found += [f"{_word(new)} {words[:1].lower()}{words[1:]}" for words in _of_values(old, new)]
        else:
            found.append(f"{field.title or name} {_word(old)} → {_word(new)}")
    return found


def _word(value: Any) -> str:
    if isinstance(value, Declared):
        return value.title or value.kind
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        return ACTIVATIONS[value].title if value in ACTIVATIONS else value or "none"
    if isinstance(value, tuple):
        return "×".join(map(_word, value)) or "none"
    return str(value)


def alike(a: Document, b: Document) -> bool:
    """Whether two designs train alike: places, names and notes are for the eye."""
    return (a.wires, a.data, a.split, a.training) == (b.wires, b.data, b.split, b.training) and [
        (node.id, node.layer) for node in a.nodes
    ] == [(node.id, node.layer) for node in b.nodes]
