"""Whatever is done in whatever order: the picture is that of the document, and undo leads back to the start."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app import appearance
from app.canvas import edits
from app.canvas.geometry import Port, ports_by_node
from app.canvas.interactions.drop import landing
from app.canvas.view import CanvasView
from app.panels.inspector import Inspector
from app.session import Session
from engine.design.checks import apply_fix, refuse_wire
from engine.design.document import Document
from engine.layers import Layer
from tests.app.designs import chain

CanvasOf = Callable[[Document], CanvasView]


class Someone:
    """Does one thing after the other, as chance has it."""

    def __init__(self, canvas: CanvasView, seed: int) -> None:
        self.canvas, self.session, self.chance = canvas, canvas.session, random.Random(seed)

    def act(self) -> None:
        act = self.chance.choice([
            self.drop, self.drop, self.wire, self.wire, self.unwire, self.choose, self.choose, self.move, self.field,
            self.training, self.command, self.command, self.mend, self.undo, self.redo,
        ])  # fmt: skip
        act()

    def drop(self) -> None:
        layer = Layer.parse(self.chance.choice(list(Layer.kinds)))
        place = QPointF(self.chance.randrange(-200, 1200), self.chance.randrange(-200, 600))
        document, id = landing(self.canvas.canvas_scene, layer, place).apply(self.session.document)
        self.session.edit("Add", document)
        self.session.select([id])

    def wire(self) -> None:
        ids = list(self.session.document.by_id)
        if len(ids) > 1:
            source, target = self.chance.sample(ids, 2)
            ports = ports_by_node(self.session.document)[target]
            port = self.chance.randrange(ports) if ports else 0
            if refuse_wire(self.session.document, source, target, port) is None:
                self.session.edit("Connect", self.session.document.connect(source, target, port))

    def unwire(self) -> None:
        if self.session.document.wires:
            wire = self.chance.choice(self.session.document.wires)
            self.session.edit("Remove a wire", self.session.document.disconnect(wire))

    def choose(self) -> None:
        ids = list(self.session.document.by_id)
        self.session.select(self.chance.sample(ids, min(len(ids), self.chance.randrange(4))))

    def move(self) -> None:
        by = self.chance.randrange(-9, 9) * 8
        moved = edits.nudged(self.session.document, self.session.selection, by, by)
        self.session.edit("Move", moved, merge=self.chance.choice([None, "move"]))

    def field(self) -> None:
        dense = [node.id for node in self.session.document.nodes if node.layer.kind == "dense"]
        if dense:
            id = self.chance.choice(dense)
            document = self.session.document.set_fields(id, units=self.chance.randrange(1, 9))
            self.session.edit("Set", document, merge=self.chance.choice([None, "units"]))

    def training(self) -> None:
        document = self.session.document
        training = document.training.but(batch_size=self.chance.randrange(1, 99))
        self.session.edit("Set", document.but(training=training))

    def command(self) -> None:
        names = [name for name in self.canvas.commands.actions if name not in ("find_layer", "rename", "save_picture")]
        if len(self.session.document.nodes) > 40:
            names = ["delete", "cut"]
        self.canvas.commands.actions[self.chance.choice(names)].trigger()

    def mend(self) -> None:
        fixable = [problem for problem in self.session.report.problems if problem.fix and problem.node]
        if fixable:
            self.session.edit("Mend", apply_fix(self.session.document, self.chance.choice(fixable)))

    def undo(self) -> None:
        self.session.undo.undo()

    def redo(self) -> None:
        self.session.undo.redo()


def assert_in_step(canvas: CanvasView) -> None:
    """The scene shows the document, all of it and nothing else."""
    scene, document, session = canvas.canvas_scene, canvas.session.document, canvas.session
    assert set(scene.nodes) == set(document.by_id)
    assert set(scene.wires) == set(document.wires)
    hidden = {id for group in document.groups if group.folded for id in group.members}
    assert set(scene.groups.boxes) == {group.id for group in document.groups if group.folded}
    assert set(scene.groups.frames) == {group.id for group in document.groups if not group.folded}
    ports = ports_by_node(document)
    for node in document.nodes:
        item = scene.nodes[node.id]
        assert (item.x(), item.y()) == (node.x, node.y)
        assert item.isVisible() == (node.id not in hidden)
        assert item.look.name == node.label
        assert item.look.ports == ports[node.id]
        assert item.state.selected == (node.id in session.selection)
        assert item.look.shape == str(session.report.specs.get(node.id, ""))
        assert bool(item.look.severity) == bool(session.report.of(node.id))
    assert {id: item.remark for id, item in scene.remarks.items()} == {note.id: note for note in document.remarks}
    for wire, item in scene.wires.items():
        assert item.point_at(0) == scene.point_of(Port(wire.source, "output"))
        assert item.point_at(1) == scene.point_of(Port(wire.target, "input", wire.port))
        assert item.isVisible() == (scene.box_of(wire.source) is not scene.box_of(wire.target))
        assert item.label == str(session.report.specs.get(wire.source, ""))
        assert item.selected == (wire in session.selected_wires)


@pytest.fixture(autouse=True)
def _no_motion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appearance, "moves", lambda: False)


@pytest.mark.parametrize("seed", range(6))
def test_that_undo_leads_to_the_start_and_redo_back_whatever_was_done(
    canvas_of: CanvasOf, qtbot: QtBot, seed: int
) -> None:
    QGuiApplication.clipboard().clear()
    canvas = canvas_of(chain(4, 1))
    inspector = Inspector(canvas.session)
    qtbot.addWidget(inspector)
    someone = Someone(canvas, seed)
    for _ in range(60):
        someone.act()
        assert_in_step(canvas)
    session: Session = canvas.session
    while session.undo.canRedo():
        session.undo.redo()
    newest = session.document
    while session.undo.canUndo():
        session.undo.undo()
    assert session.document == chain(4, 1)
    assert_in_step(canvas)
    while session.undo.canRedo():
        session.undo.redo()
    assert session.document == newest
    assert_in_step(canvas)
