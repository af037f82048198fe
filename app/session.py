"""The only state of the window: the open document, its undo stack, the selection, the file and the trainer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from app.picked import Picked
from app.undo_step import Step, Touch
from engine.design.checks import Report, check
from engine.design.document import Document, Wire

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.training.timeline.moment import Moment, Place
    from engine.training.trainer import Trainer


class Session(QObject):
    """One open design. Views read it, ask it for edits, and react to what its signals say has changed.

    Signals:
        document_changed: (before, after), after every edit, undo, redo and open. ``report`` is already new.
        report_changed: the report is new, by an edit or because the data arrived.
        selection_changed: the frozenset of selected node ids.
        weights_set: weights have been set by hand, or set back.
        travelled: the training is on its way to another moment: what shows it looks anew.
        place_gone: undo or redo led to a moment that is no longer on the timeline.
        overlaid_changed: other branches of the timeline are to be drawn over the curves.
        opened: another design has been begun with.
        file_changed: the path or the modified mark is another.

    Attributes:
        picked: an example, a weight and the way to it; it has signals of its own.
    """

    document_changed = Signal(object, object)
    report_changed = Signal()
    selection_changed = Signal(object)
    weights_set = Signal()
    travelled = Signal()
    place_gone = Signal()
    overlaid_changed = Signal()
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
        self._overlaid: frozenset[int] = frozenset()
        self._gesture = 0
        self._taking_a_step = False
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
    def overlaid(self) -> frozenset[int]:
        """Numbers of the timeline's branches that are drawn over the curves."""
        return self._overlaid

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
            self._push(Step(self, self._document, document, text, key))

    def set_weights(self, text: str, touches: Iterable[Touch], merge: Hashable = None) -> None:
        """Set weights by hand, as one undo step: back goes what was touched, and all else stays as it has been learnt.

        Merges as `edit` does.
        """
        touches = tuple(touch for touch in touches if touch.before != touch.after)
        if touches:
            key = None if merge is None else (self._gesture, merge)
            self._push(Step(self, self._document, self._document, text, key, touches))

    def travel(self, moment: Moment) -> None:
        """Go to a moment of the timeline. Where another design was trained there it comes back, as an undo step.

        Boxes stay where they are and keep their names. Undo goes back to where one was, weights included. Moments in
        a row are one step, until `settle` ends the gesture.
        """
        trainer = self.trainer
        here = trainer.here if trainer is not None else None
        if trainer is None or here is None:
            return
        document = dressed(moment.document, self._document)
        if matters(self._document, document):
            way = "Back" if moment.step <= here.place.step else "On"
            text = f"{way} to epoch {moment.epoch}"
            key, places = (self._gesture, "travel"), (here.place, moment.place)
            self._push(Step(self, self._document, document, text, key, places=places))
        else:
            trainer.go_to(moment, self._document)
            self.travelled.emit()

    def overlay(self, branches: Iterable[int]) -> None:
        """Draw these branches of the timeline over the curves, and no others."""
        wanted = frozenset(branches)
        if wanted != self._overlaid:
            self._overlaid = wanted
            self.overlaid_changed.emit()

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
        self._require_rest()
        self.undo.clear()
        self.settle()
        before, self._document = self._document, document
        if (before.data, before.split) != (document.data, document.split):
            self._prepared = None
        self._selection, self._wires, self._remarks, self._path = frozenset(), frozenset(), frozenset(), path
        self.overlay(())
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

    @contextmanager
    def taking_a_step(self) -> Iterator[None]:
        """While a step of the undo stack is done or undone: whoever reacts to it must not ask for another one."""
        self._taking_a_step = True
        try:
            yield
        finally:
            self._taking_a_step = False

    def _push(self, step: Step) -> None:
        self._require_rest()
        self.undo.push(step)

    def _require_rest(self) -> None:
        """Qt would delete the very step that it is just doing, and crash."""
        if self._taking_a_step:
            raise RuntimeError("a reaction to an edit has asked for another edit")

    def set_elements(self, values: dict[tuple[str, int], float]) -> None:
        """Have weights set, without an undo step: that is `set_weights`, whose step calls this."""
        if values and self.trainer is not None:
            self.trainer.set_elements(values)
            self.weights_set.emit()

    def become(self, document: Document, place: Place | None = None) -> None:
        """Have another document, without an undo step: that is `edit`, whose step calls this.

        Args:
            place: on the timeline, from where it is to be trained; None: from where the training is.
        """
        if document is self._document:
            return
        before, self._document = self._document, document
        checked = matters(before, document)
        if checked:
            if (before.data, before.split) != (document.data, document.split):
                self._prepared = None
            self._report = check(document, self._prepared)
            if self.trainer is not None:
                self._train(document, place, self.trainer)
        chosen = self._selection, self._wires, self._remarks
        self._selection, self._wires, self._remarks = self._there(*chosen)
        self.picked.forget_what_is_gone(before, document)
        self.document_changed.emit(before, document)
        if checked:
            self.report_changed.emit()
        if chosen != (self._selection, self._wires, self._remarks):
            self.selection_changed.emit(self._selection)

    def _train(self, document: Document, place: Place | None, trainer: Trainer) -> None:
        """Have another design trained: from where the training is, or from a place on the timeline."""
        moment = None if place is None else trainer.timeline.find(place)
        if moment is None:
            trainer.edit(document)
            if place is not None:
                self.place_gone.emit()
            return
        if matters(dressed(moment.document, document), document):
            trainer.go_to(moment)
            trainer.edit(document)
        else:
            trainer.go_to(moment, document)
        self.travelled.emit()


def dressed(document: Document, like: Document) -> Document:
    """A design with its boxes placed and named as in another one, and with the notes of that."""
    nodes = tuple(
        node.but(name=like.by_id[node.id].name, x=like.by_id[node.id].x, y=like.by_id[node.id].y)
        if node.id in like.by_id
        else node
        for node in document.nodes
    )
    return document.but(nodes=nodes, title=like.title, notes=like.notes, remarks=like.remarks)


def matters(before: Document, after: Document) -> bool:
    """Whether an edit changes more than where boxes stand and what is noted beside them."""
    return _substance(before) != _substance(after)


def _substance(document: Document) -> tuple[Any, ...]:
    nodes = tuple((node.id, node.name, node.layer) for node in document.nodes)
    return nodes, document.wires, document.data, document.split, document.training
