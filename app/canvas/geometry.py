"""Where everything of a box and a wire lies: sizes, ports, hit areas, curves. Pure; it knows no item and no scene."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath, QPainterPathStroker

from app.theme import GRID
from engine.design.document import Document, Node

WIDTH: Final = 18.0 * GRID
ROW: Final = 2.0 * GRID
PORT: Final = 5.0  # radius drawn
REACH: Final = 14.0  # radius within which the mouse means the port
EDGE: Final = 4.0  # width of the category's edge
COLUMN: Final = WIDTH + 10 * GRID  # from box to box when arranged: room for a shape on the wire
FRAME: Final = 2.0 * GRID  # between the boxes of an open group and the frame around them
TITLE: Final = 3.0 * GRID  # of that frame, above
BELOW: Final = 5.0 * GRID  # between that frame and its boxes, below them, for the words of their problems
STRIP: Final = 9.0 * GRID  # by which a box grows below, once it shows how it learns
GAP: Final = STRIP + 2 * GRID  # between boxes one above the other: each may grow
NARROW: Final = 9.0 * GRID  # boxes whose ports are level within this stand side by side: no words fit between them
FURTHER_ON: Final = 0.72  # of its way: where the words of a second wire stand
NEAR: Final = 9.0 * GRID  # a dropped box joins a free port that is not further away


@dataclass(frozen=True)
class Port:
    """One end that a wire may have: the output of a node, or its input number ``number``."""

    node: str
    side: Literal["input", "output"]
    number: int = 0


@dataclass(frozen=True, eq=False)
class BoxGeometry:
    """The parts of one box, with the box's top left corner at (0, 0).

    Attributes:
        box: the body. icon_row, fields_row, foot_row: where its lines of text lie.
        badge: the problem mark. sentence: the room below the box for the problem's words.
        strip: the lower part of the body, where it shows how the layer learns; null before it does.
        inputs, outputs: centres of the ports, by port.
    """

    box: QRectF
    name_row: QRectF
    fields_row: QRectF
    foot_row: QRectF
    badge: QRectF
    sentence: QRectF
    strip: QRectF
    inputs: tuple[QPointF, ...]
    outputs: tuple[QPointF, ...]

    @property
    def output(self) -> QPointF:
        return self.outputs[0] if self.outputs else QPointF(WIDTH, self.strip.top() / 2)

    @property
    def bounds(self) -> QRectF:
        """All that the box paints, with its ports and its outline, but without the sentence."""
        return self.box.adjusted(-PORT - 4, -4, PORT + 4, 4)


@lru_cache(maxsize=256)
def box_geometry(ports: int, outputs: int = 1, strip: float = 0.0) -> BoxGeometry:
    """The geometry of a box with so many input and output ports; a box grows when its ports need the room.

    Below it grows by the height of its live ``strip``: what lies above stays where it is, and so do the wires.
    """
    height = max(9 * GRID, (max(ports, outputs) + 1) * ROW)
    left, width = EDGE + GRID, WIDTH - EDGE - 2 * GRID
    top = (height - 7 * GRID) / 2
    return BoxGeometry(
        box=QRectF(0, 0, WIDTH, height + strip),
        name_row=QRectF(left, top, width, 20),
        fields_row=QRectF(left, top + 20, width, 18),
        foot_row=QRectF(left, top + 40, width, ROW),
        badge=QRectF(WIDTH - GRID - 16, top + 2, 16, 16),
        sentence=QRectF(0, height + strip + 4, WIDTH, 6 * GRID),
        strip=QRectF(0, height, WIDTH, strip),
        inputs=tuple(QPointF(0, height * (port + 1) / (ports + 1)) for port in range(ports)),
        outputs=tuple(QPointF(WIDTH, height * (port + 1) / (outputs + 1)) for port in range(outputs)),
    )


def input_ports(node: Node, wired: Iterable[int]) -> int:
    """How many input ports a box shows: those it may have, or those in use and one more where there is no limit."""
    used = max((port + 1 for port in wired), default=0)
    fewest, most = node.layer.arity
    return max(fewest, used, used + 1 if most is None else most)


def ports_by_node(document: Document) -> dict[str, int]:
    """{node id: input ports that its box shows}."""
    wired: dict[str, list[int]] = {node.id: [] for node in document.nodes}
    for wire in document.wires:
        wired[wire.target].append(wire.port)
    return {node.id: input_ports(node, wired[node.id]) for node in document.nodes}


def snapped(point: QPointF) -> QPointF:
    """The nearest place on the grid."""
    return QPointF(floor(point.x() / GRID + 0.5) * GRID, floor(point.y() / GRID + 0.5) * GRID)


def curve(start: QPointF, end: QPointF) -> QPainterPath:
    """A wire from an output to an input port: it leaves and arrives level, also when it must run backwards."""
    ahead = end.x() - start.x()
    pull = max(abs(ahead) / 2, min(abs(end.y() - start.y()), 64.0) / 2) if ahead > 0 else 64.0 - ahead / 4
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(pull, 0), end - QPointF(pull, 0), end)
    return path


def touch_area(path: QPainterPath) -> QPainterPath:
    """Where the mouse means the wire: wider than it is drawn."""
    stroker = QPainterPathStroker()
    stroker.setWidth(12)
    return stroker.createStroke(path)


def distance(a: QPointF, b: QPointF) -> float:
    return ((a.x() - b.x()) ** 2 + (a.y() - b.y()) ** 2) ** 0.5


def label_room(
    path: QPainterPath,
    text: str,
    font: QFont,
    ceiling: float = 0.0,
    gap: tuple[float, float] = (0.0, 0.0),
    second: bool = False,
) -> QRectF:
    """Where a wire's label stands: above the wire, or on it where it runs steeply; null where there is no label.

    Between boxes that are too near for the words it rises to ``ceiling``, their upper edge, and spreads over both; or
    it keeps to ``gap``, the heights that are between one above and one below, where there is room. The ``second`` wire
    between the same boxes has its own out of the way of the first one's.
    """
    if not text:
        return QRectF()
    start, end, middle = path.pointAtPercent(0), path.pointAtPercent(1), path.pointAtPercent(0.5)
    if second and abs(end.y() - start.y()) >= NARROW:
        middle = path.pointAtPercent(FURTHER_ON)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 8, metrics.height() + 2
    across, down = abs(end.x() - start.x()) - 2 * PORT - 2, abs(end.y() - start.y())
    if width > across and down < NARROW:
        width = min(width, max(across, 0.0) + WIDTH)
        return QRectF(middle.x() - width / 2, ceiling - (height + 3) * (2 if second else 1), width, height)
    width = min(width, max(across, down))
    free = height / 2 + 1
    if width > across and gap[1] - gap[0] >= 2 * free:
        level = min(max(middle.y(), gap[0] + free), gap[1] - free)
        near = min((path.pointAtPercent(step / 32) for step in range(33)), key=lambda point: abs(point.y() - level))
        middle = QPointF(near.x(), level)
    if second and down < NARROW:
        top = middle.y() + 2
    else:
        top = middle.y() - height - 2 if down < height else middle.y() - height / 2
    return QRectF(middle.x() - width / 2, top, width, height)
