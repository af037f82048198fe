"""What lies where: the items of a design, found by id, by wire, and by their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from app.canvas.ends import End, Side
from app.canvas.geometry import REACH, Port, distance
from app.canvas.group_item import GroupItems
from app.canvas.node_item import NodeItem
from app.canvas.ready import Stage
from app.canvas.remark_item import RemarkItem
from app.canvas.wire_item import WireItem
from engine.design.document import Wire


class Plane(Stage):
    """Holds the items, and knows nothing of why they are there.

    Attributes:
        nodes, wires, remarks: the items by id, or by wire. groups: those of the groups.
        ends: the arrows into and out of the network, by node and side.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self._wires_of: dict[str, set[Wire]] = {}
        self.ends: dict[tuple[str, Side], End] = {}
        self.groups = GroupItems(self, self.nodes)
        self.remarks: dict[str, RemarkItem] = {}
        # An index would be made anew with every move; all items are few enough to be gone through.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setSceneRect(-50_000, -50_000, 100_000, 100_000)

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

    def wires_of(self, ids: Iterable[str]) -> set[Wire]:
        """The wires that begin or end at these nodes."""
        return {wire for id in ids for wire in self._wires_of.get(id, ())}

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
