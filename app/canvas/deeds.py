"""What the keyboard and the menus do on the canvas, each as one edit of the session."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from app import theme
from app.canvas import edits, export, grouping, remarks
from app.canvas.arrange import arranged
from app.canvas.export_dialog import PictureDialog
from app.canvas.geometry import ports_by_node
from app.canvas.walk import neighbour
from app.theme import GRID
from engine.design.checks import refuse_wire
from engine.errors import DesignError

if TYPE_CHECKING:
    from app.canvas.view import CanvasView

ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class Deeds(QObject):
    """Acts on what is selected."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self.session = canvas.session
        self._at: str | None = None  # where a walk by keys has come to

    def press(self, event: QKeyEvent) -> bool:
        """Arrows move the selected boxes on the grid; with Ctrl they walk along the wires. True when it was one."""
        if event.key() not in ARROWS:
            return False
        dx, dy = ARROWS[Qt.Key(event.key())]
        session = self.session
        chosen = session.selection, session.selected_remarks
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not any(chosen):
            self._walk(dx, dy, further=shift)
        else:
            step = GRID * (4 if shift else 1)
            moved = edits.nudged(session.document, session.selection, dx * step, dy * step)
            places = {id: self.canvas.canvas_scene.remarks[id].pos() for id in session.selected_remarks}
            moved = remarks.moved(moved, {id: (at.x() + dx * step, at.y() + dy * step) for id, at in places.items()})
            session.edit("Move", moved, merge=("nudge", *chosen))
        return True

    def _walk(self, dx: int, dy: int, further: bool = False) -> None:
        """To the next box; ``further`` keeps selected what is."""
        seen, members = grouping.reduced(self.session.document)
        stands_for = {id: first for first, ids in members.items() for id in ids}
        chosen = self.session.selection
        here = self._at if self._at in chosen else next(iter(chosen), None)
        there = neighbour(seen, here and stands_for.get(here, here), dx, dy)
        if there is not None:
            self._at = there
            boxes = frozenset(members.get(there, (there,)))
            self.session.select(boxes | chosen if further else boxes)
            self.canvas.show_boxes([there])

    def connect_boxes(self) -> None:
        """A wire from the left of two selected boxes to the right one, at its first input that takes it."""
        session = self.session
        nodes = [node for node in session.document.nodes if node.id in session.selection]
        if len(nodes) != 2:
            self._say("Select two boxes: the left one will feed the right one.")
            return
        source, target = sorted(nodes, key=lambda node: (node.x, node.y))
        refusals = []
        for port in range(max(1, ports_by_node(session.document)[target.id])):
            refusal = refuse_wire(session.document, source.id, target.id, port, session.prepared)
            if refusal is None:
                document = session.document.connect(source.id, target.id, port)
                session.edit(f"Connect {source.label} to {target.label}", document)
                return
            refusals.append(refusal)
        at = self.canvas.mapFromScene(self.canvas.canvas_scene.box_of(target.id).scene_box().bottomLeft())
        self.canvas.hint.stay(refusals[0], session.document, at)

    def delete(self) -> None:
        count = len(self.session.selection) + len(self.session.selected_wires) + len(self.session.selected_remarks)
        self._remove(f"Delete {count} things" if count > 1 else "Delete")

    def _remove(self, text: str) -> None:
        session = self.session
        document = edits.removed(session.document, session.selection, session.selected_wires)
        session.edit(text, remarks.removed(document, session.selected_remarks))

    def select_all(self) -> None:
        document = self.session.document
        self.session.select(document.by_id, document.wires, [remark.id for remark in document.remarks])

    def _copied(self) -> str:
        return edits.copied(self.session.document, self.session.selection, self.session.selected_remarks)

    def copy(self) -> None:
        if text := self._copied():
            QGuiApplication.clipboard().setText(text)

    def cut(self) -> None:
        self.copy()
        self.session.select(self.session.selection, (), self.session.selected_remarks)
        self._remove("Cut")

    def copy_picture(self) -> None:
        """The whole design as pixels, in the clipboard."""
        if self._can_be_seen():
            QGuiApplication.clipboard().setImage(export.picture(self.canvas.canvas_scene, theme.current()))
            self._say("The picture of the design is in the clipboard")

    def save_picture(self) -> None:
        """Ask in which form, and where."""
        if self._can_be_seen():
            dialog = PictureDialog(self.canvas.canvas_scene, self.canvas)
            dialog.told.connect(self._say)
            dialog.open()

    def _can_be_seen(self) -> bool:
        try:
            export.area_of(self.canvas.canvas_scene)
        except export.PictureError as error:
            self._say(str(error))
            return False
        return True

    def _say(self, words: str) -> None:
        self.canvas.hint.say(words, self.canvas.viewport().rect().center())

    def paste(self) -> None:
        self._paste(QGuiApplication.clipboard().text(), "Paste")

    def duplicate(self) -> None:
        self._paste(self._copied(), "Duplicate")

    def _paste(self, text: str, what: str) -> None:
        try:
            pasted = edits.pasted(self.session.document, text)
        except DesignError:
            self._say("The clipboard holds no boxes. Copy some on a canvas first.")
            return
        self.session.edit(what, pasted.document)
        self.session.select(pasted.ids, (), pasted.remarks)
        self.canvas.show_boxes(pasted.ids)

    def add_note(self) -> None:
        """A note in free room near the mouse, else near the middle, ready to be written."""
        place = self.canvas.place_for_new(remarks.SIZE)
        document, id = remarks.added(self.session.document, place.x(), place.y())
        self.session.edit("Add a note", document)
        self.canvas.ensureVisible(self.canvas.canvas_scene.remarks[id].sceneBoundingRect(), GRID, GRID)
        self.session.select((), (), [id])
        self.canvas.write_note(id)

    def set_note(self, id: str, text: str) -> None:
        self.session.edit("Write a note", remarks.changed(self.session.document, id, text=text[:20_000]))

    def rename(self) -> None:
        """Write in place: the name of the selected box or group, or the text of the selected note."""
        session, scene = self.session, self.canvas.canvas_scene
        if len(session.selected_remarks) == 1 and not session.selection:
            self.canvas.write_note(next(iter(session.selected_remarks)))
            return
        groups = [group for group in session.document.groups if session.selection == set(group.members)]
        if groups:
            group = groups[0]
            box, frame = scene.groups.boxes.get(group.id), scene.groups.frames.get(group.id)
            room = box.scene_box() if box else frame.title_area if frame else QRectF()
            self.canvas.write_name(group.name, group.id, room, partial(self._rename_group, group.id))
        elif len(session.selection) == 1:
            node = session.document.node(next(iter(session.selection)))
            room = scene.box_of(node.id).scene_box()
            self.canvas.write_name(node.name, node.id, room, partial(self._rename_node, node.id))

    def _rename_group(self, id: str, name: str) -> None:
        name = name.strip()[:80]
        self.session.edit("Rename a group", grouping.with_group(self.session.document, id, name=name))

    def _rename_node(self, id: str, name: str) -> None:
        node = self.session.document.node(id)
        self.session.edit(f"Rename {node.label}", edits.renamed(self.session.document, node, name.strip()[:80]))

    def group(self) -> None:
        ids = grouping.whole_groups(self.session.document, self.session.selection)
        document, _ = grouping.grouped(self.session.document, ids)
        self.session.edit(f"Group {len(ids)} boxes", document)
        self.session.select(ids)

    def ungroup(self) -> None:
        self.session.edit("Ungroup", grouping.ungrouped(self.session.document, self.session.selection))

    def fold(self, group: str, folded: bool) -> None:
        """Show a group as one box, or its boxes again."""
        document = self.session.document
        document = grouping.with_group(document, group, folded=True) if folded else edits.opened(document, group)
        members = next(each.members for each in document.groups if each.id == group)
        self.session.edit("Fold a group" if folded else "Open a group", document)
        self.session.select(members)
        self.canvas.unfolding.bring_into_sight(members)

    def toggle_fold(self) -> None:
        """Fold or open the groups of the selected boxes, all as the first."""
        session = self.session
        groups = [group for group in session.document.groups if session.selection.intersection(group.members)]
        document = session.document
        for group in groups:
            if groups[0].folded:
                document = edits.opened(document, group.id)
            else:
                document = grouping.with_group(document, group.id, folded=True)
        if groups:
            session.edit("Open a group" if groups[0].folded else "Fold a group", document)
            members = [id for group in groups for id in group.members]
            session.select([*session.selection, *members])
            self.canvas.unfolding.bring_into_sight(members)

    def arrange(self) -> None:
        places = {id: QPointF(item.pos()) for id, item in self.canvas.canvas_scene.nodes.items()}
        self.session.edit("Arrange", arranged(self.session.document))
        self.canvas.glide.begin(places)

    def align(self, edge: str) -> None:
        self.session.edit("Align", edits.aligned(self.session.document, self.session.selection, edge))

    def distribute(self, axis: str) -> None:
        self.session.edit("Distribute", edits.distributed(self.session.document, self.session.selection, axis))

    def find_layer(self) -> None:
        """The list of layers: at the free output of the selected box, else in the middle."""
        self.canvas.offer_layers(*self.canvas.loose_end())
