"""Notes of a document: added, changed, moved, taken away. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QSizeF

from app.canvas.grouping import free_id
from engine.design.annotations import Remark
from engine.design.document import Document

SIZE: Final = QSizeF(Remark(id="-").width, Remark(id="-").height)  # of a new one


def added(document: Document, x: float, y: float, text: str = "") -> tuple[Document, str]:
    """A new note, and its id."""
    id = free_id("note", (remark.id for remark in document.remarks))
    return document.but(remarks=(*document.remarks, Remark(id=id, text=text, x=x, y=y))), id


def changed(document: Document, id: str, **changes: object) -> Document:
    return document.but(remarks=tuple(r.but(**changes) if r.id == id else r for r in document.remarks))


def moved(document: Document, places: Mapping[str, tuple[float, float]]) -> Document:
    """Notes at other places: {note id: (x, y)}."""
    if not places:
        return document
    return document.but(
        remarks=tuple(r.but(x=places[r.id][0], y=places[r.id][1]) if r.id in places else r for r in document.remarks)
    )


def removed(document: Document, ids: Iterable[str]) -> Document:
    gone = set(ids)
    return document.but(remarks=tuple(r for r in document.remarks if r.id not in gone)) if gone else document
