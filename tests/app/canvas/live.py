"""A canvas beside a trainer that trains for real."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from app.canvas.strip_item import StripItem
from app.canvas.unfolded import Grip, Inside
from app.canvas.view import CanvasView
from engine.design.document import Document
from engine.training.trainer import Trainer
from tests.app.canvas.hand import Hand


class LiveHand(Hand):
    """A hand over a canvas whose design trains."""

    def __init__(self, canvas: CanvasView, qtbot: QtBot) -> None:
        super().__init__(canvas)
        self.qtbot = qtbot
        self.session = canvas.session
        self.trainer = Trainer(self.session.document)
        self.session.trainer = self.trainer
        self.trainer.start()
        self.until(lambda: self.trainer.status.phase in ("ready", "failed"))

    def until(self, true: Callable[[], object]) -> None:
        """Beat as the window does until something holds."""

        def holds() -> bool:
            self.canvas.refresh(self.trainer)
            return bool(true())

        self.qtbot.waitUntil(holds)

    def learn(self, epochs: int = 1) -> None:
        """Train so many epochs."""
        for _ in range(epochs):
            before = self.trainer.status.epoch
            self.trainer.step("epoch")
            self.until(lambda before=before: self.trainer.status.epoch > before)

    def strip_of(self, id: str) -> StripItem:
        strip = self.canvas.canvas_scene.nodes[id].strip
        assert strip is not None
        return strip

    def inside(self, id: str) -> Inside:
        inside = self.strip_of(id).inside
        assert inside is not None
        return inside

    def unfold(self, id: str) -> Inside:
        """By keyboard, as one does."""
        self.session.select([id])
        self.canvas.commands.actions["unfold"].trigger()
        item = self.canvas.canvas_scene.nodes[id]
        self.until(lambda: item.strip is not None and item.strip.inside is not None)
        self.canvas.fit()
        return self.inside(id)

    def place(self, grip: Grip) -> QPointF:
        """Where a weight or bias is, in the scene."""
        return self.strip_of(grip.node).mapToScene(self.inside(grip.node).place_of(grip))

    def weight(self, grip: Grip) -> float:
        """What the trainer's network has."""
        found: list[float] = []
        self.trainer.ask("peek", _Peek(grip, found))
        self.qtbot.waitUntil(lambda: bool(found))
        return found[0]


class _Peek:
    def __init__(self, grip: Grip, found: list[float]) -> None:
        self._grip, self._found = grip, found

    def answer(self, program: object) -> None:
        self._found.append(float(program.parameters()[self._grip.key].ravel()[self._grip.index]))  # type: ignore[attr-defined]


def in_a_row(document: Document) -> Document:
    return document.move({node.id: (224.0 * number, 0.0) for number, node in enumerate(document.nodes)})
