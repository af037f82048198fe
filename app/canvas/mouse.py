"""What the mouse does on the canvas: which interaction a press begins, and what a double click means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from app.canvas.group_item import GroupBox
from app.canvas.interactions.band import ADDING, Band
from app.canvas.interactions.base import Interaction
from app.canvas.interactions.move import Move
from app.canvas.interactions.pan import Pan
from app.canvas.interactions.resize import Resize
from app.canvas.interactions.turn import TurnWeight
from app.canvas.interactions.wire import DrawWire
from app.canvas.node_item import NodeItem
from app.picked import Weight

if TYPE_CHECKING:
    from app.canvas.view import CanvasView


class Mouse:
    """Leads one interaction at a time; without one, it lights what it is over."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas
        self._interaction: Interaction | None = None
        self._hovered: NodeItem | None = None
        self._space_held = self._space_used = False

    @property
    def busy(self) -> bool:
        """Whether an interaction lasts."""
        return self._interaction is not None

    def hold_space(self) -> None:
        """Until it is let go, a press pans."""
        self._space_held, self._space_used = True, False

    def let_space_go(self) -> bool:
        """True when it was held and nothing was done with it."""
        tapped = self._space_held and not self._space_used
        self._space_held = False
        return tapped

    def press(self, event: QMouseEvent) -> None:
        self._canvas.hint.hide()
        self.abort()
        point = self._canvas.mapToScene(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._space_held
        ):
            self._space_used = True
            self._begin(Pan(self._canvas), point, event.modifiers())
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press_left(point, event.modifiers())

    def _press_left(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        canvas, scene, session = self._canvas, self._canvas.canvas_scene, self._canvas.session
        canvas.pressed_port = scene.port_at(point, canvas.reach)
        item, wire, note = scene.node_at(point), scene.wire_at(point), scene.remark_at(point)
        frame = scene.groups.frame_at(point)
        boxes = item.ids if item else frame.group.members if frame and wire is None else ()
        grip = canvas.unfolding.grip_at(point)
        if canvas.pressed_port is not None:
            self._begin(DrawWire(canvas), point, modifiers)
        elif grip is not None:
            session.select([grip.node])
            session.picked.choose_weight(Weight(grip.key, grip.index))
            self._begin(TurnWeight(canvas, grip), point, modifiers)
        elif boxes:
            self._take(frozenset(boxes), frozenset(), modifiers)
            self._begin(Move(canvas, leader=boxes[0]), point, modifiers)
        elif wire is not None:
            session.select((), [wire.wire])
        elif note is not None and note.grip.contains(point):
            self._take(frozenset(), frozenset([note.remark.id]), modifiers)
            self._begin(Resize(canvas, note), point, modifiers)
        elif note is not None:
            self._take(frozenset(), frozenset([note.remark.id]), modifiers)
            self._begin(Move(canvas, leader=note.remark.id), point, modifiers)
        else:
            self._begin(Band(canvas), point, modifiers)

    def _take(self, boxes: frozenset[str], notes: frozenset[str], modifiers: Qt.KeyboardModifier) -> None:
        """Select what is pressed; with Shift or Ctrl on top of what is selected, or no more."""
        session = self._canvas.session
        held = session.selection, session.selected_remarks
        there = boxes <= held[0] and notes <= held[1]
        if modifiers & ADDING:
            boxes, notes = (held[0] - boxes, held[1] - notes) if there else (held[0] | boxes, held[1] | notes)
            session.select(boxes, session.selected_wires, notes)
        elif not there:
            session.select(boxes, (), notes)

    def _begin(self, interaction: Interaction, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._interaction = interaction
        interaction.start(point, modifiers)

    def abort(self) -> None:
        """End what lasts as if it had not begun."""
        self._canvas.glide.settle()
        interaction, self._interaction = self._interaction, None
        if interaction is not None:
            interaction.cancel()

    def move(self, event: QMouseEvent) -> None:
        point = self._canvas.mapToScene(event.position().toPoint())
        if self._interaction is not None:
            self._interaction.move(point, event.modifiers())
        else:
            self._hover(point)

    def _hover(self, point: QPointF) -> None:
        canvas, scene = self._canvas, self._canvas.canvas_scene
        port, item = scene.port_at(point, canvas.reach), scene.node_at(point)
        if item is not self._hovered:
            for each, hovered in ((self._hovered, False), (item, True)):
                if each is not None:
                    each.show_state(hovered=hovered)
            self._hovered = item
        grip = canvas.unfolding.grip_at(point) if port is None else None
        canvas.unfolding.hover(grip)
        if grip is not None:
            canvas.viewport().setCursor(Qt.CursorShape.SizeVerCursor)
        elif port is not None:
            canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        elif self._space_held:
            canvas.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            canvas.viewport().unsetCursor()

    def release(self, event: QMouseEvent) -> None:
        interaction, self._interaction = self._interaction, None
        if interaction is not None:
            interaction.finish(self._canvas.mapToScene(event.position().toPoint()), event.modifiers())

    def double_click(self, event: QMouseEvent) -> None:
        canvas, scene = self._canvas, self._canvas.canvas_scene
        point = canvas.mapToScene(event.position().toPoint())
        item, frame = scene.node_at(point), scene.groups.frame_at(point)
        note = scene.remark_at(point)
        if event.button() != Qt.MouseButton.LeftButton:
            self.press(event)
        elif isinstance(item, GroupBox):
            canvas.commands.fold(item.id, False)
        elif frame is not None and item is None:
            canvas.commands.fold(frame.group.id, True)
        elif canvas.unfolding.tap(point):
            event.accept()
        elif item is not None:
            canvas.commands.rename()
        elif note is not None:
            canvas.write_note(note.remark.id)
        elif scene.wire_at(point) is None:
            canvas.offer_layers(point)
        else:
            self.press(event)
