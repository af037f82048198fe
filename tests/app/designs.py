"""Small designs that the tests of the window begin with."""

from __future__ import annotations

from typing import Any

from engine.design.document import Document
from engine.layers import Layer

STEP = 224.0


def layer(kind: str, **fields: Any) -> Layer:
    made: Layer = Layer.parse({"type": kind, **fields})
    return made


def chain(*units: int) -> Document:
    """Input (2 features) → Dense → … , in a row from (0, 0)."""
    document = Document().add(layer("input", shape=(2,)), 0, 0, id="input")
    before = "input"
    for number, width in enumerate(units, start=1):
        id = f"dense_{number}"
        document = document.add(layer("dense", units=width), number * STEP, 0, id=id).connect(before, id)
        before = id
    return document


def loose(*kinds: str) -> Document:
    """Layers in a row, without wires."""
    document = Document()
    for number, kind in enumerate(kinds):
        fields = {"shape": (2,)} if kind == "input" else {}
        document = document.add(layer(kind, **fields), number * STEP, 0)
    return document
