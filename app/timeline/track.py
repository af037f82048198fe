"""The timeline itself: the loss as a faint curve, branches as lanes, marks, and a handle to travel with."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.live.ghosts import branch_color
from app.live.key import draw_mark, mixed
from app.timeline import HEIGHT
from app.timeline.lanes import Lanes
from engine.training.timeline.moment import Here, Moment, Overview, Place

HANDLE: Final = 5.5  # px, its radius
FAINT: Final = 0.4  # of a colour on the ground
CLOSE: Final = 4.0  # px between two moments, from which on each has a tick
FAR: Final = 10  # moments that Page Up and Page Down pass over
STEPS: Final = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -FAR, Qt.Key.Key_PageDown: FAR,
    Qt.Key.Key_Home: -(10**6), Qt.Key.Key_End: 10**6,
}  # fmt: skip
NOWHERE: Final = Here(Place(0, 0, 0), 0.0, True)


class Track(QWidget):
    """Drag, click or press the arrow keys.

    Signals:
        wanted: a moment to travel to.
        pointed: the moment under the mouse, or None.
        began, ended: a gesture, so that it is one undo step.
    """

    wanted = Signal(object)
    pointed = Signal(object)
    began = Signal()
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline")
        self._overview, self._here = Overview(), NOWHERE
        self._overlaid: frozenset[int] = frozenset()
        self._lanes = Lanes(self._overview, 0.0, 1.0, HEIGHT)
        self._dragged: int | None = None  # the branch along which the handle is dragged
        self._under: Moment | None = None
        self._wanted: Moment | None = None  # by this drag
        theme.announcer.changed.connect(self.update)

    @property
    def lanes(self) -> Lanes:
        return self._lanes

    @property
    def pointing(self) -> bool:
        """Whether a moment is pointed at."""
        return self._under is not None

    def show_timeline(self, overview: Overview, here: Here, overlaid: frozenset[int]) -> None:
        """What there is, where the training stands, and which branches are drawn over the curves."""
        if overview is self._overview and here == self._here and overlaid == self._overlaid:
            return
        if overview is not self._overview or here.at > self._lanes.last:
            self._overview, self._here = overview, here
            self._lay_out()
        self._here, self._overlaid = here, overlaid
        self.setAccessibleDescription(f"epoch {here.at:.6g} of {self._lanes.last:.6g}")
        self.update()

    def forget(self) -> None:
        """Hold nothing of any moment, until there is something to show again."""
        self._overview, self._here = Overview(), NOWHERE
        self._dragged = self._under = self._wanted = None
        self._lay_out()

    def handle(self) -> QPointF:
        """Where the handle is, in pixels."""
        return QPointF(self._lanes.x(self._here.at), self._lanes.y(self._here.place.branch))

    def place_of(self, moment: Moment) -> QPointF:
        """Where a moment lies, in pixels."""
        return QPointF(self._lanes.x(moment.at), self._lanes.y(moment.place.branch))

    def _lay_out(self) -> None:
        self._lanes = Lanes(self._overview, self._here.at, self.width(), self.height())

    # -- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            at = event.position()
            self.began.emit()
            self._dragged = self._lanes.branch_near(at.x(), at.y(), self._here.place.branch)
            self._wanted = None
            self._want(at.x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._dragged is not None:
            self._want(at.x())
            return
        number = self._lanes.branch_near(at.x(), at.y(), self._here.place.branch)
        self._point(self._lanes.moment_near(at.x(), number))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._dragged is not None:
            self._dragged = None
            self.ended.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place, key = self._here.place, Qt.Key(event.key())
        found: Moment | None = None
        if key in STEPS:
            found = self._lanes.beside(place, place.branch, STEPS[key])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            found = self._next_lane(1 if key == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)
            return
        if found is not None:
            self.began.emit()
            self._point(found)
            self.wanted.emit(found)
            self.ended.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._point(None)
        super().focusOutEvent(event)

    def resizeEvent(self, event: QEvent) -> None:
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    def _want(self, x: float) -> None:
        if self._dragged is None or self._overview.branch(self._dragged) is None:
            return
        found = self._lanes.moment_near(x, self._dragged)
        if found is not None and found is not self._wanted:
            self._wanted = found
            self._point(found)
            self.wanted.emit(found)

    def _next_lane(self, way: int) -> Moment | None:
        """The moment of the next branch that is nearest in time."""
        numbers = [branch.number for branch in self._lanes.branches]
        if self._here.place.branch not in numbers:
            return None
        to = numbers.index(self._here.place.branch) + way
        own = self._overview.of_branch(numbers[to]) if 0 <= to < len(numbers) else ()
        return min(own, key=lambda moment: abs(moment.at - self._here.at), default=None)

    def _point(self, moment: Moment | None) -> None:
        if moment is not self._under:
            self._under = moment
            self.pointed.emit(moment)
            self.update()

    # -- looks

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        self._paint_curve(painter)
        for branch in self._lanes.branches:
            self._paint_lane(painter, branch.number)
        self._paint_marks(painter)
        self._paint_handle(painter)

    def _paint_curve(self, painter: QPainter) -> None:
        colors = theme.current()
        present = self._here.place.branch
        for number in (*sorted(self._overlaid - {present}), present):
            curve = self._lanes.curve(number)
            if curve:
                color = mixed(colors.window, self._color(number), FAINT + 0.3 * (number != present))
                painter.setPen(QPen(color, 1))
                painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in curve]))

    def _color(self, number: int) -> str:
        colors = theme.current()
        if number in self._overlaid:
            return branch_color(number)
        return colors.accent if number == self._here.place.branch else colors.wire

    def _paint_lane(self, painter: QPainter, number: int) -> None:
        lanes, present = self._lanes, number == self._here.place.branch
        branch = self._overview.branch(number)
        if branch is None:
            return
        y, start = lanes.y(number), lanes.x(branch.fork)
        end = lanes.x(max(lanes.end(number), self._here.at if present else 0.0))
        color = QColor(self._color(number))
        painter.setPen(QPen(color, 2 if present else 1.4))
        path = QPainterPath(QPointF(start, y))
        if branch.parent is not None:
            from_y = lanes.y(branch.parent)
            path.moveTo(start, from_y)
            path.cubicTo(start + 4, from_y, start, y, min(start + 8, max(end, start)), y)
        path.lineTo(max(end, start), y)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        own = self._overview.of_branch(number)
        if len(own) > 1 and (end - start) / len(own) >= CLOSE:
            painter.setPen(QPen(color, 1))
            for x in (lanes.x(moment.at) for moment in own):
                painter.drawLine(QPointF(x, y - 2), QPointF(x, y + 3))
        painter.setPen(QPen(QColor(theme.current().sick), 1.6))
        for at in branch.diverged:
            x = lanes.x(at)
            painter.drawLine(QPointF(x - 3, y - 3), QPointF(x + 3, y + 3))
            painter.drawLine(QPointF(x - 3, y + 3), QPointF(x + 3, y - 3))

    def _paint_marks(self, painter: QPainter) -> None:
        colors = theme.current()
        number = self._here.place.branch
        best = self._lanes.best(number)
        for moment in self._lanes.marked(number):
            at = self.place_of(moment)
            if moment is best:
                draw_mark(painter, "triangle", at - QPointF(0, 7), 5, QColor(colors.healthy))
            elif moment.edited:
                painter.setPen(QPen(QColor(colors.window), 1))
                painter.setBrush(QColor(colors.text))
                diamond = [QPointF(0, -4), QPointF(4, 0), QPointF(0, 4), QPointF(-4, 0)]
                painter.drawPolygon(QPolygonF([at + corner for corner in diamond]))
            else:
                draw_mark(painter, "disc", at, 4, QColor(self._color(moment.place.branch)))

    def _paint_handle(self, painter: QPainter) -> None:
        colors = theme.current()
        if self._under is not None:
            x = self._lanes.x(self._under.at)
            painter.setPen(QPen(QColor(colors.dim), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, 2), QPointF(x, self.height() - 3))
        at = self.handle()
        painter.setPen(QPen(QColor(colors.accent), 1.2))
        painter.drawLine(QPointF(at.x(), 2), QPointF(at.x(), self.height() - 3))
        painter.setPen(QPen(QColor(colors.window), 1.5))
        painter.setBrush(QColor(colors.accent))
        painter.drawEllipse(at, HANDLE, HANDLE)
