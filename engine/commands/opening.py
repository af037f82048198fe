"""What the verbs open: a design or a project, changed as the command line wishes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands.assignments import assign_all
from engine.data import Source
from engine.design.document import Document
from engine.errors import DataError, DesignError
from engine.exchange.design_json import load_design

PROJECT = ".netloom"


@dataclass(frozen=True)
class Wish:
    """What the command line asks for in place of what the design says; None and empty leave it alone."""

    data: str | None = None
    target: str | None = None
    task: str | None = None
    settings: tuple[str, ...] = ()
    epochs: int | None = None
    seed: int | None = None

    def apply(self, document: Document) -> Document:
        """The document as wished: data first, so that ``--set data.noise=20`` speaks of the new ones.

        Raises:
            NetloomError: something wished for is not there or out of its bounds.
        """
        if self.data is not None or self.target is not None or self.task is not None:
            document = document.but(data=self._source(document.data))
        document = assign_all(document, self.settings)
        given = {"epochs": self.epochs, "seed": self.seed}
        changes = [f"training.{name}={value}" for name, value in given.items() if value is not None]
        return assign_all(document, changes)

    def _source(self, source: Source) -> Source:
        if self.data is not None:
            chosen = source_of(self.data)
            # Another table is read as the design reads its own: same target, same separators.
            same = chosen.kind == source.kind and "path" in type(source).model_fields
            source = source.but(path=self.data) if same else chosen
        target = None if self.target is None else tuple(name.strip() for name in self.target.split(","))
        columns = {"target": target, "task": self.task}
        changes: dict[str, Any] = {name: value for name, value in columns.items() if value is not None}
        for name in changes:
            if name not in type(source).model_fields:
                reason = f"{source.kind} is a built-in set: its {name} is fixed"
                raise DataError(f"--{name}", reason, "Use it with a table")
        return source.but(**changes)


def source_of(name: str) -> Source:
    """A built-in set by its name, or the table in a file.

    Raises:
        DataError: neither is there.
    """
    if Path(name).is_file():
        kind = "arrays" if name.lower().endswith(".npz") else "table"
        return Source.parse({"type": kind, "path": name})  # type: ignore[no-any-return]
    try:
        return Source.parse(name)  # type: ignore[no-any-return]
    except ValueError as error:
        near = str(error).partition("; ")[2]
        reason = "there is no such file and no built-in set of this name"
        raise DataError(f"--data {name}", reason, near[:1].upper() + near[1:]) from None


def open_document(path: Path) -> Document:
    """The design in a design file or in a project.

    Raises:
        NetloomError: the file is not there, or is neither.
    """
    if not path.exists():
        raise DesignError(str(path), "there is no such file", "Give a design (.json) or a project (.netloom)")
    if path.suffix == PROJECT:
        from engine.exchange.project import load_project

        return load_project(path).document
    return load_design(path)
