"""Groups on the canvas: a folded one as one box, an open one as a frame around its boxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
    QWidget,
)

from app import theme
from app.canvas.geometry import BELOW, FRAME, TITLE, WIDTH, Port
from app.canvas.grouping import Folded, folded_groups, folded_look
from app.canvas.look import BoxLook
from app.canvas.node_item import NodeItem
from app.canvas.paint import FURTHER, fonts, kit, word, zoom_of
from app.theme import GRID
from engine.design.annotations import Group
from engine.design.checks import Report
from engine.design.document import Document


class GroupBox(NodeItem):
    """A folded group: its ports are those of its members that lead outside."""

    def __init__(self, folded: Folded, look: BoxLook) -> None:
        self.folded = folded
        super().__init__(folded.group.id, look)

    @property
    def ids(self) -> tuple[str, ...]:
        return self.folded.group.members

    @property
    def inputs(self) -> tuple[Port, ...]:
        return self.folded.inputs

    @property
    def outputs(self) -> tuple[Port, ...]:
        return self.folded.outputs

    def point_of(self, port: Port) -> QPointF:
        ports, centers = (
            (self.inputs, self.geometry.inputs) if port.side == "input" else (self.outputs, self.geometry.outputs)
        )
        if port in ports:
            return self.pos() + centers[min(ports.index(port), len(centers) - 1)]
        # A wire that is not yet, or no longer, one of those that lead outside.
        return self.pos() + QPointF(0.0 if port.side == "input" else WIDTH, self.geometry.box.height() / 2)


class GroupFrame(QGraphicsRectItem):
    """An open group. Its title is the handle by which all of it is moved, and folded again."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.group = group
        self.selected = False
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setZValue(-2)

    def show_group(self, group: Group, around: QRectF) -> None:
        self.group = group
        rect = around.adjusted(-FRAME, -FRAME - TITLE, FRAME, BELOW)
        sizes = fonts(QApplication.font().toString())
        self._word = word(f"▾ {group.label}", self._title_in(rect).adjusted(GRID, 0, -GRID, 0), sizes.bold, "dim")
        self.setToolTip(f"{group.label}: {len(group.members)} boxes; a double click here folds them into one")
        self.setRect(rect)
        self.update()

    def show_selected(self, selected: bool) -> None:
        if selected != self.selected:
            self.selected = selected
            self.update()

    @property
    def title_area(self) -> QRectF:
        """The handle, in the scene."""
        return self._title_in(self.rect())

    @staticmethod
    def _title_in(rect: QRectF) -> QRectF:
        return QRectF(rect.left(), rect.top(), rect.width(), TITLE)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colors = theme.current()
        zoom = zoom_of(painter)
        ground = QColor(colors.surface)
        ground.setAlpha(150)
        painter.setBrush(ground)
        painter.setPen(QPen(QColor(colors.accent if self.selected else colors.border), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect(), GRID, GRID)
        if zoom >= FURTHER:
            painter.setFont(self._word.font)
            painter.setPen(kit(colors).inks[self._word.ink])
            painter.drawStaticText(self._word.at, self._word.text)


class GroupItems:
    """The items of all groups of a document, kept in step with it.

    Attributes:
        boxes: {group id: box}, of the folded groups. frames: {group id: frame}, of the open ones.
        box_of: {node id: box} of the nodes that are inside a folded group, and so not to be seen.
    """

    def __init__(self, scene: QGraphicsScene, nodes: Mapping[str, NodeItem]) -> None:
        self._scene, self._nodes = scene, nodes
        self.boxes: dict[str, GroupBox] = {}
        self.frames: dict[str, GroupFrame] = {}
        self.box_of: dict[str, GroupBox] = {}

    def show(self, document: Document, report: Report) -> None:
        """Items come and go, say what the groups say, and hide what is folded away."""
        folded = {each.group.id: each for each in folded_groups(document)}
        opened = {group.id: group for group in document.groups if not group.folded}
        for items, wanted in ((self.boxes, folded), (self.frames, opened)):
            for id in [id for id in items if id not in wanted]:
                self._scene.removeItem(items.pop(id))
        for id, each in folded.items():
            look = folded_look(document, each, report)
            if id not in self.boxes:
                self.boxes[id] = GroupBox(each, look)
                self._scene.addItem(self.boxes[id])
            self.boxes[id].folded = each
            self.boxes[id].show_look(look)
        for id, group in opened.items():
            if id not in self.frames:
                self.frames[id] = GroupFrame(group)
                self._scene.addItem(self.frames[id])
            self.frames[id].group = group
        self.box_of = {id: box for box in self.boxes.values() for id in box.ids}
        for id, item in self._nodes.items():
            item.setVisible(id not in self.box_of)
        self.follow(self._nodes)

    def follow(self, moved: Iterable[str]) -> None:
        """Stand where the members are."""
        moved = set(moved)
        for box in self.boxes.values():
            if not moved.isdisjoint(box.ids):
                places = [self._nodes[id].pos() for id in box.ids]
                box.setPos(min(place.x() for place in places), min(place.y() for place in places))
        for frame in self.frames.values():
            if not moved.isdisjoint(frame.group.members):
                around = QRectF()
                for id in frame.group.members:
                    around = around.united(self._nodes[id].scene_box())
                frame.show_group(frame.group, around)

    def show_selection(self, ids: frozenset[str]) -> None:
        for box in self.boxes.values():
            box.show_state(selected=not ids.isdisjoint(box.ids))
        for frame in self.frames.values():
            frame.show_selected(ids.issuperset(frame.group.members))

    def frame_at(self, point: QPointF) -> GroupFrame | None:
        """The open group whose title is under a point."""
        return next((frame for frame in self.frames.values() if frame.title_area.contains(point)), None)

    def items(self) -> Iterable[QGraphicsItem]:
        yield from self.boxes.values()
        yield from self.frames.values()
