"""The scene: one item per node and wire of the document, kept in step by what has changed and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene
from shiboken6 import isValid

from app import theme
from app.canvas.ends import End, Side, answer_words, data_words
from app.canvas.geometry import REACH, Port, distance
from app.canvas.group_item import GroupItems
from app.canvas.look import box_look, box_looks, wire_label
from app.canvas.node_item import NodeItem
from app.canvas.remark_item import RemarkItem
from app.canvas.wire_item import WireItem
from app.session import Session
from engine.design.checks import Report
from engine.design.document import Document, Wire
from engine.design.flow import INPUT

CROWD: Final = 20  # boxes: whatever wires they have are most of those in sight


class CanvasScene(QGraphicsScene):
    """Shows a session's document. Items are found by node id and by wire; edits go through the session only.

    Signals:
        crowd_moved: many boxes at once stand elsewhere, and will again with the next frame.
    """

    crowd_moved = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self._too_far = False
        self._wires_of: dict[str, set[Wire]] = {}
        self.ends: dict[tuple[str, Side], End] = {}
        self.groups = GroupItems(self, self.nodes)
        self.remarks: dict[str, RemarkItem] = {}
        # An index would be made anew with every move; all items are few enough to be gone through.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setSceneRect(-50_000, -50_000, 100_000, 100_000)
        session.document_changed.connect(self._on_document_changed)
        session.report_changed.connect(self._on_report_changed)
        session.selection_changed.connect(self._on_selection_changed)
        session.picked.way_changed.connect(self._on_way_changed)
        theme.announcer.changed.connect(self._on_theme_changed)
        self._on_document_changed(Document(), session.document)
        self._on_report_changed()
        self._on_selection_changed(session.selection)

    def _on_document_changed(self, before: Document, after: Document) -> None:
        """Items come, go and move; what they say follows with the report."""
        self._drop_what_is_gone(after)
        moved: set[str] = set()
        for node in after.nodes:
            item = self.nodes.get(node.id)
            if item is None:
                item = self.nodes[node.id] = NodeItem(node.id, box_look(node, 0, Report()))
                self.addItem(item)
            if (item.x(), item.y()) != (node.x, node.y):
                item.setPos(node.x, node.y)
                moved.add(node.id)
        for wire in after.wires:
            if wire not in self.wires:
                self._add_wire(wire)
        self._show_remarks(after)
        self.groups.show(after, Report())
        regrouped = before.groups != after.groups
        self.join(self.wires_of(self.nodes if regrouped else moved))
        if regrouped:
            self._on_report_changed()
            self._on_selection_changed(self.session.selection)

    def _show_remarks(self, document: Document) -> None:
        wanted = {remark.id: remark for remark in document.remarks}
        for id in [id for id in self.remarks if id not in wanted]:
            self.removeItem(self.remarks.pop(id))
        for id, remark in wanted.items():
            if id not in self.remarks:
                self.remarks[id] = RemarkItem(remark)
                self.addItem(self.remarks[id])
            elif self.remarks[id].remark != remark:
                self.remarks[id].show_remark(remark)

    def _drop_what_is_gone(self, after: Document) -> None:
        kept = set(after.wires)
        for wire in [wire for wire in self.wires if wire not in kept]:
            self.removeItem(self.wires.pop(wire))
            for end in (wire.source, wire.target):
                self._wires_of.get(end, set()).discard(wire)
        for key in [key for key in self.ends if key[0] not in after.by_id]:
            del self.ends[key]  # it goes with its box
        for id in [id for id in self.nodes if id not in after.by_id]:
            self.removeItem(self.nodes.pop(id))
            self._wires_of.pop(id, None)

    def _add_wire(self, wire: Wire) -> None:
        item = self.wires[wire] = WireItem(wire, wire_label(wire, self.session.report))
        item.label_item.show_far(self._too_far)
        for end in (wire.source, wire.target):
            self._wires_of.setdefault(end, set()).add(wire)
        self.addItem(item)
        self.join([wire])

    def show_far(self, too_far: bool) -> None:
        """Whether the scene is seen from so far that words on wires cannot be read."""
        if too_far != self._too_far:
            self._too_far = too_far
            for wire in self.wires.values():
                wire.label_item.show_far(too_far)

    def join(self, wires: Iterable[Wire]) -> None:
        """Make wires reach their boxes."""
        for wire in wires:
            source, target = self.box_of(wire.source), self.box_of(wire.target)
            item = self.wires[wire]
            item.setVisible(source is not target)
            item.join(
                source.point_of(Port(wire.source, "output")),
                target.point_of(Port(wire.target, "input", wire.port)),
                min(source.y(), target.y()),
            )

    def wires_of(self, ids: Iterable[str]) -> set[Wire]:
        """The wires that begin or end at these nodes."""
        return {wire for id in ids for wire in self._wires_of.get(id, ())}

    def _on_report_changed(self) -> None:
        document, report = self.session.document, self.session.report
        moved = [id for id, look in box_looks(document, report) if self.nodes[id].show_look(look)]
        self.groups.show(document, report)
        self.join(self.wires_of([*moved, *self.groups.box_of]))
        for wire, item in self.wires.items():
            item.show_label(wire_label(wire, report))
        self._show_ends(document, report)

    def show_would_be(self, document: Document, report: Report) -> None:
        """Show what boxes and wires would say were this the document; `show_as_is` ends it."""
        for id, look in box_looks(document, report):
            if id in self.nodes:
                self.nodes[id].show_ghost(look)
        for wire, item in self.wires.items():
            item.show_ghost(wire_label(wire, report))

    def show_as_is(self) -> None:
        for node in self.nodes.values():
            node.show_ghost(None)
        for wire in self.wires.values():
            wire.show_ghost(None)

    def _show_ends(self, document: Document, report: Report) -> None:
        """The arrows of the data into each Input, and of the answer out of the last box."""
        wanted: dict[tuple[str, Side], tuple[str, str]] = {
            (node.id, "data"): data_words(document, self.session.prepared)
            for node in document.nodes
            if node.layer.kind == INPUT
        }
        if report.sink in self.nodes:
            wanted[report.sink, "answer"] = answer_words(self.session.prepared)
        self.ends = {key: end for key, end in self.ends.items() if isValid(end)}  # a group's box takes its own along
        for key in [key for key in self.ends if key not in wanted]:
            self.removeItem(self.ends.pop(key))
        for (id, side), words in wanted.items():
            box = self.box_of(id)
            end = self.ends.get((id, side))
            if end is None or end.parentItem() is not box:
                if end is not None and end.scene() is self:  # not gone with its box
                    self.removeItem(end)
                end = self.ends[id, side] = End(box, side)
            middle = QPointF(0, box.geometry.output.y())
            end.show_words(*words, middle if side == "data" else box.point_of(Port(id, "output")) - box.pos())

    def _on_selection_changed(self, ids: frozenset[str]) -> None:
        for id, item in self.nodes.items():
            item.show_state(selected=id in ids)
        self.groups.show_selection(ids)
        for id, remark in self.remarks.items():
            remark.show_selected(id in self.session.selected_remarks)
        for wire, curve in self.wires.items():
            chosen = wire in self.session.selected_wires
            if chosen != curve.selected:
                curve.show_state(selected=chosen)

    def _on_way_changed(self) -> None:
        """Light the boxes and wires through which a gradient comes, and no others."""
        way = self.session.picked.way
        for id, item in self.nodes.items():
            item.show_state(lit=id in way.nodes)
        for group in self.groups.boxes.values():
            group.show_state(lit=bool(way.nodes & set(group.ids)))
        for wire, curve in self.wires.items():
            if curve.on_way != (wire in way.wires):
                curve.show_state(on_way=wire in way.wires)

    def show_plain(self) -> None:
        """Show nothing selected, hovered or lit, and all in the theme of the moment; `show_states` ends it."""
        for box in (*self.nodes.values(), *self.groups.boxes.values()):
            box.show_state(selected=False, hovered=False, lit=False, inputs=(), outputs=())
        self.groups.show_selection(frozenset())
        for remark in self.remarks.values():
            remark.show_selected(False)
        for wire in self.wires.values():
            wire.show_state(selected=False, lit=False, on_way=False)

    def show_states(self) -> None:
        """Show again what is selected."""
        for wire in self.wires.values():
            wire.wear_theme()
        self._on_selection_changed(self.session.selection)
        self._on_way_changed()

    def _on_theme_changed(self, _theme: object) -> None:
        for item in (*self.nodes.values(), *self.groups.boxes.values()):
            item.lay_out()
        self.groups.follow(self.nodes)
        for wire in self.wires.values():
            wire.lay_out()
        self._show_ends(self.session.document, self.session.report)
        self.invalidate()

    def show_places(self, places: Mapping[str, QPointF]) -> None:
        """Show boxes somewhere else than the document has them, while something lasts."""
        if len(places) > CROWD:
            self.crowd_moved.emit()
        for id, place in places.items():
            self.nodes[id].setPos(place)
        self.groups.follow(places)
        self.join(self.wires_of(places))

    def show_document_places(self, ids: Iterable[str], remarks: Iterable[str] = ()) -> None:
        """Back to where the document has them."""
        nodes = self.session.document.by_id
        self.show_places({id: QPointF(nodes[id].x, nodes[id].y) for id in ids if id in nodes})
        for id in remarks:
            if id in self.remarks:
                self.remarks[id].show_remark(self.remarks[id].remark)

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The topmost box under a point."""
        boxes = (item for item in self.items(point) if isinstance(item, NodeItem))
        return next((item for item in boxes if item.scene_box().contains(point)), None)

    def wire_at(self, point: QPointF) -> WireItem | None:
        for item in self.items(point):
            wire = item if isinstance(item, WireItem) else item.parentItem()
            if isinstance(wire, WireItem):
                return wire
        return None

    def port_at(self, point: QPointF, reach: float = REACH) -> Port | None:
        """The nearest port within ``reach``."""
        near = [(distance(self.point_of(port), point), port) for port in self.ports_around(point, reach)]
        near = [(far, port) for far, port in near if far <= reach]
        return min(near, key=lambda pair: pair[0])[1] if near else None

    def ports_around(self, point: QPointF, reach: float) -> Iterable[Port]:
        area = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        for item in self.near(area):
            if isinstance(item, NodeItem):
                yield from item.outputs
                yield from item.inputs

    def point_of(self, port: Port) -> QPointF:
        return self.box_of(port.node).point_of(port)

    def box_of(self, id: str) -> NodeItem:
        """The box that stands for a node: its own, or that of the folded group which it is in."""
        return self.groups.box_of.get(id) or self.nodes[id]

    def boxes(self) -> Iterator[NodeItem]:
        """The boxes that are to be seen."""
        yield from (item for id, item in self.nodes.items() if id not in self.groups.box_of)
        yield from self.groups.boxes.values()

    def wire_into(self, port: Port) -> Wire | None:
        """The wire that ends at an input port."""
        return next(
            (w for w in self._wires_of.get(port.node, ()) if (w.target, w.port) == (port.node, port.number)), None
        )

    def near(self, area: QRectF) -> list[QGraphicsItem]:
        """The items whose bounds touch an area, topmost first: the way of a wire, which is dear, is not looked at."""
        return self.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)

    def boxes_in(self, area: QRectF) -> frozenset[str]:
        """Ids of the boxes that an area touches."""
        touched = (item for item in self.near(area) if isinstance(item, NodeItem))
        return frozenset(id for item in touched if item.scene_box().intersects(area) for id in item.ids)

    def remark_at(self, point: QPointF) -> RemarkItem | None:
        """The topmost note under a point."""
        return next((item for item in self.items(point) if isinstance(item, RemarkItem)), None)

    def remarks_in(self, area: QRectF) -> frozenset[str]:
        """Ids of the notes that an area touches."""
        return frozenset(item.remark.id for item in self.near(area) if isinstance(item, RemarkItem))

    def content_rect(self, ids: Iterable[str] | None = None, far: bool = False) -> QRectF:
        """What these boxes (all that is on the canvas, where none are named) take up together, near or from afar."""
        rect = QRectF()
        if ids is None:
            for remark in self.remarks.values():
                rect = rect.united(remark.sceneBoundingRect())
            for frame in self.groups.frames.values():
                rect = rect.united(frame.sceneBoundingRect())
        for id in self.nodes if ids is None else ids:
            box = self.box_of(id)
            rect = rect.united(box.mapRectToScene(box.boundingRect()))
            for side in ("data", "answer"):
                if end := self.ends.get((id, side)):
                    rect = rect.united(box.mapRectToScene(end.seen_far if far else end.seen_near))
        return rect
