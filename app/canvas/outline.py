"""What the hand does to a box, drawn upon the picture of the box as it is: its words need not be written anew."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker

from app.canvas.geometry import PORT, BoxGeometry
from app.canvas.look import BoxState
from app.canvas.paint import FAR, RADIUS, Kit, outline_of, paint_ports
from app.canvas.ready import Shot

OVER: Final = 0.5  # by which the line around a port reaches beyond its radius, less a hair


def drawn_upon(plain: Shot, zoom: float, ratio: float, geometry: BoxGeometry, state: BoxState, tools: Kit) -> Shot:
    """The picture of a box in a state, from that of the same box with which nothing is done."""
    pixels = plain.pixels.copy()
    pixels.setDevicePixelRatio(ratio)
    painter = QPainter(pixels)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-plain.left / ratio, -plain.top / ratio)
    painter.scale(zoom, zoom)
    pen = outline_of(state, tools)
    painter.fillPath(_line(geometry, pen.widthF(), zoom >= FAR), pen.brush())
    paint_ports(painter, geometry, state, tools, plain_too=False)
    painter.end()
    pixels.setDevicePixelRatio(1.0)
    return Shot(pixels, plain.left, plain.top)


@lru_cache(maxsize=64)
def _line(geometry: BoxGeometry, width: float, near: bool) -> QPainterPath:
    """The outline as an area. Near, it leaves out the ports, which lie upon it."""
    outline, stroker = QPainterPath(), QPainterPathStroker()
    radius = RADIUS if near else 0.0
    outline.addRoundedRect(geometry.box, radius, radius)
    stroker.setWidth(width)
    stroker.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    line = stroker.createStroke(outline)
    if near:
        ports = QPainterPath()
        for center in (*geometry.inputs, *geometry.outputs):
            ports.addEllipse(center, PORT + OVER, PORT + OVER)
        line = line.subtracted(ports)
    return line
