"""The one kind of undo step, and what it keeps of weights that were set by hand and of ways back in time."""

from __future__ import annotations

import sys
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from engine.design.document import Document

if TYPE_CHECKING:
    from app.session import Session
    from engine.training.timeline.moment import Place


@dataclass(frozen=True)
class Touch:
    """One weight set by hand: element ``index`` of the flat parameter ``key`` ("node/weight"), before and after."""

    key: str
    index: int
    before: float
    after: float


class Step(QUndoCommand):
    """The one kind of undo step: from one document to another, with weights set by hand, or a way back in time."""

    def __init__(
        self, session: Session, before: Document, after: Document, text: str, merge: Hashable,
        touches: tuple[Touch, ...] = (), places: tuple[Place | None, Place | None] = (None, None),
    ) -> None:  # fmt: skip
        """``places``: on the timeline, before and after, where the step is a way along it."""
        super().__init__(text)
        self._session, self._before, self._after, self._merge = session, before, after, merge
        self._touches, self._places = touches, places

    def id(self) -> int:
        return -1 if self._merge is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Step) or other._merge != self._merge:
            return False
        self._after = other._after
        self._places = self._places[0], other._places[1]
        if other._places[1] is not None:
            self.setText(other.text())  # the place to which one came in the end
        self._touches = _merged(self._touches, other._touches)
        self.setObsolete(self._before == self._after and not self._touches)
        other.__dict__.clear()  # Qt deletes it, but PySide keeps it for ever, and would keep the session with it
        return True

    def redo(self) -> None:
        self._take(self._after, self._places[1], {(each.key, each.index): each.after for each in self._touches})

    def undo(self) -> None:
        self._session.settle()
        self._take(self._before, self._places[0], {(each.key, each.index): each.before for each in self._touches})

    def _take(self, document: Document, place: Place | None, values: dict[tuple[str, int], float]) -> None:
        """Never raises: where several steps are done in one go, a second one after an exception would crash.

        PySide keeps the exception until all are done, and meanwhile gives away functions that it has only borrowed.
        """
        try:
            with self._session.taking_a_step():
                self._session.become(document, place)
                self._session.set_elements(values)
        except Exception:  # noqa: BLE001 - whatever it is, it is told as any other that nobody handles
            sys.excepthook(*sys.exc_info())


def _merged(first: tuple[Touch, ...], then: tuple[Touch, ...]) -> tuple[Touch, ...]:
    """Two gestures as one; what came back to where it was is left out."""
    found = {(touch.key, touch.index): touch for touch in first}
    for touch in then:
        begun = found.get((touch.key, touch.index), touch)
        found[touch.key, touch.index] = replace(touch, before=begun.before)
    return tuple(touch for touch in found.values() if touch.before != touch.after)
