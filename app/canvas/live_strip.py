"""Keeps the live strips of the boxes in sight fresh: what the trainer is asked, how often, and who shows the answer."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QPointF

from app.canvas.node_item import NodeItem
from app.canvas.paint import FAR, FURTHER
from app.canvas.unfolded import Grip, Inside
from app.canvas.weight_editor import WeightEditor
from app.session import Touch
from engine.insight.thumbnails import UNFOLDED, Sheet, Thumbnails, unfoldable

if TYPE_CHECKING:
    from app.canvas.view import CanvasView
    from engine.design.document import Document
    from engine.insight.tensors import TensorStats
    from engine.training.trainer import Trainer

KEY: Final = "strips"
PERIOD: Final = 1 / 15  # s between two pictures of a box at the least
STATS_PERIOD: Final = 0.2  # s between two readings: numbers that run faster cannot be read
SHARE: Final = 0.02  # of the trainer's time that pictures may cost
IDLE: Final = 0.5  # s between two questions while nothing is learnt
SLOWEST: Final = 1.0  # s between two questions, however dear the answer


class LiveStrips(QObject):
    """Boxes grow by a strip when the first batch has been learnt, and keep it until another design is opened.

    Attributes:
        unfolded: ids of the dense layers whose neurons are shown.
    """

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.canvas, self.session, self._scene = canvas, canvas.session, canvas.canvas_scene
        self.editor = WeightEditor(self, canvas.viewport())
        self.unfolded: frozenset[str] = frozenset()
        self._stats: TensorStats | None = None
        self._sheet: Sheet | None = None
        self._learnt = False  # something has been, since this design was opened
        self._drawn_at = self._read_at = self._asked_at = 0.0
        self._asked_step = -1
        self._shown_at: dict[str, float] = {}
        self._wanted = ""  # the layer whose first weight is to be typed
        self.session.opened.connect(self._forget)
        self.session.weights_set.connect(self._hurry)
        self.session.document_changed.connect(self._on_document_changed)

    def refresh(self, trainer: Trainer) -> None:
        """Show what is new, and ask again when the last answer has been paid for; at most fifteen times a second."""
        now = perf_counter()
        if now - self._drawn_at < PERIOD:
            return
        self._drawn_at = now
        self._learnt = self._learnt or trainer.status.step > 0
        if not (self._learnt or self.unfolded) or self.canvas.zoom < FURTHER:
            return
        seen = self._seen()
        self._read(trainer, seen, now)
        self._show(trainer, now)
        self._ask(trainer, seen, now)

    def unfold(self, id: str, on: bool) -> None:
        """Show the neurons of a dense layer inside its box, or fold it again."""
        self.unfolded = self.unfolded | {id} if on else self.unfolded - {id}
        item = self._scene.nodes[id]
        if not on and item.strip is not None:
            self.editor.leave()
            item.strip.fold()
            item.lay_out()
        self._hurry()

    # What a hand does to an unfolded layer

    def tap(self, point: QPointF) -> bool:
        """A double click: on a number it offers it for typing, on a strip it unfolds; False when it meant neither."""
        grip, item = self.grip_at(point), self._scene.node_at(point)
        if grip is not None:
            self.editor.ask(grip)
        elif item is not None and item.strip is not None and item.strip.contains(item.strip.mapFromScene(point)):
            self._toggle([item.id])
        else:
            return False
        return True

    def toggle(self) -> None:
        """Unfold the selected dense layers, or fold them when all of them are open."""
        self._toggle(self.session.selection)

    def _toggle(self, ids: Iterable[str]) -> None:
        fitting = self._fitting(ids)
        on = not self.unfolded.issuperset(fitting)
        for id in fitting:
            self.unfold(id, on)

    def type_weights(self) -> None:
        """Offer the first weight of the selected layer for typing, as soon as its neurons are there."""
        for id in self._fitting(self.session.selection)[:1]:
            if id not in self.unfolded:
                self.unfold(id, True)
            self._wanted = id
            self._type_wanted()

    def _type_wanted(self) -> None:
        grips = self.grips(self._wanted)
        if grips:
            self._wanted = ""
            self.editor.ask(grips[0])

    def _fitting(self, ids: Iterable[str]) -> list[str]:
        """Those that can be unfolded; where none can, why."""
        asked = [id for id in ids if id in self.session.document.by_id]
        fitting = sorted(id for id in asked if unfoldable(self.session.document.node(id).layer))
        if asked and not fitting:
            at = self.canvas.mapFromScene(self._scene.box_of(asked[0]).scene_box().center())
            self.canvas.hint.say(f"Only dense layers of up to {UNFOLDED} units can be unfolded.", at)
        return fitting

    def grip_at(self, point: QPointF) -> Grip | None:
        """The weight or bias at a point of the scene."""
        item = self._scene.node_at(point)
        return item.strip.grip_at(point) if item is not None and item.strip is not None else None

    def hold(self, grip: Grip | None) -> None:
        """Mark a number and say its value in its box."""
        for id in self.unfolded:
            strip = self._scene.nodes[id].strip
            if strip is not None:
                strip.hold(grip if grip is not None and grip.node == id else None)

    def grips(self, id: str) -> list[Grip]:
        """The numbers of an unfolded layer, in the order in which one walks through them; empty for any other."""
        inside = self._inside(id)
        return inside.grips() if inside is not None else []

    def value(self, grip: Grip) -> float:
        inside = self._inside(grip.node)
        return inside.value(grip) if inside is not None else 0.0

    def name(self, grip: Grip) -> str:
        inside = self._inside(grip.node)
        return inside.name(grip) if inside is not None else ""

    def place_of(self, grip: Grip) -> QPoint:
        """Where a number is drawn, in the viewport."""
        item = self._scene.nodes[grip.node]
        inside = self._inside(grip.node)
        if item.strip is None or inside is None:
            return self.canvas.mapFromScene(item.scene_box().center())
        return self.canvas.mapFromScene(item.strip.mapToScene(inside.place_of(grip)))

    def set_value(self, grip: Grip, before: float, value: float, merge: bool) -> None:
        """Set a number by hand; with ``merge``, in one undo step with those of the same gesture."""
        strip = self._scene.nodes[grip.node].strip
        label = self.session.document.node(grip.node).label
        text = f"Set the {grip.parameter} {self.name(grip).removeprefix('bias of ')} of {label}"
        self.session.set_weights(text, [Touch(grip.key, grip.index, before, value)], merge=grip if merge else None)
        if strip is not None:
            strip.foretell(grip, value)

    def _inside(self, id: str) -> Inside | None:
        item = self._scene.nodes.get(id)
        return item.strip.inside if item is not None and item.strip is not None else None

    # What is asked and shown

    def _seen(self) -> list[NodeItem]:
        """The boxes in sight."""
        view = self.canvas.mapToScene(self.canvas.viewport().rect()).boundingRect()
        return [item for item in self._scene.items(view) if type(item) is NodeItem and item.id in self._scene.nodes]

    def _read(self, trainer: Trainer, seen: list[NodeItem], now: float) -> None:
        stats = trainer.tensors
        if now - self._read_at < STATS_PERIOD and stats is not None:
            return
        self._read_at, self._stats = now, stats
        layers = {layer.node: layer for layer in stats.layers} if stats else {}
        for item in seen:
            if item.id in layers:
                item.show_strip(True)
            if item.strip is not None:
                item.strip.show_layer(layers.get(item.id))

    def _show(self, trainer: Trainer, now: float) -> None:
        sheet = trainer.answer(KEY)
        if not isinstance(sheet, Sheet) or sheet is self._sheet:
            return
        self._sheet = sheet
        for id, thumbnail in sheet.boxes.items():
            item = self._scene.nodes.get(id)
            if item is None or (thumbnail.neurons is not None and id not in self.unfolded):
                continue
            self._shown_at[id] = now
            item.show_strip(True)
            if item.strip is not None and item.strip.show_thumbnail(thumbnail):
                item.lay_out()
        self._type_wanted()

    def _ask(self, trainer: Trainer, seen: list[NodeItem], now: float) -> None:
        step = trainer.status.step
        wait = min(self._sheet.seconds / SHARE, SLOWEST) if self._sheet else 0.0
        if step == self._asked_step:
            wait = max(wait, IDLE)
        if now - self._asked_at < wait or self.canvas.zoom < FAR:
            return
        # What is unfolded is looked at; of the others, the one that has waited longest.
        ids = sorted((item.id for item in seen), key=lambda id: (id not in self.unfolded, self._shown_at.get(id, 0.0)))
        if ids:
            self._asked_at, self._asked_step = now, step
            trainer.ask(KEY, Thumbnails(tuple(ids), self.unfolded))

    def _hurry(self) -> None:
        """What has just been touched is looked at without delay."""
        self._asked_at, self._asked_step = 0.0, -1

    def _forget(self) -> None:
        self.editor.leave()
        self._learnt, self.unfolded, self._stats, self._sheet = False, frozenset(), None, None
        self._shown_at.clear()
        for item in self._scene.nodes.values():
            item.show_strip(False)
        self._hurry()

    def _on_document_changed(self, _before: Document, after: Document) -> None:
        if self.editor.grip is not None and self.editor.grip.node not in after.by_id:
            self.editor.leave()
        for id in self.unfolded:
            if id not in after.by_id:
                self.unfolded -= {id}
            elif not unfoldable(after.node(id).layer):
                self.unfold(id, False)
        self._shown_at = {id: at for id, at in self._shown_at.items() if id in after.by_id}
        self._hurry()
