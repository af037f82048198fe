"""A box on the canvas: it holds what it shows and repaints when that changes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app import theme
from app.canvas.geometry import BoxGeometry, box_geometry
from app.canvas.look import BoxLook, BoxState, PortState
from app.canvas.paint import paint_box


class NodeItem(QGraphicsItem):
    """The box of one node. It takes no part in edits: the scene tells it what to show and where."""

    def __init__(self, id: str, look: BoxLook) -> None:
        super().__init__()
        self.id = id
        self.look = look
        self.state = BoxState()
        self.setZValue(1)
        # A box changes far more rarely than the view scrolls.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setToolTip(look.help)

    @property
    def geometry(self) -> BoxGeometry:
        return box_geometry(self.look.ports)

    def show_look(self, look: BoxLook) -> bool:
        """Show these words; True when the ports have moved."""
        moved = look.ports != self.look.ports
        if look != self.look:
            if moved:
                self.prepareGeometryChange()
            self.look = look
            self.setToolTip(look.help)
            self.update()
        return moved

    def show_state(self, **changes: object) -> None:
        state = replace(self.state, **changes)
        if state != self.state:
            self.state = state
            self.setZValue(2 if state.selected else 1)
            self.update()

    def light_ports(self, inputs: tuple[PortState, ...] = (), output: PortState = "") -> None:
        self.show_state(inputs=inputs, output=output)

    def input_point(self, port: int) -> QPointF:
        """The centre of an input port, in the scene."""
        inputs = self.geometry.inputs
        return self.pos() + inputs[min(port, len(inputs) - 1)] if inputs else self.pos()

    def output_point(self) -> QPointF:
        return self.pos() + self.geometry.output

    def scene_box(self) -> QRectF:
        """The body, in the scene."""
        return self.geometry.box.translated(self.pos())

    def boundingRect(self) -> QRectF:
        return self.geometry.bounds

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.geometry.box)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        paint_box(painter, self.geometry, self.look, self.state, theme.current(), _font(), zoom)


def _font() -> QFont:
    return QApplication.font()
