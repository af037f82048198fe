"""What the user has picked among the data and the numbers: an example, a weight, and the way that is lit for it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.design.document import Document, Wire


@dataclass(frozen=True)
class Weight:
    """Element ``index`` of the flat parameter ``key``, "node/weight"."""

    key: str
    index: int

    @property
    def node(self) -> str:
        return self.key.rpartition("/")[0]


@dataclass(frozen=True)
class Way:
    """Boxes and wires that are lit on the canvas."""

    nodes: frozenset[str] = frozenset()
    wires: frozenset[Wire] = frozenset()


class Picked(QObject):
    """Part of the session: views set it and react to it, and never tell each other anything.

    Attributes:
        row: of the prepared data, from 0; None while none is picked.

    Signals:
        row_changed, weight_changed, way_changed: another row, weight or way.
    """

    row_changed = Signal()
    weight_changed = Signal()
    way_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.row: int | None = None
        self.weight: Weight | None = None
        self.way = Way()

    def choose_row(self, row: int | None) -> None:
        if row != self.row:
            self.row = row
            self.row_changed.emit()

    def choose_weight(self, weight: Weight | None) -> None:
        if weight != self.weight:
            self.weight = weight
            self.weight_changed.emit()

    def light(self, way: Way) -> None:
        if way != self.way:
            self.way = way
            self.way_changed.emit()

    def forget_what_is_gone(self, before: Document, after: Document) -> None:
        """Of other data a row means nothing, of a layer that is gone a weight does not."""
        if (before.data, before.split) != (after.data, after.split):
            self.choose_row(None)
        if self.weight is not None and self.weight.node not in after.by_id:
            self.choose_weight(None)
            self.light(Way())
