"""The whole canvas in a corner, with a frame around what is seen: a click or a drag there moves the view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from app import theme
from app.theme import GRID

if TYPE_CHECKING:
    from app.canvas.view import CanvasView

SIZE: Final = QSize(22 * GRID, 14 * GRID)
ROOM: Final = 3.0 * GRID  # in the scene, around what is shown


class Minimap(QWidget):
    """Shows itself when some of the design is out of sight and it is wanted."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas.viewport())  # beside it, Qt could not scroll what is drawn, and would draw it anew
        self._canvas = canvas
        self._scene = canvas.canvas_scene
        self._wanted = True
        self._content, self._boxes = QRectF(), QRectF()  # all that is said, and the boxes and notes alone
        self._picture: QPixmap | None = None
        self.setFixedSize(SIZE)
        self.setAccessibleName("Map of the canvas")
        self.setToolTip("The whole design. Click or drag to move the view.")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    @property
    def wanted(self) -> bool:
        return self._wanted

    def want(self, wanted: bool) -> None:
        self._wanted = wanted
        self.follow()

    def renew(self) -> None:
        """The design has changed."""
        self._picture = None
        self._content, self._boxes = self._scene.content_rect(), QRectF()
        for box in self._scene.boxes():
            self._boxes = self._boxes.united(box.scene_box())
        for remark in self._scene.remarks.values():
            self._boxes = self._boxes.united(remark.sceneBoundingRect())
        self.follow()

    def follow(self) -> None:
        """The view has moved."""
        self.setVisible(self._wanted and not self._boxes.isEmpty() and not self._seen.contains(self._boxes))
        self.update()

    def place(self) -> None:
        """Into the lower right corner of the canvas."""
        room = self._canvas.viewport().rect()
        self.move(room.right() - self.width() - GRID, room.bottom() - self.height() - GRID)
        self.follow()

    @property
    def _seen(self) -> QRectF:
        return QRectF(self._canvas.mapToScene(self._canvas.viewport().rect()).boundingRect())

    @property
    def scale(self) -> float:
        area = self._content.adjusted(-ROOM, -ROOM, ROOM, ROOM)
        return min((self.width() - GRID) / area.width(), (self.height() - GRID) / area.height())

    def to_map(self, point: QPointF) -> QPointF:
        """A place of the scene on the map."""
        return (point - self._content.center()) * self.scale + QPointF(self.width(), self.height()) / 2

    def to_scene(self, point: QPointF) -> QPointF:
        """A place of the map in the scene."""
        return (point - QPointF(self.width(), self.height()) / 2) / self.scale + self._content.center()

    def _rect_on_map(self, rect: QRectF) -> QRectF:
        return QRectF(self.to_map(rect.topLeft()), self.to_map(rect.bottomRight()))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        if self._picture is None or self._picture.devicePixelRatio() != self.devicePixelRatioF():
            self._picture = self._drawn()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(QPen(QColor(colors.accent), 1.5))
        ground = QColor(colors.accent)
        ground.setAlpha(28)
        painter.setBrush(ground)
        painter.drawRect(self._rect_on_map(self._seen) & QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _drawn(self) -> QPixmap:
        """Everything but the frame."""
        colors, ratio = theme.current(), self.devicePixelRatioF()
        picture = QPixmap(SIZE * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(colors.surface))
        painter = QPainter(picture)
        painter.setPen(QPen(QColor(colors.wire), 0.75))
        for wire in self._scene.wires.values():
            if wire.isVisible():
                painter.drawLine(self.to_map(wire.point_at(0)), self.to_map(wire.point_at(1)))
        for remark in self._scene.remarks.values():
            painter.fillRect(self._rect_on_map(remark.sceneBoundingRect()), QColor(colors.border))
        for box in self._scene.boxes():
            bad = {"error": colors.sick, "warning": colors.warning}.get(box.look.severity)
            color = bad or colors.category(box.look.category)
            painter.fillRect(self._rect_on_map(box.scene_box()), QColor(color))
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
        return picture

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._canvas.centerOn(self.to_scene(event.position()))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
