"""A layer that is dragged in from the palette: where it would land, and what it would join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF

from app.canvas.edits import free_place, make_room
from app.canvas.geometry import COLUMN, NEAR, box_geometry, distance, input_ports, snapped
from app.canvas.interactions.base import Interaction, Modifiers
from app.canvas.look import BoxLook
from app.canvas.node_item import NodeItem
from app.canvas.scene import CanvasScene, Port
from app.canvas.wire_item import GhostWire
from engine.design.checks import refuse_wire
from engine.design.document import Document, Node, Wire
from engine.layers import Layer

GHOST: Final = 0.85  # opacity of the box in the hand: its words are read, also over another box


@dataclass(frozen=True)
class Landing:
    """What a drop would do: a box at ``place``, put into ``wire``, or fed by ``source`` and feeding ``target``."""

    layer: Layer
    place: QPointF
    wire: Wire | None = None
    source: Port | None = None
    target: Port | None = None

    def apply(self, document: Document) -> tuple[Document, str]:
        """The document after the drop, and the id of the new node."""
        id = document.fresh_id(self.layer.kind)
        if self.wire is not None:
            document, x, y = _gap(document, self.wire, self.place)
            return document.insert(self.wire, self.layer, x, y, id=id), id
        document = document.add(self.layer, self.place.x(), self.place.y(), id=id)
        if self.source is not None:
            document = document.connect(self.source.node, id, 0)
        if self.target is not None:
            document = document.connect(id, self.target.node, self.target.number)
        return document, id


def _gap(document: Document, wire: Wire, place: QPointF) -> tuple[Document, float, float]:
    """A place in a wire for a box, near ``place``; what follows moves aside where the box would lie on another."""
    x, y = place.x(), place.y()
    if free_place(document, x, y) == (x, y):
        return document, x, y
    document = make_room(document, wire.source)
    source, target = document.node(wire.source), document.node(wire.target)
    return document, *free_place(document, source.x + COLUMN, snapped(QPointF(0, (source.y + target.y) / 2)).y())


def landing(scene: CanvasScene, layer: Layer, point: QPointF) -> Landing:
    """Where a box held at its middle over ``point`` would land, and what it would join there."""
    ports = input_ports(Node(id="new", layer=layer), ())
    geometry = box_geometry(ports)
    place = snapped(point - geometry.box.center())
    over = scene.wire_at(point)
    if over is not None and ports and scene.node_at(point) is None:
        return Landing(layer, place, wire=over.wire)
    document = scene.session.document
    id = document.fresh_id(layer.kind)
    trial = document.add(layer, id=id)
    source = target = None
    if ports:
        source = _nearest(scene, place + geometry.inputs[0], "output", trial, id)
    if source is not None:
        trial = trial.connect(source.node, id, 0)
    target = _nearest(scene, place + geometry.output, "input", trial, id)
    return Landing(layer, place, source=source, target=target)


def _nearest(scene: CanvasScene, point: QPointF, side: str, trial: Document, id: str) -> Port | None:
    """The nearest free port of a side that takes a wire from or to the new node."""
    fed = {wire.source for wire in trial.wires}
    near: list[tuple[float, Port]] = []
    for port in scene.ports_around(point, NEAR):
        free = port.node not in fed if port.side == "output" else scene.wire_into(port) is None
        if port.side == side and free and (far := distance(scene.point_of(port), point)) <= NEAR:
            near.append((far, port))
    for _, port in sorted(near, key=lambda pair: pair[0]):
        ends = (port.node, id, 0) if side == "output" else (id, port.node, port.number)
        if refuse_wire(trial, *ends, scene.session.prepared) is None:
            return port
    return None


class PaletteDrop(Interaction):
    """A ghost of the layer follows the mouse and shows what it would join; `finish` puts the layer there."""

    layer: Layer

    def start(self, point: QPointF, modifiers: Modifiers) -> None:
        ports = input_ports(Node(id="new", layer=self.layer), ())
        look = BoxLook(self.layer.title, self.layer.key_fields(), "", 0, self.layer.category, ports)
        self._box = NodeItem("", look)
        self._box.setOpacity(GHOST)
        self._box.setZValue(4)
        self._ghosts = GhostWire(), GhostWire()
        self._lit: Wire | None = None
        for item in (self._box, *self._ghosts):
            self.scene.addItem(item)
        self.move(point, modifiers)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        # The ghost is no box of the document: the scene must not find it.
        self._box.hide()
        plan = landing(self.scene, self.layer, point)
        self._box.setPos(plan.place)
        self._box.show()
        self._light(plan.wire)
        before, after = self._ghosts
        before.setVisible(plan.source is not None)
        after.setVisible(plan.target is not None)
        if plan.source is not None:
            before.join(self.scene.point_of(plan.source), self._box.input_point(0))
        if plan.target is not None:
            after.join(self._box.output_point(), self.scene.point_of(plan.target))

    def _light(self, wire: Wire | None) -> None:
        if wire != self._lit:
            for each, lit in ((self._lit, False), (wire, True)):
                if each in self.scene.wires:
                    self.scene.wires[each].show_state(lit=lit)
            self._lit = wire

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.cancel()
        document, id = landing(self.scene, self.layer, point).apply(self.session.document)
        self.session.edit(f"Add {self.layer.title}", document)
        self.session.select([id])

    def cancel(self) -> None:
        self._light(None)
        for item in (self._box, *self._ghosts):
            self.scene.removeItem(item)
