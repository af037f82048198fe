"""A wire on the canvas, with the shape that flows through it."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsItem,
    QGraphicsPathItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from app import theme
from app.canvas.geometry import NARROW, curve, label_room, touch_area
from app.canvas.paint import FAR_LABEL, FURTHER, Ink, Word, fonts, kit, paint_label, word, zoom_of
from app.canvas.ready import Pictured
from engine.design.document import Wire


class WireItem(QGraphicsPathItem):
    """The curve of one wire. Qt draws it itself; only the label is ours."""

    def __init__(self, wire: Wire, label: str) -> None:
        super().__init__()
        self.wire = wire
        self.selected = False
        self.lit = False  # a dropped layer would go in here
        self.on_way = False  # of the gradient that is being explained
        self._span, self._ceiling, self._gap, self._second = QPointF(), 0.0, (0.0, 0.0), False
        self._ghost: str | None = None
        self.label_item = Label(self)
        self.wear_theme()
        self.show_label(label)

    @property
    def label(self) -> str:
        return self.toolTip()

    def join(
        self, start: QPointF, end: QPointF, ceiling: float, gap: tuple[float, float], second: bool = False
    ) -> None:
        """Lead from ``start`` to ``end``, between boxes that reach up to ``ceiling``, with a ``gap`` of heights.

        It may be the ``second`` one between these boxes. A wire whose ends move together is only shifted.
        """
        self.setPos(start)
        place = end - start, ceiling - start.y(), (gap[0] - start.y(), gap[1] - start.y()), second
        if place != (self._span, self._ceiling, self._gap, self._second):
            self._span, self._ceiling, self._gap, self._second = place
            self.setPath(curve(QPointF(), self._span))
            self._lay_out_label()

    def _lay_out_label(self) -> None:
        text, ink = (self.label, "text") if self._ghost is None else (self._ghost, "accent")
        self.label_item.follow(text, self.path(), self._ceiling, ink, self._gap, self._second)

    def point_at(self, share: float) -> QPointF:
        """The place in the scene after a share of the way, 0 to 1."""
        return self.mapToScene(self.path().pointAtPercent(share))

    def show_label(self, label: str) -> None:
        if label != self.label:
            self.setToolTip(label)
            self._lay_out_label()

    def show_ghost(self, label: str | None) -> None:
        """Show the shape that would flow here after an edit that is being considered; None: what flows now."""
        if label == self.label:
            label = None
        if label != self._ghost:
            self._ghost = label
            self._lay_out_label()

    def show_state(self, selected: bool | None = None, lit: bool | None = None, on_way: bool | None = None) -> None:
        self.selected = self.selected if selected is None else selected
        self.lit = self.lit if lit is None else lit
        self.on_way = self.on_way if on_way is None else on_way
        self.setZValue(5 if self.lit else 0)  # above the box that is being dropped on it
        self.label_item.setOpacity(0.0 if self.lit else 1.0)  # and not through that box's name
        self.wear_theme()

    def lay_out(self) -> None:
        """Wear the theme and set the label anew, as after a change of the font."""
        self.wear_theme()
        self._lay_out_label()

    def wear_theme(self) -> None:
        tools = kit(theme.current())
        strong = self.selected or self.lit
        self.setPen(tools.strong_wire if strong else tools.lit_wire if self.on_way else tools.wire)

    def shape(self) -> QPainterPath:
        return touch_area(self.path())


class Label(Pictured):
    """Words above a wire, near and larger from afar; where nothing can be read they are not drawn."""

    def __init__(self, wire: QGraphicsItem) -> None:
        super().__init__(wire)
        self._text = ""
        self._room = self._far_room = QRectF()

    def follow(
        self,
        text: str,
        path: QPainterPath,
        ceiling: float,
        ink: Ink = "text",
        gap: tuple[float, float] = (0.0, 0.0),
        second: bool = False,
    ) -> None:
        """Stand above a wire; see `label_room`."""
        sizes = fonts(QApplication.font().toString())
        near, far = (label_room(path, text, font, ceiling, gap, second) for font in (sizes.wire, sizes.far_wire))
        self.show_in(text, near, far, ink)

    def show_in(self, text: str, room: QRectF, far_room: QRectF, ink: Ink = "text") -> None:
        """Stand in one room near, and in another from afar."""
        self._text, self._room, self._far_room, self._ink = text, room, far_room, ink
        font = fonts(QApplication.font().toString()).wire
        self._word = word(text, room.adjusted(4, 0, -3, 0), font, ink)
        self._far_word: Word | None = None
        self.setRect(room.united(far_room).adjusted(-1, -1, 1, 1))
        self.setVisible(not room.isNull())
        self.renew()

    @property
    def room(self) -> QRectF:
        """Where the words stand near, seen from their parent."""
        return self._room

    @property
    def words(self) -> str:
        """What stands there, elided."""
        return "" if self._room.isNull() else self._word.text.text()

    def is_blank(self, zoom: float) -> bool:
        return zoom < FURTHER

    def likeness(self, zoom: float) -> Hashable:
        return self._text, self._ink, self._room.getRect(), self._far_room.getRect()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = zoom_of(painter)
        if zoom >= FAR_LABEL:
            paint_label(painter, self._room, self._word, kit(theme.current()))
        elif zoom >= FURTHER:
            if self._far_word is None:  # most designs are never seen from afar
                sizes = fonts(QApplication.font().toString())
                self._far_word = word(self._text, self._far_room.adjusted(4, 0, -3, 0), sizes.far_wire, self._ink)
            paint_label(painter, self._far_room, self._far_word, kit(theme.current()))


class GhostWire(QGraphicsPathItem):
    """The wire that is being drawn, or that a drop would draw, with the shape that would flow through it."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(3)
        self.label_item = Label(self)

    def join(self, start: QPointF, end: QPointF, fits: bool = True, label: str = "") -> None:
        colors = theme.current()
        self.setPen(QPen(QColor(colors.accent if fits else colors.sick), 2, Qt.PenStyle.DashLine))
        self.setPath(curve(start, end))
        self.label_item.follow(label, self.path(), min(start.y(), end.y()) - NARROW / 2, "accent")
