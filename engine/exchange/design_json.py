"""Designs as readable JSON: what is written, what is accepted, and what is said about the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from math import isinf
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError

from engine.design.declared import Declared
from engine.design.document import FORMAT, Document
from engine.design.explain import refuse
from engine.errors import DesignError
from engine.exchange.files import words, write_whole
from engine.exchange.migrations import key_of, migrate
from engine.layers import Layer
from engine.layers.unknown import Unknown

LONGEST_FILE = 64 * 2**20  # bytes; a design of 10,000 layers has about 3 MB
LINE = 110  # columns; what fits stays on one line

_STRING_OR_WORD = re.compile(r'"(?:\\.|[^"\\])*"|[^\s,:\[\]{}"]+')


def load_design(path: str | Path) -> Document:
    """The design in a file.

    Raises:
        DesignError: it cannot be read, or is no design; line or node, field, and what would be right.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_FILE + 1)
    except OSError as error:
        raise DesignError(
            str(path), f"the file cannot be read: {words(error)}", "Give a design (.json) that is there"
        ) from error
    if len(content) > LONGEST_FILE:
        raise DesignError(path.name, "the file is too large to be a design", "A design is JSON of a few kilobytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DesignError(f"{path.name}, line {line}", "the file is not text in UTF-8", "Is it a design?") from error
    return loads(text, path.name)


def save_design(path: str | Path, document: Document) -> None:
    """Write a design; the old file stays whole when that fails.

    Raises:
        DesignError: the file cannot be written.
    """
    content = dumps(document).encode()
    try:
        write_whole(Path(path), lambda file: _write(file, content))
    except OSError as error:
        raise DesignError(
            str(path), f"the design could not be saved: {words(error)}", "The file that was there is unchanged"
        ) from error


def _write(file: Any, content: bytes) -> None:
    file.write(content)


def dumps(document: Document) -> str:
    """The text of a design file."""
    versions = dict(sorted(_versions(document)))
    return _pretty({"netloom": FORMAT, "versions": versions, **document.model_dump(mode="json")}) + "\n"


def loads(text: str, name: str = "") -> Document:
    """The design in a text; ``name`` is the file to be named in errors.

    Raises:
        DesignError: as `load_design`.
    """
    raw = _parse(text, name)
    try:
        raw = migrate(raw)
    except DesignError as error:
        raise DesignError(", ".join(part for part in (name, error.thing) if part), error.reason, error.remedy) from None
    fields = {field: value for field, value in raw.items() if field not in ("netloom", "versions")}
    try:
        return Document(**fields)
    except ValidationError as error:
        raise refuse(error, Document, fields, name) from None


def _parse(text: str, name: str) -> dict[str, Any]:
    def fail(reason: str, at: int | None = None, remedy: str = "") -> NoReturn:
        place = "" if at is None else f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"
        raise DesignError(", ".join(part for part in (name, place) if part), reason, remedy)

    def refuse_constant(word: str) -> NoReturn:
        fail(f"{word} is no number that a design may hold", _find_word(text, word), "Write a finite number")

    def finite(word: str) -> float:
        number = float(word)
        if isinf(number):
            fail(f"{word} is too large a number", _find_word(text, word), "Write a finite number")
        return number

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for field, value in pairs:
            if field in fields:
                fail(f"the field {field!r} is given twice in one object", None, "Keep one of them")
            fields[field] = value
        return fields

    if not text.strip():
        fail("the file is empty", None, "Save the design again")
    try:
        raw = json.loads(text, parse_constant=refuse_constant, parse_float=finite, object_pairs_hook=once)
        # An escape may stand for half a character, which no file can hold again.
        json.dumps(raw, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        fail(f"it is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", error.pos, "Mend it there")
    except UnicodeEncodeError:
        fail(r"it holds half a character, such as \ud800 without its second half")
    except RecursionError:
        fail("it is nested too deeply to be a design")
    except ValueError:
        fail("it holds a whole number of too many digits")
    if not isinstance(raw, dict):
        fail("it is JSON, but not a design", None, f'A design begins with {{"netloom": {FORMAT}, …')
    return raw


def _find_word(text: str, word: str) -> int | None:
    """Where a word stands outside of strings."""
    return next((match.start() for match in _STRING_OR_WORD.finditer(text) if match.group() == word), None)


def _versions(value: object) -> Iterator[tuple[str, int]]:
    """The version of every kind in a document, by family and kind."""
    if isinstance(value, Unknown):
        yield key_of(Layer, value.type), value.written_by
        return
    if isinstance(value, Declared):
        family = next(base for base in type(value).__mro__ if Declared in base.__bases__)
        yield key_of(family, value.kind), value.version
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _versions(getattr(value, name))
    elif isinstance(value, tuple):
        for entry in value:
            yield from _versions(entry)


def _pretty(value: Any, indent: str = "") -> str:
    """JSON in which what fits on a line is on a line: a node, a wire, an optimizer."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, dict | list) or not value or (indent and len(indent) + len(line) <= LINE):
        return line
    deeper = indent + "  "
    if isinstance(value, dict):
        entries = [f"{json.dumps(key, ensure_ascii=False)}: {_pretty(each, deeper)}" for key, each in value.items()]
        return "{\n" + ",\n".join(deeper + entry for entry in entries) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + _pretty(each, deeper) for each in value) + f"\n{indent}]"
