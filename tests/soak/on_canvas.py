"""What is done on the canvas: with the mouse, with keys, with the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.geometry import Port
from engine.insight.thumbnails import unfoldable
from engine.layers import Layer
from tests.app.canvas.hand import MIDDLE, Hand
from tests.app.canvas.test_random_edits import Someone
from tests.soak.poke import poke, turn
from tests.soak.stage import Stage

KEYS: Final = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape, Qt.Key.Key_Delete,
    Qt.Key.Key_Home, Qt.Key.Key_U, Qt.Key.Key_C, Qt.Key.Key_Space, Qt.Key.Key_Plus, Qt.Key.Key_Minus,
)  # fmt: skip
HELD: Final = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier,
)  # fmt: skip
NAMES: Final = ("Entrance", "α → β", "", "a very long name that does not fit into any box of this design", "<b>1</b>")


class OnCanvas:
    """Edits of the design."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.chance = stage, stage.chance
        self.canvas, self.session = stage.window.canvas, stage.window.session
        self.hand = Hand(self.canvas)
        self.someone = Someone(self.canvas, 0)
        self.someone.chance = stage.chance

    def acts(self) -> list[tuple[float, Callable[[], object]]]:
        own = self.someone
        return [
            (3, own.drop), (6, own.wire), (2, own.unwire), (3, own.choose), (2, own.move), (3, own.field),
            (3, own.training), (8, own.command), (3, own.mend), (3, own.undo), (3, own.redo),
            (2, self.drag_layer), (2, self.drag_wire), (2, self.drag_box), (2, self.band), (1, self.pan),
            (2, self.zoom),
            (2, self.double_click), (1, self.context_menu), (3, self.key), (2, self.rename), (2, self.note),
            (2, self.find_layer), (2, self.type_weight), (2, self.turn_weight), (2, self.set_weight), (2, self.group),
            (1, self.save_picture), (1, self.copy_picture), (1, self.map),
        ]  # fmt: skip

    def _anywhere(self) -> QPointF:
        face = self.canvas.viewport().rect()
        return self.canvas.mapToScene(self.chance.randrange(face.width()), self.chance.randrange(face.height()))

    def _box(self) -> str | None:
        ids = list(self.session.document.by_id)
        return self.chance.choice(ids) if ids else None

    def drag_layer(self) -> None:
        """Out of the palette, or back to where it came from."""
        kind = self.chance.choice(list(Layer.kinds))
        if self.chance.random() < 0.8:
            self.hand.drop(kind, self._anywhere())
        else:
            self.hand.enter(kind, self._anywhere())
            self.hand.hover(self._anywhere())
            self.hand.leave()

    def drag_wire(self) -> None:
        """From a box's output to anywhere: another port, or the list of layers."""
        source, target = self._box(), self._box()
        if source and target:
            end = Port(target, "input") if self.chance.random() < 0.8 else self._anywhere()
            self.hand.drag(Port(source, "output"), end)

    def drag_box(self) -> None:
        id = self._box()
        if id:
            middle = self.canvas.canvas_scene.box_of(id).scene_box().center()
            self.hand.drag(middle, self._anywhere(), keys=self.chance.choice(HELD))

    def band(self) -> None:
        self.hand.drag(self._anywhere(), self._anywhere(), keys=self.chance.choice(HELD))

    def pan(self) -> None:
        self.hand.drag(self._anywhere(), self._anywhere(), MIDDLE)

    def zoom(self) -> None:
        at = self.canvas.mapFromScene(self._anywhere())
        turn(self.canvas.viewport(), at, self.chance.choice([-120, 120]), self.chance.choice(HELD))

    def double_click(self) -> None:
        id = self._box()
        place = self._anywhere()
        if id and self.chance.random() < 0.7:
            place = self.canvas.canvas_scene.box_of(id).scene_box().center()
        QTest.mouseDClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, HELD[0], self.hand.at(place))

    def context_menu(self) -> None:
        at = self.hand.at(self._anywhere())
        face = self.canvas.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, face.mapToGlobal(at))
        QApplication.sendEvent(face, event)

    def key(self) -> None:
        self.canvas.setFocus()
        QTest.keyClick(self.canvas, self.chance.choice(KEYS), self.chance.choice(HELD))

    def rename(self) -> None:
        """In place, and then Enter, Escape, or the focus somewhere else."""
        if self._box():
            self.session.select([self._box()])
        self.canvas.commands.actions["rename"].trigger()
        self._write()

    def note(self) -> None:
        self.canvas.commands.actions["note"].trigger()
        self._write()

    def _write(self) -> None:
        writing = self.canvas.writing
        if writing.isVisible():
            writing.insertPlainText(self.chance.choice(NAMES))  # letters without a key of their own
            QTest.keyClick(
                writing, self.chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]), self.chance.choice(HELD)
            )

    def find_layer(self) -> None:
        """The list of layers: a few letters, Enter."""
        self.canvas.commands.actions["find_layer"].trigger()
        search = self.canvas.quick_add.search
        QTest.keyClicks(search, self.chance.choice(["dens", "relu", "drop", "norm", "add", "zzz", ""]))
        QTest.keyClick(search, self.chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape]))

    def group(self) -> None:
        """Take some boxes together; opening and letting go come with the commands."""
        ids = list(self.session.document.by_id)
        if len(ids) > 2:
            self.session.select(self.chance.sample(ids, 3))
            self.canvas.commands.actions[self.chance.choice(["group", "group", "ungroup", "fold"])].trigger()

    # Weights by hand

    def _unfolded(self) -> str | None:
        """A layer that shows its neurons, or that will."""
        fitting = [node.id for node in self.session.document.nodes if unfoldable(node.layer)]
        if not fitting:
            return None
        id = self.chance.choice(fitting)
        if id not in self.canvas.unfolding.nodes:
            self.canvas.unfolding.toggle([id])
        return id

    def type_weight(self) -> None:
        id = self._unfolded()
        if id:
            self.session.select([id])
            self.canvas.commands.actions["weights"].trigger()
            editor = self.canvas.unfolding.editor
            if editor.isVisible():
                poke(editor, self.chance)

    def turn_weight(self) -> None:
        """With the mouse, up or down, where the number is drawn."""
        id = self._unfolded()
        grips = self.canvas.unfolding.grips(id) if id else []
        if grips:
            place = self.canvas.mapToScene(self.canvas.unfolding.place_of(self.chance.choice(grips)))
            self.hand.drag(place, place + QPointF(0, self.chance.choice([-30, 30])))

    def set_weight(self) -> None:
        id = self._unfolded()
        grips = self.canvas.unfolding.grips(id) if id else []
        if grips:
            grip = self.chance.choice(grips)
            unfolding = self.canvas.unfolding
            unfolding.set_value(grip, unfolding.value(grip), self.chance.uniform(-1, 1))

    # Pictures

    def save_picture(self) -> None:
        self.canvas.commands.actions["save_picture"].trigger()

    def copy_picture(self) -> None:
        self.canvas.commands.actions["copy_picture"].trigger()

    def map(self) -> None:
        minimap = self.canvas.minimap
        if minimap.isVisible():
            QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, HELD[0], minimap.rect().center())
