"""The scene: one item per node and wire of the document, kept in step by what has changed and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QObject, QPointF, Signal
from shiboken6 import isValid

from app import theme
from app.canvas.ends import End, Side, answer_words, data_words
from app.canvas.geometry import Port
from app.canvas.look import box_look, box_looks, differing, wire_label
from app.canvas.node_item import NodeItem
from app.canvas.plane import Plane
from app.canvas.remark_item import RemarkItem
from app.canvas.wire_item import WireItem
from app.session import Session
from engine.design.checks import Report
from engine.design.document import Document, Wire
from engine.design.flow import INPUT

CROWD: Final = 20  # boxes: whatever wires they have are most of those in sight


class CanvasScene(Plane):
    """Shows a session's document; edits go through the session only.

    Signals:
        crowd_moved: many boxes at once stand elsewhere, and will again with the next frame.
    """

    crowd_moved = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
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
        moved = self._drop_what_is_gone(after)
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
                moved.add(wire.target)
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

    def _drop_what_is_gone(self, after: Document) -> set[str]:
        """The boxes that stay and have lost a wire."""
        kept, lost = set(after.wires), set()
        for wire in [wire for wire in self.wires if wire not in kept]:
            self.removeItem(self.wires.pop(wire))
            for end in (wire.source, wire.target):
                self._wires_of.get(end, set()).discard(wire)
                lost.add(end)
        for key in [key for key in self.ends if key[0] not in after.by_id]:
            del self.ends[key]  # it goes with its box
        for id in [id for id in self.nodes if id not in after.by_id]:
            self.removeItem(self.nodes.pop(id))
            self._wires_of.pop(id, None)
        return lost & after.by_id.keys()

    def _add_wire(self, wire: Wire) -> None:
        item = self.wires[wire] = WireItem(wire, wire_label(wire, self.session.report))
        for end in (wire.source, wire.target):
            self._wires_of.setdefault(end, set()).add(wire)
        self.addItem(item)

    def join(self, wires: Iterable[Wire]) -> None:
        """Make wires reach their boxes."""
        for wire in wires:
            source, target = self.box_of(wire.source), self.box_of(wire.target)
            upper, lower = sorted((source, target), key=NodeItem.y)
            item = self.wires[wire]
            item.setVisible(source is not target)
            item.join(
                source.point_of(Port(wire.source, "output")),
                target.point_of(Port(wire.target, "input", wire.port)),
                upper.y(),
                (upper.floor, lower.y()),
                self._is_second(wire),
            )

    def _is_second(self, wire: Wire) -> bool:
        """Whether another one before it leads from the same box into the same."""
        beside = self._wires_of[wire.target] if wire.port else ()
        return any(
            other.port < wire.port and other.source == wire.source for other in beside if other.target == wire.target
        )

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
        looks = dict(differing(document, report, self.session.report))
        for id, item in self.nodes.items():
            item.show_ghost(looks.get(id))
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
            self._remove_end(key)
        for (id, side), words in wanted.items():
            box = self.box_of(id)
            end = self.ends.get((id, side))
            if end is None or end.parentItem() is not box:
                if end is not None:
                    self._remove_end((id, side))
                end = self.ends[id, side] = End(box, side)
            middle = QPointF(0, box.geometry.output.y())
            end.show_words(*words, middle if side == "data" else box.point_of(Port(id, "output")) - box.pos())

    def _remove_end(self, key: tuple[str, Side]) -> None:
        end = self.ends.pop(key)
        if end.scene() is self:  # and has not gone with the box of a group
            self.removeItem(end)

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
        """Show nothing selected, hovered or lit, and all in the theme of the moment; `show_states` ends it.

        Everything paints itself: into a file, as lines and letters.
        """
        self.release_pictures()
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
        for item in self.pictured():
            item.renew()

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
