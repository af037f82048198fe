"""Keeps the live strips of the boxes in sight fresh: what the trainer is asked, how often, and who shows the answer."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.canvas.node_item import NodeItem
from app.canvas.paint import FAR, FURTHER
from app.canvas.unfolded import SMOOTH
from engine.insight.thumbnails import Sheet, Thumbnails
from engine.insight.tiles import Thumbnail

if TYPE_CHECKING:
    from app.canvas.view import CanvasView
    from engine.design.document import Document
    from engine.training.trainer import Trainer

KEY: Final = "strips"
PERIOD: Final = 1 / 16  # s between two looks at the least: every second beat of the window
STATS_PERIOD: Final = 0.2  # s between two readings: numbers that run faster cannot be read
READ: Final = 8  # boxes that are read, and pictures that are shown, in one look: more of them take turns
READ_FAR: Final = 32  # from afar, where only their chips are drawn
SHARE: Final = 0.02  # of the trainer's time that pictures may cost
IDLE: Final = 0.5  # s between two questions while nothing is learnt
SLOWEST: Final = 1.0  # s between two questions, however dear the answer


class LiveStrips(QObject):
    """Boxes grow by a strip when the first batch has been learnt, and keep it until another design is opened."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas, self._session, self._scene = canvas, canvas.session, canvas.canvas_scene
        self._unfolding = canvas.unfolding
        self._sheet: Sheet | None = None
        self._unshown: dict[str, Thumbnail] = {}  # what of it is left for the next look
        self._sight: list[NodeItem] = []  # the boxes that were in sight
        self._sighted_at = 0.0
        self._learnt = False  # something has been, since this design was opened
        self._drawn_at = self._asked_at = 0.0
        self._asked_step = -1
        self._shown_at: dict[str, float] = {}
        self._read_at: dict[str, float] = {}
        self._session.opened.connect(self._forget)
        self._session.weights_set.connect(self._hurry)
        self._session.travelled.connect(self._hurry)
        self._unfolding.changed.connect(self._hurry)
        self._session.document_changed.connect(self._on_document_changed)

    def refresh(self, trainer: Trainer) -> None:
        """Show what is new, and ask again when the last answer has been paid for; at most fifteen times a second."""
        now = perf_counter()
        if now - self._drawn_at < PERIOD:
            return
        self._drawn_at = now
        self._learnt = self._learnt or trainer.status.step > 0
        if not (self._learnt or self._unfolding.nodes) or self._canvas.zoom < FURTHER:
            return
        if now - self._sighted_at >= STATS_PERIOD:  # to find them in a crowd takes time too
            self._sighted_at, self._sight = now, self._seen()
        seen = [item for item in self._sight if self._scene.nodes.get(item.id) is item]
        self._read(trainer, seen, now)
        self._show(trainer, now)
        self._ask(trainer, seen, now)

    def _seen(self) -> list[NodeItem]:
        """The boxes in sight."""
        view = self._canvas.mapToScene(self._canvas.viewport().rect()).boundingRect()
        return [item for item in self._scene.near(view) if type(item) is NodeItem and item.id in self._scene.nodes]

    def _read(self, trainer: Trainer, seen: list[NodeItem], now: float) -> None:
        """As many boxes as there is time for; they take turns, row by row, so that what is painted lies together."""
        stats, far = trainer.tensors, self._canvas.zoom < FAR
        layers = {layer.node: layer for layer in stats.layers} if stats else {}
        due = [item for item in seen if now - self._read_at.get(item.id, 0.0) >= STATS_PERIOD]
        due.sort(key=lambda item: (self._read_at.get(item.id, 0.0), item.y(), item.x()))
        for item in due[: READ_FAR if far else READ]:
            self._read_at[item.id] = now
            if item.id in layers:
                item.show_strip(True)
            if item.strip is not None:
                item.strip.show_layer(layers.get(item.id), far)

    def _show(self, trainer: Trainer, now: float) -> None:
        sheet = trainer.answer(KEY)
        if isinstance(sheet, Sheet) and sheet is not self._sheet:
            self._sheet = sheet
            self._unshown = dict(sheet.boxes)  # what waits longest is asked for again
        for id in list(self._unshown)[:READ]:
            thumbnail, item = self._unshown.pop(id), self._scene.nodes.get(id)
            if item is None or (thumbnail.neurons is not None and id not in self._unfolding.nodes):
                continue
            if now - self._shown_at.get(id, 0.0) < _rest(thumbnail):
                continue
            self._shown_at[id] = now
            item.show_strip(True)
            if item.strip is not None and item.strip.show_thumbnail(thumbnail):
                item.lay_out()
                if item.strip.inside is not None:
                    self._unfolding.bring_into_sight([id])  # neurons take room; it grows once
        self._unfolding.go_on()

    def _ask(self, trainer: Trainer, seen: list[NodeItem], now: float) -> None:
        step = trainer.status.step
        wait = min(self._sheet.seconds / SHARE, SLOWEST) if self._sheet else 0.0
        if step == self._asked_step:
            wait = max(wait, IDLE)
        if now - self._asked_at < wait or self._canvas.zoom < FAR:
            return
        # What is unfolded is looked at; of the others, the one that has waited longest.
        unfolded = self._unfolding.nodes
        ids = sorted((item.id for item in seen), key=lambda id: (id not in unfolded, self._shown_at.get(id, 0.0)))
        if ids:
            self._asked_at, self._asked_step = now, step
            trainer.ask(KEY, Thumbnails(tuple(ids), unfolded))

    def _hurry(self) -> None:
        """What has just been touched is looked at without delay."""
        self._asked_at, self._asked_step, self._sighted_at = 0.0, -1, 0.0
        self._read_at.clear()
        for id in self._unfolding.nodes:
            self._shown_at.pop(id, None)

    def _forget(self) -> None:
        self._unfolding.forget()
        self._learnt = False
        self._unshown.clear()
        self._shown_at.clear()
        for item in self._scene.nodes.values():
            item.show_strip(False)
        self._hurry()

    def _on_document_changed(self, _before: Document, after: Document) -> None:
        self._shown_at = {id: at for id, at in self._shown_at.items() if id in after.by_id}
        self._hurry()


def _rest(thumbnail: Thumbnail) -> float:
    """Seconds that a picture stands at least: a thousand lines take most of a frame to draw."""
    neurons = thumbnail.neurons
    many = neurons is not None and neurons.weight is not None and neurons.weight.size > SMOOTH
    return STATS_PERIOD if many else 0.0
