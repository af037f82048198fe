"""Designs for tests: written down in a line, or drawn at random from everything that is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from engine.data.dataset import Source
from engine.design.declared import Declared, Value
from engine.design.document import Document, Node, Wire
from engine.design.raw import is_family, value_type
from engine.layers import Layer
from engine.layers.unknown import Unknown
from engine.training.spec import DataSplit, TrainingSpec


def chain(*layers: Layer | str | Mapping[str, Any], **fields: Any) -> Document:
    """Input and then these layers, each wired to the one before; ``fields`` are the document's own.

    ``chain({"type": "dense", "units": 8}, "dense", data="spiral")``
    """
    document = Document(**fields).add(Layer.parse("input"))
    for layer in layers:
        before = document.nodes[-1].id
        document = document.add(Layer.parse(layer))
        document = document.connect(before, document.nodes[-1].id)
    return document


def dense(units: int, activation: str = "linear") -> Layer:
    layer: Layer = Layer.parse({"type": "dense", "units": units, "activation": activation})
    return layer


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
FINITE = st.floats(-1e6, 1e6, allow_nan=False)


def values(model: type[Value]) -> st.SearchStrategy[Any]:
    """Any instance of a declaration; a family gives any of its kinds. Covers what is declared later, too."""
    if issubclass(model, Declared) and is_family(model):
        return st.sampled_from(sorted(model.kinds)).flatmap(lambda name: values(model.kinds[name]))
    return st.composite(_draw_value)(model)


def _draw_value(draw: st.DrawFn, model: type[Value]) -> Value:
    fields = {}
    for name, field in model.model_fields.items():
        if field.is_required() or draw(st.booleans()):
            fields[name] = draw(_field(field))
    try:
        return model(**fields)
    except ValidationError as error:
        # What a validator refuses (the name of an activation) cannot be guessed: the default stands in for it.
        refused = {details["loc"][0] for details in error.errors() if details["loc"]}
        kept = {name: value for name, value in fields.items() if name not in refused} if refused else {}
        try:
            return model(**kept)
        except ValidationError:
            return model()


def _field(field: FieldInfo) -> st.SearchStrategy[Any]:
    bounds: dict[str, Any] = {}
    for rule in field.metadata:
        for name in ("gt", "ge", "lt", "le"):
            if getattr(rule, name, None) is not None:
                bounds[name] = getattr(rule, name)
    return _of_type(field.annotation, bounds)


def _of_type(annotation: Any, bounds: dict[str, Any]) -> st.SearchStrategy[Any]:
    declared = value_type(annotation)
    if declared is not None and get_origin(annotation) is None:
        return values(declared)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        least = bounds.get("ge", bounds.get("gt", -101) + 1)
        most = bounds.get("le", bounds.get("lt", least + 1001) - 1)
        return st.integers(int(least), int(min(most, least + 1000)))
    if annotation is float:
        least, most = bounds.get("ge", bounds.get("gt", -1e6)), bounds.get("le", bounds.get("lt", 1e6))
        open_ends = {"exclude_min": "gt" in bounds, "exclude_max": "lt" in bounds}
        return st.floats(float(least), float(min(most, 1e6)), allow_subnormal=False, **open_ends)
    if annotation is str:
        return TEXT
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    choices = [each for each in get_args(annotation) if each is not Ellipsis]
    if get_origin(annotation) is tuple:
        return st.lists(_of_type(choices[0], {"ge": 1}), max_size=3).map(tuple)
    if choices:
        return st.one_of(*(st.none() if each is type(None) else _of_type(each, bounds) for each in choices))
    return st.none()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


def unknown_layers() -> st.SearchStrategy[Unknown]:
    """Placeholders with whatever a newer version may have written."""
    names = st.sampled_from(["hologram", "quantum_gate"])
    others = st.dictionaries(TEXT.filter(lambda name: name != "type"), JSON, max_size=3)
    return st.builds(lambda name, rest: Unknown.keeping({"type": name, **rest}, 1), names, others)


@st.composite
def documents(draw: st.DrawFn, most: int = 6, cyclic: bool = True, unknown: bool = True) -> Document:
    """Anything that a user can build, sensible or not: wires at random, also in circles."""
    layer = st.one_of(values(Layer), unknown_layers()) if unknown else values(Layer)
    ids = draw(st.lists(TEXT.filter(_is_id), max_size=most, unique=True))
    nodes = tuple(Node(id=id, layer=draw(layer), name=draw(TEXT), x=draw(FINITE), y=draw(FINITE)) for id in ids)
    wires: dict[tuple[str, int], Wire] = {}
    for _ in range(draw(st.integers(0, 2 * len(ids))) if ids else 0):
        first, second = draw(st.integers(0, len(ids) - 1)), draw(st.integers(0, len(ids) - 1))
        if not cyclic and first == second:
            continue
        source, target = (first, second) if cyclic else sorted((first, second))
        port = draw(st.integers(0, 2))
        wires[ids[target], port] = Wire(source=ids[source], target=ids[target], port=port)
    return Document(
        title=draw(TEXT), notes=draw(TEXT), nodes=nodes, wires=tuple(wires.values()),
        data=draw(values(Source)), split=draw(values(DataSplit)), training=draw(values(TrainingSpec)),
    )  # fmt: skip


def _is_id(text: str) -> bool:
    return bool(text) and not any(letter == "/" or letter < " " for letter in text)
