"""Where on the canvas something new can lie without lying on what is there."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QRegion

from app.canvas.geometry import STRIP, distance, snapped
from app.canvas.plane import Plane
from app.theme import GRID


def place_for(size: QSizeF, around: QPointF, seen: QRectF, hidden: QRectF, scene: Plane) -> QPointF:
    """The corner, on the grid, of something of a size: as near to ``around`` as there is room.

    In sight if it can be: beside boxes, notes and wires, else at least beside boxes and notes.

    Args:
        seen: the part of the scene that is in sight. hidden: what lies over a part of that, as the map does.
    """
    things = [hidden, *_things(scene)]
    wires = [item.sceneBoundingRect() for item in scene.wires.values() if item.isVisible()]
    labels = [item.label_item.sceneBoundingRect() for item in scene.wires.values() if item.label_item.isVisible()]
    for taken in ([*things, *wires, *labels], things):
        place = nearest(size, around, seen, taken)
        if place is not None:
            return place
    while place is None:  # it has an end, for what is there has one
        seen = seen.adjusted(-seen.width() / 2, -seen.height() / 2, seen.width() / 2, seen.height() / 2)
        place = nearest(size, around, seen, things[1:])
    return place


def _things(scene: Plane) -> Iterator[QRectF]:
    """The areas of boxes, with the room into which they may grow, of notes, and of open groups."""
    for box in scene.boxes():
        yield box.sceneBoundingRect().adjusted(0, 0, 0, 0 if box.strip else STRIP)
    for end in scene.ends.values():
        yield end.mapRectToScene(end.seen_near)
    for frame in (*scene.remarks.values(), *scene.groups.frames.values()):
        yield frame.sceneBoundingRect()


def nearest(size: QSizeF, around: QPointF, area: QRectF, taken: list[QRectF]) -> QPointF | None:
    """The corner of something of a size within an area and beside what is taken, its middle nearest to a point.

    None where there is no room.
    """
    width, height = size.width(), size.height()
    # the places that its corner may have
    free = QRegion(_whole(area.adjusted(GRID, GRID, -GRID - width, -GRID - height)))
    for each in taken:
        free -= QRegion(_whole(each.adjusted(-GRID - width, -GRID - height, GRID, GRID)))
    wanted = around - QPointF(width / 2, height / 2)
    corners = [_in(rect, wanted) for rect in free]
    return snapped(min(corners, key=lambda corner: distance(corner, wanted))) if corners else None


def _in(rect: QRect, point: QPointF) -> QPointF:
    """The place of a rectangle that is nearest to a point."""
    return QPointF(
        min(max(point.x(), rect.left()), rect.right()),
        min(max(point.y(), rect.top()), rect.bottom()),
    )


def _whole(rect: QRectF) -> QRect:
    """In whole units; empty where it is turned inside out."""
    return rect.toAlignedRect() if rect.isValid() else QRect()
