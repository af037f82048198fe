"""Unsaved work on the disk: a file per window, locked while its process lives, and what a killed one has left there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from platformdirs import user_data_path
from PySide6.QtCore import QLockFile

from engine.errors import NetloomError, ProjectError
from engine.exchange.files import words
from engine.exchange.project import Project, load_project, save_project

ORIGIN: Final = "recovery.json"  # the part of the project that says which file the work came from
KEPT: Final = ".damaged"  # what cannot be read is put aside under this ending: somebody may still want to look at it


@dataclass(frozen=True, eq=False)
class Work:
    """What was open in a window: all that a project holds, and the file that Save would write to."""

    project: Project
    path: Path | None
    at: datetime

    @property
    def name(self) -> str:
        return self.path.name if self.path else self.project.document.title or "Untitled"

    @property
    def epoch(self) -> int:
        state = self.project.state
        return int(state.counters.get("epoch", 0)) if state else 0


class Slot:
    """A window's place in the folder. It is claimed before the first write, and nobody else's while it is."""

    def __init__(self, stem: str = "") -> None:
        """``stem``: of a file that is there; a fresh one when empty."""
        self.path = folder() / f"{stem or uuid4().hex}.netloom"
        self._lock = QLockFile(str(self.path.with_suffix(".lock")))
        # The kernel's lock decides and not the age: it ends with its process, also when that was killed.
        self._lock.setStaleLockTime(1)

    @property
    def written(self) -> bool:
        return self.path.exists()

    def claim(self) -> bool:
        """Make it this window's own; False where another window or program holds it."""
        return self._lock.isLocked() or self._lock.tryLock(0)

    def write(self, work: Work) -> None:
        """Keep ``work``; what was kept before stays whole when that fails.

        Raises:
            ProjectError: it cannot be written.
        """
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ProjectError(str(self.path.parent), f"work cannot be kept there: {words(error)}") from error
        if not self.claim():
            raise ProjectError(str(self.path.parent), "work cannot be kept there: no file can be made")
        origin = json.dumps({"path": str(work.path) if work.path else ""}).encode()
        extras = {**work.project.extras, ORIGIN: origin}
        # The data file stays where it is: copying it every half minute would cost more than it saves.
        save_project(self.path, replace(work.project, extras=extras), embed=False)

    def read(self) -> Work:
        """What is kept.

        Raises:
            ProjectError: it is damaged.
        """
        at = datetime.fromtimestamp(self.path.stat().st_mtime)
        project = load_project(self.path)
        extras = dict(project.extras)
        try:
            path = str(json.loads(extras.pop(ORIGIN, b"{}")).get("path", ""))
        except (ValueError, AttributeError):
            path = ""
        return Work(replace(project, extras=extras), Path(path) if path else None, at)

    def clear(self) -> None:
        """Keep nothing; it stays this window's own."""
        for left in (self.path, *self.path.parent.glob(f".{self.path.name}.*.part")):
            with suppress(OSError):  # what cannot be taken away is offered once more, and no worse
                left.unlink(missing_ok=True)

    def put_aside(self) -> Path:
        """Have it never offered again, and yet not gone."""
        aside = self.path.with_suffix(KEPT)
        with suppress(OSError):
            os.replace(self.path, aside)
        return aside

    def release(self) -> None:
        """Nobody's any more; what is written is for the next to find."""
        self._lock.unlock()


@dataclass(frozen=True, eq=False)
class Found:
    """Work that nobody has open any more. Its slot is held, so that no other program offers it too."""

    slot: Slot
    work: Work


def folder() -> Path:
    """Where unsaved work is kept."""
    return user_data_path("netloom", appauthor=False) / "recovery"


def abandoned(damaged: Callable[[str], None]) -> list[Found]:
    """What programs that were killed have left, newest first; ``damaged(sentence)`` for what cannot be read."""
    found = []
    for stem in sorted({path.stem for ending in ("netloom", "lock") for path in folder().glob(f"*.{ending}")}):
        slot = Slot(stem)
        if not slot.claim():
            continue  # open in another window
        if not slot.written:  # its owner has just closed, or was killed within its first write
            slot.clear()
            slot.release()
            continue
        try:
            found.append(Found(slot, slot.read()))
        except (NetloomError, OSError) as error:
            at = datetime.fromtimestamp(slot.path.stat().st_mtime)
            reason = error.reason if isinstance(error, NetloomError) else words(error)
            aside = slot.put_aside()
            damaged(f"Work that was kept {spoken(at)} cannot be brought back: {reason}. It was put aside as {aside}.")
            slot.release()
    return sorted(found, key=lambda one: one.work.at, reverse=True)


def spoken(at: datetime, now: datetime | None = None) -> str:
    """A moment as one says it: "at 14:05", "yesterday at 14:05", "on 3 May at 14:05"."""
    days = ((now or datetime.now()).date() - at.date()).days
    clock = f"at {at:%H:%M}"
    if days == 0:
        return clock
    return f"yesterday {clock}" if days == 1 else f"on {at.day} {at:%B} {clock}"
