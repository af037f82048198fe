"""How boxes and wires are drawn: words are laid out once, in `laid_out`; painting then only puts down what is ready."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF, QStaticText

from app.canvas.geometry import EDGE, PORT, BoxGeometry
from app.canvas.look import BoxLook, BoxState, PortState, compact
from app.theme import Theme, sized

FAR: Final = 0.55  # below this zoom only what can still be read is drawn
FURTHER: Final = 0.28  # and below this nothing can be read
FAR_LABEL: Final = 0.75  # below this zoom the words on wires are written larger
RADIUS: Final = 4.0
Ink = Literal["text", "dim", "sick", "warning", "accent"]


@dataclass(frozen=True)
class Word:
    """A line of text with its place; in the painter's hands it costs a few microseconds."""

    at: QPointF
    text: QStaticText
    font: QFont
    ink: Ink


@dataclass(frozen=True)
class BoxWords:
    """The lines of a box, near, with those below it, and from afar."""

    near: tuple[Word, ...]
    below: tuple[Word, ...]
    far: Word

    def grown(self, by: float) -> BoxWords:
        """As they lie when the box has grown so much below."""
        below = tuple(replace(line, at=line.at + QPointF(0, by)) for line in self.below)
        return replace(self, below=below, far=replace(self.far, at=self.far.at + QPointF(0, by / 2)))


class Fonts(NamedTuple):
    """Of a box: its name, its small print, its name from afar; of a wire: near and from afar."""

    bold: QFont
    small: QFont
    large: QFont
    wire: QFont
    far_wire: QFont


class Kit:
    """The pens and brushes of a theme, made once."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.body = QBrush(QColor(theme.raised))
        self.canvas = QBrush(QColor(theme.canvas))
        self.edges: dict[str, QBrush] = {}
        self.inks = {name: QPen(QColor(getattr(theme, name))) for name in get_args(Ink)}
        self.outline = QPen(QColor(theme.border), 1)
        self.hovered = QPen(QColor(theme.dim), 1)
        self.selected = QPen(QColor(theme.accent), 2)
        self.lit_box = QPen(QColor(theme.accent), 1.25)
        self.lit_wire = QPen(QColor(theme.accent), 2.25)
        self.port = QPen(QColor(theme.wire), 1.5)
        self.lit_port = QPen(QColor(theme.healthy), 2)
        self.lit = QBrush(QColor(theme.healthy))
        self.refused_port = QPen(QColor(theme.border), 1.5)
        self.wire = QPen(QColor(theme.wire), 1.75)
        self.strong_wire = QPen(QColor(theme.accent), 3)
        self.ground = QBrush(_seen_through(theme.canvas))
        self.marks = {"error": QBrush(QColor(theme.sick)), "warning": QBrush(QColor(theme.warning))}

    def edge(self, category: str) -> QBrush:
        if category not in self.edges:
            self.edges[category] = QBrush(QColor(self.theme.category(category)))
        return self.edges[category]


def _seen_through(color: str) -> QColor:
    """What parts words from the grid behind them without hiding it."""
    made = QColor(color)
    made.setAlpha(216)
    return made


_kits: dict[str, Kit] = {}


def kit(theme: Theme) -> Kit:
    if theme.name not in _kits:
        _kits[theme.name] = Kit(theme)
    return _kits[theme.name]


def laid_out(look: BoxLook, geometry: BoxGeometry, font: QFont, before: BoxLook | None = None) -> BoxWords:
    """The words of a box, elided to the room they have; what differs from ``before`` in the accent's colour."""
    bold, small, large, *_ = fonts(font.toString())
    name_room = geometry.name_row.width() - (20 if look.severity else 0)
    shape = f"→ {look.shape}" if look.shape else ""
    foot = geometry.foot_row
    count = fitting_count(look.parameters, small, foot.width() - width_of(small, shape) - 6)
    right = QRectF(foot.right() - width_of(small, count), foot.top(), width_of(small, count) + 1, foot.height())
    lines = [
        word(look.name, geometry.name_row.adjusted(0, 0, name_room - geometry.name_row.width(), 0), bold, "text"),
        word(look.fields, geometry.fields_row, small, "dim"),
        word(shape, foot, small, "text" if before is None or before.shape == look.shape else "accent"),
        word(count, right, small, "dim" if before is None or before.parameters == look.parameters else "accent"),
    ]
    below: list[Word] = []
    if look.sentence:
        ink: Ink = "sick" if look.severity == "error" else "warning"
        below = sentence_lines(look.sentence, geometry.sentence, small, ink)
    middle = geometry.box.adjusted(EDGE + 4, 0, -4, 0)
    width = min(width_of(large, look.name), middle.width())
    far = word(
        look.name, QRectF(middle.center().x() - width / 2, middle.top(), width + 1, middle.height()), large, "text"
    )
    return BoxWords(tuple(line for line in lines if line.text.text()), tuple(below), far)


@lru_cache(maxsize=8)
def fonts(description: str) -> Fonts:
    """All sizes, from the text that describes the program's font."""
    font = QFont()
    font.fromString(description)
    return Fonts(sized(font, 1.0, bold=True), sized(font, 0.9), sized(font, 1.6, bold=True), font, sized(font, 1.5))


def word(text: str, room: QRectF, font: QFont, ink: Ink) -> Word:
    """A line at the left of its room, in the middle of its height."""
    metrics = QFontMetricsF(font)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    ready = QStaticText(text)
    ready.setTextFormat(Qt.TextFormat.PlainText)
    ready.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    return Word(QPointF(room.left(), room.top() + (room.height() - metrics.height()) / 2), ready, font, ink)


def sentence_lines(words: str, room: QRectF, font: QFont, ink: Ink) -> list[Word]:
    """At most as many lines as fit; the last one elided."""
    height = QFontMetricsF(font).lineSpacing()
    lines = broken(words, font, room.width(), int(room.height() // height))
    rooms = (QRectF(room.left(), room.top() + row * height, room.width() + 1, height) for row in range(len(lines)))
    return [word(line, place, font, ink) for line, place in zip(lines, rooms, strict=True)]


def broken(words: str, font: QFont, width: float, lines: int) -> list[str]:
    """The words in lines that are no wider than ``width``; what does not fit ends in an ellipsis."""
    metrics = QFontMetricsF(font)
    done: list[str] = []
    left = words.split()
    while left and len(done) < lines:
        line = left.pop(0)
        while left and metrics.horizontalAdvance(f"{line} {left[0]}") <= width:
            line += f" {left.pop(0)}"
        if left and len(done) == lines - 1:
            line = " ".join((line, *left))
            left = []
        done.append(metrics.elidedText(line, Qt.TextElideMode.ElideRight, width))
    return done


def fitting_count(parameters: int, font: QFont, room: float) -> str:
    """The parameter count in the most words for which there is room; none where there is no parameter."""
    if not parameters:
        return ""
    ways = (f"{parameters:,} params", f"{compact(parameters)} params", f"{compact(parameters)} p", compact(parameters))
    return next((way for way in ways if width_of(font, way) <= room), "")


def width_of(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text) if text else 0.0


def zoom_of(painter: QPainter) -> float:
    """How large the scene is drawn. A fine screen draws it with more pixels, and as large."""
    return painter.worldTransform().m11()


def looks_from_afar(look: BoxLook, state: BoxState) -> Hashable:
    """All that is to be seen of a box below `FURTHER`, but for its size."""
    return look.category, look.severity, state.selected or state.lit


def paint_box(
    painter: QPainter, geometry: BoxGeometry, look: BoxLook, words: BoxWords, state: BoxState, tools: Kit, zoom: float
) -> None:
    """A whole box; below `FAR` without its small print, below `FURTHER` without words and ports."""
    box = geometry.box
    if zoom < FURTHER:
        painter.fillRect(box, tools.selected.brush() if state.selected or state.lit else tools.body)
        painter.fillRect(QRectF(0, 0, 3 * EDGE, box.height()), tools.edge(look.category))
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # the wires behind may have been drawn without
        near = zoom >= FAR
        pen = outline_of(state, tools)
        draw = _draw_rounded if near else _draw_flat
        if look.folded:  # a stack of boxes
            draw(painter, box.translated(4, -4), pen, tools.body)
        draw(painter, box, pen, tools.body)
        painter.fillRect(QRectF(1, RADIUS, EDGE - 1, box.height() - 2 * RADIUS), tools.edge(look.category))
        for line in (*words.near, *words.below) if near else (words.far,):
            painter.setFont(line.font)
            painter.setPen(tools.inks[line.ink])
            painter.drawStaticText(line.at, line.text)
        paint_ports(painter, geometry, state, tools, near)
    if look.severity:
        _paint_badge(painter, geometry.badge, look.severity, tools)


def paint_ports(painter: QPainter, geometry: BoxGeometry, state: BoxState, tools: Kit, plain_too: bool) -> None:
    """Those that the hand has lit or refused, and the plain ones too."""
    for centers, states in ((geometry.inputs, state.inputs), (geometry.outputs, state.outputs)):
        for port, center in enumerate(centers):
            if plain_too or states:
                _paint_port(painter, center, states[port] if port < len(states) else "", tools)


def outline_of(state: BoxState, tools: Kit) -> QPen:
    if state.selected:
        return tools.selected
    return tools.lit_box if state.lit else tools.hovered if state.hovered else tools.outline


def _draw_rounded(painter: QPainter, box: QRectF, pen: QPen, body: QBrush) -> None:
    painter.setPen(pen)
    painter.setBrush(body)
    painter.drawRoundedRect(box, RADIUS, RADIUS)


def _draw_flat(painter: QPainter, box: QRectF, pen: QPen, body: QBrush) -> None:
    """From afar nobody sees a corner, and to fill twice is several times as fast as to draw a line around."""
    half = pen.widthF() / 2
    painter.fillRect(box.adjusted(-half, -half, half, half), pen.color())
    painter.fillRect(box.adjusted(half, half, -half, -half), body)


def _paint_badge(painter: QPainter, rect: QRectF, severity: str, tools: Kit) -> None:
    """A triangle for an error, a disc for a warning, so that the colour is not alone."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tools.marks[severity])
    if severity == "error":
        corners = [QPointF(rect.center().x(), rect.top() + 1), rect.bottomRight(), rect.bottomLeft()]
        painter.drawPolygon(QPolygonF(corners))
    else:
        painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
    middle = rect.center().x()
    painter.fillRect(QRectF(middle - 1, rect.top() + 6, 2, 5), tools.body)
    painter.fillRect(QRectF(middle - 1, rect.top() + 12, 2, 2), tools.body)


def _paint_port(painter: QPainter, center: QPointF, state: PortState, tools: Kit) -> None:
    lit = state in ("fits", "chosen")
    radius = PORT + (3 if state == "chosen" else 1 if lit else 0)
    painter.setPen(tools.lit_port if lit else tools.refused_port if state == "refused" else tools.port)
    painter.setBrush(tools.lit if lit else tools.canvas)
    painter.drawEllipse(center, radius, radius)


def paint_label(painter: QPainter, room: QRectF, label: Word, tools: Kit) -> None:
    painter.fillRect(room, tools.ground)
    painter.setFont(label.font)
    painter.setPen(tools.inks[label.ink])
    painter.drawStaticText(label.at, label.text)
