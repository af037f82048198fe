"""How boxes and wires are drawn: pure functions of a geometry, a look and a theme onto a painter."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from app.canvas.geometry import EDGE, PORT, BoxGeometry
from app.canvas.look import BoxLook, BoxState, PortState, compact
from app.theme import Theme, sized

FAR: Final = 0.45  # below this zoom only what can still be read is drawn
RADIUS: Final = 4.0
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT, _CENTER = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter


def paint_box(
    painter: QPainter, geometry: BoxGeometry, look: BoxLook, state: BoxState, theme: Theme, font: QFont, zoom: float
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_body(painter, geometry.box, look, state, theme)
    if zoom < FAR:
        large = sized(font, 1.6, bold=True)
        _text(painter, geometry.box.adjusted(EDGE + 4, 0, -4, 0), look.name, large, theme.text, _CENTER)
    else:
        _paint_words(painter, geometry, look, theme, font)
    if look.severity:
        _paint_badge(painter, geometry.badge, look.severity, theme)
    for port, center in enumerate(geometry.inputs):
        _paint_port(painter, center, state.inputs[port] if port < len(state.inputs) else "", theme)
    _paint_port(painter, geometry.output, state.output, theme)


def _paint_body(painter: QPainter, box: QRectF, look: BoxLook, state: BoxState, theme: Theme) -> None:
    outline = theme.accent if state.selected else theme.dim if state.hovered else theme.border
    path = QPainterPath()
    path.addRoundedRect(box, RADIUS, RADIUS)
    painter.fillPath(path, QColor(theme.raised))
    painter.save()
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.fillRect(QRectF(box.left(), box.top(), EDGE, box.height()), QColor(theme.category(look.category)))
    painter.restore()
    painter.setPen(QPen(QColor(outline), 2 if state.selected else 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _paint_words(painter: QPainter, geometry: BoxGeometry, look: BoxLook, theme: Theme, font: QFont) -> None:
    small = sized(font, 0.9)
    name = geometry.name_row.adjusted(0, 0, -20 if look.severity else 0, 0)
    _text(painter, name, look.name, sized(font, 1.0, bold=True), theme.text, _LEFT)
    _text(painter, geometry.fields_row, look.fields, small, theme.dim, _LEFT)
    shape = f"→ {look.shape}" if look.shape else ""
    _text(painter, geometry.foot_row, shape, small, theme.text, _LEFT)
    count = fitting_count(look.parameters, small, geometry.foot_row.width() - width_of(small, shape) - 6)
    _text(painter, geometry.foot_row, count, small, theme.dim, _RIGHT)
    if look.sentence:
        color = theme.sick if look.severity == "error" else theme.warning
        paint_sentence(painter, geometry.sentence, look.sentence, small, color)


@lru_cache(maxsize=2048)
def fitting_count(parameters: int, font: QFont, room: float) -> str:
    """The parameter count in the most words for which there is room; none where there is no parameter."""
    if not parameters:
        return ""
    ways = (f"{parameters:,} params", f"{compact(parameters)} params", f"{compact(parameters)} p", compact(parameters))
    return next((way for way in ways if width_of(font, way) <= room), "")


def paint_sentence(painter: QPainter, room: QRectF, words: str, font: QFont, color: str) -> None:
    """At most as many lines as fit; the last one elided."""
    painter.setFont(font)
    painter.setPen(QColor(color))
    line_height = QFontMetricsF(font).lineSpacing()
    for row, line in enumerate(broken(words, font, room.width(), int(room.height() // line_height))):
        painter.drawText(QRectF(room.left(), room.top() + row * line_height, room.width(), line_height), _LEFT, line)


@lru_cache(maxsize=2048)
def broken(words: str, font: QFont, width: float, lines: int) -> tuple[str, ...]:
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
    return tuple(done)


def _paint_badge(painter: QPainter, rect: QRectF, severity: str, theme: Theme) -> None:
    """A triangle for an error, a disc for a warning, so that the colour is not alone."""
    color = QColor(theme.sick if severity == "error" else theme.warning)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if severity == "error":
        corners = [QPointF(rect.center().x(), rect.top() + 1), rect.bottomRight(), rect.bottomLeft()]
        painter.drawPolygon(QPolygonF(corners))
    else:
        painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
    ink = QColor(theme.raised)
    middle = rect.center().x()
    painter.fillRect(QRectF(middle - 1, rect.top() + 6, 2, 5), ink)
    painter.fillRect(QRectF(middle - 1, rect.top() + 12, 2, 2), ink)


def _paint_port(painter: QPainter, center: QPointF, state: PortState, theme: Theme) -> None:
    lit = state in ("fits", "chosen")
    radius = PORT + (3 if state == "chosen" else 1 if lit else 0)
    ring = {"fits": theme.healthy, "chosen": theme.healthy, "refused": theme.border}.get(state, theme.wire)
    painter.setPen(QPen(QColor(ring), 2 if lit else 1.5))
    painter.setBrush(QColor(theme.healthy if lit else theme.canvas))
    painter.drawEllipse(center, radius, radius)


def paint_wire(painter: QPainter, path: QPainterPath, color: str, width: float, dashed: bool = False) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(color), width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def label_rect(path: QPainterPath, text: str, font: QFont) -> QRectF:
    """The pill of a wire's label, in the middle of the wire; null where the wire is too short for one."""
    start, end = path.pointAtPercent(0), path.pointAtPercent(1)
    room = max(abs(end.x() - start.x()), abs(end.y() - start.y()), 0.0) - 2 * PORT - 2
    metrics = QFontMetricsF(font)
    width = min(metrics.horizontalAdvance(text) + 10, room)
    if not text or width < metrics.horizontalAdvance("8…") + 8:
        return QRectF()
    height = metrics.height() + 2
    middle = path.pointAtPercent(0.5)
    return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)


def paint_wire_label(painter: QPainter, rect: QRectF, text: str, font: QFont, theme: Theme, color: str) -> None:
    if rect.isNull():
        return
    painter.setPen(QPen(QColor(theme.grid), 1))
    painter.setBrush(QColor(theme.canvas))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    _text(painter, rect.adjusted(4, 0, -4, 0), text, font, color, _CENTER)


def width_of(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text) if text else 0.0


def _text(painter: QPainter, rect: QRectF, text: str, font: QFont, color: str, align: Qt.AlignmentFlag) -> None:
    if text:
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(rect, align | _MIDDLE, elided(text, font, rect.width()))


@lru_cache(maxsize=8192)
def elided(text: str, font: QFont, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
