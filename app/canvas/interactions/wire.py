"""Drawing a wire from port to port, or picking one up and leading it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Final

from PySide6.QtCore import QPointF

from app.canvas.geometry import distance
from app.canvas.interactions.base import Interaction, Modifiers
from app.canvas.look import PortState, wire_label
from app.canvas.scene import Port
from app.canvas.wire_item import GhostWire
from engine.design.checks import Problem, Report, Wiring, check
from engine.design.document import Document, Wire

BUDGET: Final = 0.001  # s per mouse move for asking which ports fit: a large design lights up by and by
CATCH: Final = 22.0  # a loose end jumps to a port that is not further away


class DrawWire(Interaction):
    """Ports that fit light up; over one that does not, the reason stands beside the mouse."""

    def start(self, point: QPointF, modifiers: Modifiers) -> None:
        port = self.canvas.pressed_port
        assert port is not None  # the canvas begins this interaction on a port only
        self._lifted = self.scene.wire_into(port) if port.side == "input" else None
        self._document = self.session.document
        if self._lifted is not None:
            self._document = self._document.disconnect(self._lifted)
            self.scene.wires[self._lifted].setVisible(False)
            port = Port(self._lifted.source, "output")
        self._fixed = port
        self._wiring = Wiring(self._document, self.session.prepared)
        self._refusals: dict[Port, Problem | None] = {}
        self._aim: Port | None = None
        self._foreseen: Port | None = None
        self._futures: dict[Port, tuple[Document, Report]] = {}
        self._unlit = {port.node}  # whose ports are to be painted anew
        self._to_ask = self._candidates(point)
        self._ghost = GhostWire()
        self.scene.addItem(self._ghost)
        self.move(point, modifiers)

    def _candidates(self, point: QPointF) -> Iterator[Port]:
        """The ports at the other end of a possible wire, nearest first."""
        ports = [
            port
            for box in self.scene.boxes()
            for port in (box.outputs if self._fixed.side == "input" else box.inputs)
            if port.node != self._fixed.node
        ]
        return iter(sorted(ports, key=lambda port: distance(self.scene.point_of(port), point)))

    def _wire(self, other: Port) -> Wire:
        source, target = (self._fixed, other) if self._fixed.side == "output" else (other, self._fixed)
        return Wire(source=source.node, target=target.node, port=target.number)

    def _refusal(self, other: Port) -> Problem | None:
        if other not in self._refusals:
            self._unlit.add(other.node)
            wire = self._wire(other)
            self._refusals[other] = self._wiring.refuse(wire.source, wire.target, wire.port)
        return self._refusals[other]

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        self._ask_on()
        self._aim = self._aimed_at(point)
        refusal = self._refusal(self._aim) if self._aim else None
        if self._aim is not None:
            self._unlit.add(self._aim.node)
        self._light()
        self._foresee(self._aim if refusal is None else None)
        self._draw(self.scene.point_of(self._aim) if self._aim else point, refusal is None)
        if refusal is not None:
            self.canvas.hint.say(refusal.reason, self.canvas.mapFromScene(point))
        else:
            self.canvas.hint.hide()

    def _ask_on(self) -> None:
        until = perf_counter() + BUDGET
        for port in self._to_ask:
            self._refusal(port)
            if perf_counter() > until:
                break

    def _aimed_at(self, point: QPointF) -> Port | None:
        """The port nearest to the mouse, or on the box under it the first port that fits."""
        wanted = "input" if self._fixed.side == "output" else "output"
        port = self.scene.port_at(point, CATCH)
        if port is not None and port.side == wanted and port.node != self._fixed.node:
            return port
        item = self.scene.node_at(point)
        if item is None or self._fixed.node in item.ids:
            return None
        if wanted == "output":
            return item.outputs[0] if item.outputs else None
        ports = item.inputs
        return next((port for port in ports if self._refusal(port) is None), ports[0] if ports else None)

    def _light(self) -> None:
        """Only where something has changed since: a large design has many ports."""
        boxes = {id(box): box for box in map(self.scene.box_of, self._unlit)}
        self._unlit = {self._aim.node} if self._aim else set()
        for box in boxes.values():
            inputs, outputs = (tuple(map(self._state, ports)) for ports in (box.inputs, box.outputs))
            box.light_ports(inputs if any(inputs) else (), outputs if any(outputs) else ())

    def _state(self, port: Port) -> PortState:
        if port == self._fixed:
            return "chosen"
        if port not in self._refusals:
            return ""
        if self._refusals[port] is not None:
            return "refused"
        return "chosen" if port == self._aim else "fits"

    def _foresee(self, other: Port | None) -> None:
        """Ghost the shapes that a wire to ``other`` would bring about, all the way down."""
        if other == self._foreseen:
            return
        self._foreseen = other
        if other is None:
            self.scene.show_as_is()
            return
        if other not in self._futures:
            wire = self._wire(other)
            document = self._document.connect(wire.source, wire.target, wire.port)
            self._futures[other] = document, check(document, self.session.prepared)
        self.scene.show_would_be(*self._futures[other])

    def _shape(self) -> str:
        """What the wire in the hand would carry."""
        if self._foreseen is not None:
            return wire_label(self._wire(self._foreseen), self._futures[self._foreseen][1])
        spec = self.session.report.specs.get(self._fixed.node) if self._fixed.side == "output" else None
        return str(spec) if spec else ""

    def _draw(self, loose: QPointF, fits: bool) -> None:
        held = self.scene.point_of(self._fixed)
        ends = (held, loose) if self._fixed.side == "output" else (loose, held)
        self._ghost.join(*ends, fits=fits, label=self._shape())

    def finish(self, point: QPointF, modifiers: Modifiers) -> None:
        self.move(point, modifiers)
        aim, refusal = self._aim, self._refusal(self._aim) if self._aim else None
        self._clear()
        if aim is None:
            self._let_go(point)
        elif refusal is not None:
            self.canvas.hint.stay(refusal, self._document, self.canvas.mapFromScene(point))
        else:
            wire = self._wire(aim)
            by_id = self._document.by_id
            text = f"Connect {by_id[wire.source].label} to {by_id[wire.target].label}"
            self.session.edit(text, self._document.connect(wire.source, wire.target, wire.port))

    def _let_go(self, point: QPointF) -> None:
        """A wire that was picked up and let go over nothing is taken away; a new one asks what it shall lead to."""
        if self._lifted is not None:
            self.session.edit("Remove a wire", self._document)
        elif distance(point, self.scene.point_of(self._fixed)) > 2 * CATCH:
            self.canvas.offer_layers(point, self._fixed)

    def cancel(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self.canvas.hint.hide()
        self.scene.removeItem(self._ghost)
        self._foresee(None)
        for box in self.scene.boxes():
            box.light_ports()
        if self._lifted is not None and self._lifted in self.scene.wires:
            self.scene.wires[self._lifted].setVisible(True)
