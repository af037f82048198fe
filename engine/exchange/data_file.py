"""The file that a design learns from, as a project remembers it: where it was, what was in it, and where it is now."""

from __future__ import annotations

import hashlib
import ntpath
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from engine.design.document import Document

EMBEDDED_UP_TO = 20 * 2**20  # bytes; below it a project carries its data unless told otherwise
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{device}{n}" for device in ("COM", "LPT") for n in range(1, 10))}

Whereabouts = Literal["as saved", "moved", "unpacked", "changed", "missing"]


@dataclass(frozen=True)
class DataFile:
    """A data file that a project refers to or carries.

    Attributes:
        path: where it was when the project was saved, absolute.
        relative: the same from the project's folder, so that both may move together; empty across drives.
        sha256, bytes: what was in it.
        embedded: the project carries a copy.
        whereabouts: what was found when the project was opened.
    """

    path: str
    relative: str
    sha256: str
    bytes: int
    embedded: bool
    whereabouts: Whereabouts = "as saved"

    @property
    def name(self) -> str:
        return ntpath.basename(self.path)  # of either system's paths

    @property
    def notice(self) -> str:
        """What the user should know; empty when all is as it was."""
        if self.whereabouts == "missing":
            return (
                f"{self.name} is no longer at {self.path}, and the project does not carry it: "
                "choose the file again to train on; the weights are all here"
            )
        if self.whereabouts == "changed":
            return (
                f"{self.name} has changed since the project was saved: "
                "training goes on with the new rows, and results will differ"
            )
        if self.whereabouts == "unpacked":
            return f"{self.name} is not at {self.path} as it was: the copy that the project carries is used"
        return ""


def describe(file: Path, project: Path, embed: bool | None) -> DataFile:
    """A data file as it is now.

    Args:
        embed: whether the project is to carry it; None: when it is small.

    Raises:
        OSError: it cannot be read.
    """
    file = Path(os.path.abspath(file))
    status = file.stat()
    try:
        relative = Path(os.path.relpath(file, os.path.abspath(project.parent))).as_posix()
    except ValueError:  # Windows: another drive
        relative = ""
    embedded = status.st_size <= EMBEDDED_UP_TO if embed is None else embed
    sha256 = _hash(str(file), status.st_size, status.st_mtime_ns)
    return DataFile(str(file), relative, sha256, status.st_size, embedded)


def path_in(document: Document) -> Path | None:
    """The file that the design's data come from; None for what is built in."""
    path = getattr(document.data, "path", None)
    return Path(path) if path else None


def with_path(document: Document, path: Path) -> Document:
    changes: dict[str, Any] = {"path": str(path)}
    return document.but(data=document.data.but(**changes))


def find(known: DataFile, project: Path) -> tuple[Path | None, Whereabouts]:
    """Where the file is now: beside the project first, since they may have moved together."""
    changed: Path | None = None
    for path in (_beside(known, project), Path(known.path)):
        if path is None or _is_remote(path) or not path.is_file():
            continue
        if is_same(path, known.bytes, known.sha256):
            return path, "as saved" if path == Path(known.path) else "moved"
        changed = path
    return (changed, "changed") if changed else (None, "missing")


def is_same(path: Path, size: int, sha256: str) -> bool:
    """Whether a file holds just this; False where it cannot be read."""
    try:
        status = path.stat()
        return status.st_size == size and _hash(str(path), status.st_size, status.st_mtime_ns) == sha256
    except OSError:
        return False


def _beside(known: DataFile, project: Path) -> Path | None:
    return Path(os.path.abspath(project.parent / known.relative)) if known.relative else None


def _is_remote(path: Path) -> bool:
    """Opening a project from a stranger must not make Windows log in at the stranger's server."""
    return str(path).startswith(("\\\\", "//"))


def safe_name(name: str) -> str:
    """A file name that every system takes, and that leads nowhere else."""
    plain = re.sub(r"[^\w .()+-]", "_", ntpath.basename(name)).strip(" .")[-100:] or "data"
    return f"_{plain}" if plain.split(".")[0].upper() in RESERVED else plain


@lru_cache(maxsize=64)
def _hash(path: str, size: int, changed: int) -> str:
    """The SHA-256 of a file, once for each state that the system shows by size and time."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
