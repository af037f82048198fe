"""The designs that ship with the program, in the groups and the order in which one learns from them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

RESOURCES: Final = Path(__file__).parent.parent / "resources"


@dataclass(frozen=True)
class Example:
    """A design ready to Play; ``notes`` say what it shows and what to try."""

    path: Path
    group: str
    title: str
    notes: str

    @property
    def name(self) -> str:
        return self.path.stem


@cache
def examples() -> tuple[Example, ...]:
    """All of them, group by group; read once."""
    groups = json.loads((RESOURCES / "examples.json").read_text(encoding="utf-8"))
    return tuple(
        _read(RESOURCES / "examples" / f"{name}.json", group) for group, names in groups.items() for name in names
    )


def _read(path: Path, group: str) -> Example:
    # as JSON: a whole document is checked when it is opened
    design = json.loads(path.read_text(encoding="utf-8"))
    return Example(path, group, design["title"], design["notes"])
