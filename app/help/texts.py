"""The written part of help: one Markdown file per page, with a head of ``name: value`` lines before the first gap."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

HELP: Final = Path(__file__).parent.parent.parent / "resources" / "help"


@dataclass(frozen=True)
class Text:
    """What a file says.

    Attributes:
        head: ``also`` (other names, for the search), ``see`` (addresses of related pages); for pages without a
            declaration ``title``, ``summary`` and ``order`` too.
        body: Markdown. A fence called ``formula`` holds formulas, a line each; the heading "What to try" begins
            the experiments.
    """

    head: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def listed(self, name: str) -> tuple[str, ...]:
        """A head line as its parts between commas."""
        return tuple(part.strip() for part in self.head.get(name, "").split(",") if part.strip())


@cache
def text_of(address: str) -> Text:
    """The text of a page; an empty one where nobody has written any."""
    family, _, kind = address.partition("/")
    file = HELP / family / f"{kind}.md"
    return parsed(file.read_text(encoding="utf-8")) if kind and file.is_file() else Text()


def parsed(written: str) -> Text:
    """Head and body of a file."""
    lines = written.split("\n")
    gap = lines.index("") if "" in lines else len(lines)
    head = {}
    for line in lines[:gap]:
        name, colon, value = line.partition(": ")
        if not colon or not name.isidentifier():
            return Text({}, written.strip())
        head[name] = value.strip()
    return Text(head, "\n".join(lines[gap:]).strip())


@cache
def addresses_of(family: str) -> tuple[str, ...]:
    """The pages of a family that are written, whether or not anything declares them."""
    return tuple(f"{family}/{file.stem}" for file in sorted((HELP / family).glob("*.md")))
