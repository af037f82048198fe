"""The only state of the window: the open document, its undo stack, the selection, the file and the trainer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.picked import Picked
from engine.design.checks import Report, check
from engine.design.document import Document, Wire

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.training.trainer import Trainer


@dataclass(frozen=True)
class Touch:
    """One weight set by hand: element ``index`` of the flat parameter ``key`` ("node/weight"), before and after."""

    key: str
    index: int
    before: float
    after: float


class Session(QObject):
    """One open design. Views read it, ask it for edits, and react to what its signals say has changed.

    Signals:
        document_changed: (before, after), after every edit, undo, redo and open. ``report`` is already new.
        report_changed: the report is new, by an edit or because the data arrived.
        selection_changed: the frozenset of selected node ids.
        weights_set: weights have been set by hand, or set back.
        opened: another design has been begun with.
        file_changed: the path or the modified mark is another.

    Attributes:
        picked: an example, a weight and the way to it; it has signals of its own.
    """

    document_changed = Signal(object, object)
    report_changed = Signal()
    selection_changed = Signal(object)
    weights_set = Signal()
    opened = Signal()
    file_changed = Signal()

    def __init__(
        self, document: Document | None = None, trainer: Trainer | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document or Document()
        self._prepared: Prepared | None = None
        self._selection: frozenset[str] = frozenset()
        self._wires: frozenset[Wire] = frozenset()
        self._remarks: frozenset[str] = frozenset()
        self._path: Path | None = None
        self._gesture = 0
        self._report = check(self._document, None)
        self.trainer = trainer
        self.picked = Picked(self)
        self.undo = QUndoStack(self)
        self.undo.cleanChanged.connect(self._on_clean_changed)

    @property
    def document(self) -> Document:
        return self._document

    @property
    def report(self) -> Report:
        """What `engine.design.checks.check` says of the document as it is."""
        return self._report

    @property
    def selection(self) -> frozenset[str]:
        """Ids of the selected nodes."""
        return self._selection

    @property
    def selected_wires(self) -> frozenset[Wire]:
        return self._wires

    @property
    def selected_remarks(self) -> frozenset[str]:
        """Ids of the selected notes on the canvas."""
        return self._remarks

    @property
    def path(self) -> Path | None:
        """The file that Save writes to; None for a design that has none."""
        return self._path

    @property
    def modified(self) -> bool:
        return not self.undo.isClean()

    @property
    def prepared(self) -> Prepared | None:
        """The data of the document as the trainer has prepared them; None until they are there."""
        return self._prepared

    def edit(self, text: str, document: Document, merge: Hashable = None) -> None:
        """Make ``document`` the document, as one undo step called ``text``.

        Edits in a row with the same ``merge`` key are one step, until `settle` ends the gesture.
        """
        if document != self._document:
            key = None if merge is None else (self._gesture, merge)
            self.undo.push(_Edit(self, self._document, document, text, key))

    def set_weights(self, text: str, touches: Iterable[Touch], merge: Hashable = None) -> None:
        """Set weights by hand, as one undo step: back goes what was touched, and all else stays as it has been learnt.

        Merges as `edit` does.
        """
        touches = tuple(touch for touch in touches if touch.before != touch.after)
        if touches:
            key = None if merge is None else (self._gesture, merge)
            self.undo.push(_Edit(self, self._document, self._document, text, key, touches))

    def settle(self) -> None:
        """End the gesture (a drag, a spin box, typing in a field): what follows is another undo step."""
        self._gesture += 1

    def select(self, ids: Iterable[str], wires: Iterable[Wire] = (), remarks: Iterable[str] = ()) -> None:
        """Select these nodes, wires and notes and nothing else; what is not in the document is passed over."""
        chosen = self._there(frozenset(ids), frozenset(wires), frozenset(remarks))
        if chosen != (self._selection, self._wires, self._remarks):
            self._selection, self._wires, self._remarks = chosen
            self.selection_changed.emit(self._selection)

    def _there(
        self, ids: frozenset[str], wires: frozenset[Wire], remarks: frozenset[str]
    ) -> tuple[frozenset[str], frozenset[Wire], frozenset[str]]:
        """What of these is in the document."""
        document = self._document
        noted = frozenset(remark.id for remark in document.remarks)
        return ids & document.by_id.keys(), wires & frozenset(document.wires), remarks & noted

    def open(self, document: Document, path: Path | None = None, modified: bool = False) -> None:
        """Begin with another design; ``modified`` for one that no file holds (recovered work)."""
        self.undo.clear()
        self.settle()
        before, self._document = self._document, document
        if (before.data, before.split) != (document.data, document.split):
            self._prepared = None
        self._selection, self._wires, self._remarks, self._path = frozenset(), frozenset(), frozenset(), path
        self._report = check(document, self._prepared)
        if self.trainer is not None:
            self.trainer.open(document)
        if modified:
            self.undo.resetClean()
        self.picked.choose_weight(None)
        self.picked.choose_row(None)
        self.document_changed.emit(before, document)
        self.report_changed.emit()
        self.selection_changed.emit(self._selection)
        self.opened.emit()
        self.file_changed.emit()

    def saved(self, path: Path) -> None:
        """The document as it is now stands in ``path``."""
        self._path = path
        self.settle()
        self.undo.setClean()
        self.file_changed.emit()

    def use(self, prepared: Prepared | None) -> None:
        """Check the design against the data that the trainer has prepared."""
        self._prepared = prepared
        self._report = check(self._document, prepared)
        self.report_changed.emit()

    def _on_clean_changed(self, _clean: bool) -> None:
        self.file_changed.emit()

    def _set_elements(self, values: dict[tuple[str, int], float]) -> None:
        if values and self.trainer is not None:
            self.trainer.set_elements(values)
            self.weights_set.emit()

    def _become(self, document: Document) -> None:
        if document is self._document:
            return
        before, self._document = self._document, document
        checked = matters(before, document)
        if checked:
            if (before.data, before.split) != (document.data, document.split):
                self._prepared = None
            self._report = check(document, self._prepared)
            if self.trainer is not None:
                self.trainer.edit(document)
        chosen = self._selection, self._wires, self._remarks
        self._selection, self._wires, self._remarks = self._there(*chosen)
        self.picked.forget_what_is_gone(before, document)
        self.document_changed.emit(before, document)
        if checked:
            self.report_changed.emit()
        if chosen != (self._selection, self._wires, self._remarks):
            self.selection_changed.emit(self._selection)


def matters(before: Document, after: Document) -> bool:
    """Whether an edit changes more than where boxes stand and what is noted beside them."""
    return _substance(before) != _substance(after)


def _substance(document: Document) -> tuple[Any, ...]:
    nodes = tuple((node.id, node.name, node.layer) for node in document.nodes)
    return nodes, document.wires, document.data, document.split, document.training


class _Edit(QUndoCommand):
    """The one kind of undo step: from one document to another, with the weights that were set by hand."""

    def __init__(
        self, session: Session, before: Document, after: Document, text: str, merge: Hashable,
        touches: tuple[Touch, ...] = (),
    ) -> None:  # fmt: skip
        super().__init__(text)
        self._session, self._before, self._after, self._merge = session, before, after, merge
        self._touches = touches

    def id(self) -> int:
        return -1 if self._merge is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._merge != self._merge:
            return False
        self._after = other._after
        self._touches = _merged(self._touches, other._touches)
        self.setObsolete(self._before == self._after and not self._touches)
        return True

    def redo(self) -> None:
        self._session._become(self._after)
        self._session._set_elements({(touch.key, touch.index): touch.after for touch in self._touches})

    def undo(self) -> None:
        self._session.settle()
        self._session._become(self._before)
        self._session._set_elements({(touch.key, touch.index): touch.before for touch in self._touches})


def _merged(first: tuple[Touch, ...], then: tuple[Touch, ...]) -> tuple[Touch, ...]:
    """Two gestures as one; what came back to where it was is left out."""
    found = {(touch.key, touch.index): touch for touch in first}
    for touch in then:
        begun = found.get((touch.key, touch.index), touch)
        found[touch.key, touch.index] = replace(touch, before=begun.before)
    return tuple(touch for touch in found.values() if touch.before != touch.after)
