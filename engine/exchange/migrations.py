"""How files of older versions become files of this one: one small step per version, of the format and of each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.design.declared import Declared
from engine.design.document import FORMAT, Document
from engine.design.raw import declarations
from engine.errors import DesignError
from engine.layers import Layer
from engine.layers.unknown import Unknown

Raw = dict[str, Any]
Step = Callable[[Raw], Raw]

# {version of the format: step to the next one}. A step takes the whole file as parsed and returns it anew.
FORMAT_STEPS: dict[int, Step] = {}

# {("layer/dense", its version): step to the next one}. A step takes ``{"type": …, fields}`` and returns it anew.
KIND_STEPS: dict[tuple[str, int], Step] = {}


def key_of(family: type[Declared], kind: str) -> str:
    """How a kind is called in a file's ``versions``: families may use the same names."""
    return f"{family.family}/{kind}"


def migrate(
    raw: Raw,
    format_steps: Mapping[int, Step] = FORMAT_STEPS,
    kind_steps: Mapping[tuple[str, int], Step] = KIND_STEPS,
    newest: int = FORMAT,
) -> Raw:
    """A parsed design file as this version would have written it; layers that stay unknown become placeholders.

    Raises:
        DesignError: the file is from a newer version, or from an older one that nothing can read any more.
    """
    raw = _migrate_format(raw, format_steps, newest)
    versions = raw.get("versions", {})
    if not isinstance(versions, dict):
        raise DesignError("versions", "must be an object: a version for each kind")
    for holder, key, family in declarations(Document, raw):
        value = holder[key]
        if isinstance(value, dict) and isinstance(value.get("type"), str):
            holder[key] = _migrate_kind(value, family, versions, kind_steps)
    return raw


def _migrate_format(raw: Raw, steps: Mapping[int, Step], newest: int) -> Raw:
    version = raw.get("netloom")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise DesignError(
            "", "it does not say that it is a Netloom design", f'Its first entry would be "netloom": {newest}'
        )
    if version > newest:
        raise DesignError(
            "",
            f"it was written by a newer Netloom (format {version}; this one reads up to {newest})",
            "Update Netloom to open it",
        )
    while version < newest:
        if version not in steps:
            raise DesignError("", f"its format {version} is too old to be read")
        raw = steps[version](raw)
        version += 1
    return raw | {"netloom": newest}


def _migrate_kind(
    value: Raw, family: type[Declared], versions: Raw, steps: Mapping[tuple[str, int], Step]
) -> Raw | Unknown:
    original, name = value, value["type"]
    written = versions.get(key_of(family, name), 1)
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        raise DesignError(f"versions, {key_of(family, name)}", "must be a whole number from 1 on")
    version = written
    while step := steps.get((key_of(family, value["type"]), version)):
        value = step(value)
        version += 1
    kind = family.kinds.get(value["type"])
    if kind is not None and version == kind.version:
        return value
    if family is Layer:
        return Unknown.keeping(original, written)
    if kind is not None and version > kind.version:
        raise DesignError(
            f"{family.family} {name}",
            f"it was written by a newer Netloom (version {written} of it)",
            "Update Netloom to open it",
        )
    return value  # a name that is not known, which the family refuses with near ones
