"""Which layers show their neurons, and what a hand does to the weights there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Signal

from app.canvas.paint import FAR
from app.canvas.unfolded import Grip, Inside
from app.canvas.weight_editor import WeightEditor
from app.session import Touch
from app.theme import GRID
from engine.insight.thumbnails import UNFOLDED, unfoldable

if TYPE_CHECKING:
    from app.canvas.view import CanvasView
    from engine.design.document import Document


class Unfolding(QObject):
    """Neurons are shown as soon as the trainer tells them; folding is at once.

    Signals:
        changed: other layers are unfolded.

    Attributes:
        nodes: ids of the unfolded layers.
    """

    changed = Signal()

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.canvas, self.session, self._scene = canvas, canvas.session, canvas.canvas_scene
        self.nodes: frozenset[str] = frozenset()
        self.editor = WeightEditor(self, canvas.viewport())
        self._wanted = ""  # the layer whose first weight is to be typed once it is there
        self.session.document_changed.connect(self._on_document_changed)
        self.session.picked.weight_changed.connect(self._on_weight_changed)

    # Open and shut

    def unfold(self, id: str, on: bool) -> None:
        """Show the neurons of a dense layer inside its box, or fold it again."""
        self.nodes = self.nodes | {id} if on else self.nodes - {id}
        item = self._scene.nodes.get(id)
        if not on and item is not None and item.strip is not None:
            self.editor.leave()
            item.strip.fold()
            item.lay_out()
        self.changed.emit()

    def toggle(self, ids: Iterable[str] | None = None) -> None:
        """Unfold these layers (the selected ones by default), or fold them when all of them are open."""
        fitting = self._fitting(self.session.selection if ids is None else ids)
        on = not self.nodes.issuperset(fitting)
        for id in fitting:
            self.unfold(id, on)
        if on and fitting:
            self._come_near(fitting[0])

    def tap(self, point: QPointF) -> bool:
        """A double click: on a number it offers it for typing, on a strip it unfolds; False when it meant neither."""
        grip, item = self.grip_at(point), self._scene.node_at(point)
        if grip is not None:
            self.editor.ask(grip)
        elif item is not None and item.strip is not None and item.strip.contains(item.strip.mapFromScene(point)):
            self.toggle([item.id])
        else:
            return False
        return True

    def type_weights(self) -> None:
        """Offer the first weight of the selected layer for typing, as soon as its neurons are there."""
        for id in self._fitting(self.session.selection)[:1]:
            self._wanted = id
            if id not in self.nodes:
                self.unfold(id, True)
                self._come_near(id)
            self.go_on()

    def _come_near(self, id: str) -> None:
        """Neurons are not drawn where they could not be told apart."""
        if self.canvas.zoom < FAR:
            at = self.canvas.mapFromScene(self._scene.nodes[id].scene_box().center())
            self.canvas.scale_by(1.0 / self.canvas.zoom, at)

    def bring_into_sight(self, ids: Iterable[str]) -> None:
        """Layers that have grown, or come out of their group; where there is room for all, none leaves the view."""
        canvas = self.canvas
        canvas.show_boxes(ids)
        whole = self._scene.content_rect().adjusted(-GRID, -GRID, GRID, GRID)
        seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        if whole.width() <= seen.width() and whole.height() <= seen.height():
            canvas.ensureVisible(whole, 0, 0)

    def go_on(self) -> None:
        """New neurons have come: what waited for them can be done."""
        grips = self.grips(self._wanted)
        if grips:
            self._wanted = ""
            self.editor.ask(grips[0])

    def forget(self) -> None:
        """Another design: all is folded."""
        self.editor.leave()
        self.nodes, self._wanted = frozenset(), ""

    def _fitting(self, ids: Iterable[str]) -> list[str]:
        """Those that can be unfolded; where none can, why."""
        asked = [id for id in ids if id in self.session.document.by_id]
        fitting = sorted(id for id in asked if unfoldable(self.session.document.node(id).layer))
        if asked and (not fitting or self.session.report.errors):
            words = (
                "Neurons are shown as soon as the design can be trained."
                if fitting
                else f"Only dense layers of up to {UNFOLDED} units can be unfolded."
            )
            at = self.canvas.mapFromScene(self._scene.box_of(asked[0]).scene_box().center())
            self.canvas.hint.say(words, at)
        return fitting

    def _on_document_changed(self, _before: Document, after: Document) -> None:
        for id in self.nodes:
            if id not in after.by_id or not unfoldable(after.node(id).layer):
                self.unfold(id, False)

    # The numbers

    def grip_at(self, point: QPointF) -> Grip | None:
        """The weight or bias at a point of the scene."""
        if not self.nodes:
            return None
        item = self._scene.node_at(point)
        return item.strip.grip_at(point) if item is not None and item.strip is not None else None

    def hover(self, grip: Grip | None) -> None:
        """Mark what the mouse is over, unless a number is being typed."""
        if self.editor.grip is None:
            self.hold(grip)

    def hold(self, grip: Grip | None) -> None:
        """Mark a number and say its value in its box."""
        for id in self.nodes:
            item = self._scene.nodes.get(id)
            if item is not None and item.strip is not None:
                item.strip.hold(grip if grip is not None and grip.node == id else None)

    def _on_weight_changed(self) -> None:
        """Mark the number that is being explained, until another is."""
        weight = self.session.picked.weight
        for id in self.nodes:
            item = self._scene.nodes.get(id)
            if item is not None and item.strip is not None:
                item.strip.choose(weight if weight is not None and weight.node == id else None)

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
        item, inside = self._scene.nodes[grip.node], self._inside(grip.node)
        if item.strip is None or inside is None:
            return self.canvas.mapFromScene(item.scene_box().center())
        return self.canvas.mapFromScene(item.strip.mapToScene(inside.place_of(grip)))

    def set_value(self, grip: Grip, before: float, value: float) -> None:
        """Set a number by hand; in a row, until the session settles, that is one undo step."""
        item = self._scene.nodes.get(grip.node)
        if item is None:
            return
        what = f"Set {self.name(grip) or grip.parameter} of {self.session.document.node(grip.node).label}"
        self.session.set_weights(what, [Touch(grip.key, grip.index, before, value)], merge=grip)
        if item.strip is not None:
            item.strip.foretell(grip, value)

    def _inside(self, id: str) -> Inside | None:
        item = self._scene.nodes.get(id)
        return item.strip.inside if item is not None and item.strip is not None else None
