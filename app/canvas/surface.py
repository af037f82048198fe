"""The plane that boxes lie on: zoom around the mouse, scrolling, the grid."""

from __future__ import annotations

from math import ceil, floor
from typing import Final

from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QNativeGestureEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from app import theme
from app.theme import GRID

SMOOTH: Final = 0.28  # below this zoom lines are hairs, and smoothing hundreds of them takes longer than a frame
CLOSEST: Final = 4.0
FURTHEST: Final = 0.08
REST: Final = 120  # ms after the last movement, until lines are smoothed again
WHEEL_STEP: Final = 1.0 / 480  # a notch is 120: a quarter of an octave


class Surface(QGraphicsView):
    """A view without scroll bars that zooms and scrolls as maps do.

    Signals:
        zoom_changed: the new scale. scrolled: another part of the scene is seen.
        rested: for a moment nothing has moved. painting: a part of the viewport is about to be painted.
    """

    zoom_changed = Signal(float)
    scrolled = Signal()
    rested = Signal()
    painting = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setMouseTracking(True)
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self.rested)
        self._stirred = False
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._on_scrolled)

    @property
    def zoom(self) -> float:
        return self.transform().m11()

    @property
    def center(self) -> QPointF:
        """The point of the scene in the middle of the viewport."""
        return self.mapToScene(self.viewport().rect().center())

    @property
    def crowded(self) -> bool:
        """Whether it shows so many lines that to smooth them all takes most of a frame."""
        return False

    @property
    def moving(self) -> bool:
        """Whether all has moved a moment ago."""
        return self._rest.isActive()

    @property
    def stirred(self) -> bool:
        """Whether lines are not smoothed, because all of them move, or have not settled since."""
        return self._stirred

    def stir(self) -> None:
        """All moves: lines are smoothed again when it has come to rest and `settle` is called."""
        if self.crowded:
            self._stirred = True
            self._rest.start()

    def _on_scrolled(self) -> None:
        if self._stirred:
            self._rest.start()  # to sharpen what goes on moving would be in vain
        self.scrolled.emit()

    def settle(self) -> None:
        """Unless it still moves: from now on all is as sharp as can be."""
        if self._stirred and not self.moving:
            self._stirred = False
            self.viewport().update()

    def scale_by(self, factor: float, at: QPoint | None = None) -> None:
        """Zoom so that the place under ``at`` (a place of the viewport; its middle by default) stays there."""
        at = self.viewport().rect().center() if at is None else at
        factor = min(max(self.zoom * factor, FURTHEST), CLOSEST) / self.zoom
        held = self.mapToScene(at)
        self.stir()
        self.scale(factor, factor)
        self.bring(held, at)
        self.zoom_changed.emit(self.zoom)

    def bring(self, point: QPointF, at: QPoint) -> None:
        """Scroll a point of the scene to a place of the viewport."""
        slip = self.mapFromScene(point) - at
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + slip.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + slip.y())

    def show_area(self, area: QRectF | None) -> None:
        """Bring an area of the scene into sight, never larger than it is; without one, the origin."""
        view = QRectF(self.viewport().rect())
        if area is None:
            area = view.translated(-view.center())
        self.scale_by(self.zoom_for(area) / self.zoom)
        self.centerOn(area.center())

    def zoom_for(self, area: QRectF) -> float:
        """The zoom at which an area just fits, 1 at most."""
        view = self.viewport().rect()
        return min(view.width() / area.width(), view.height() / area.height(), 1.0)

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        colors = theme.current()
        painter.fillRect(rect, QColor(colors.canvas))
        step = 4.0 * GRID
        while step * self.zoom < 20:
            step *= 4
        pen = QPen(QColor(colors.grid), 0)
        painter.setPen(pen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        across = (step * n for n in range(floor(rect.left() / step), ceil(rect.right() / step) + 1))
        down = (step * n for n in range(floor(rect.top() / step), ceil(rect.bottom() / step) + 1))
        lines = [QLineF(x, rect.top(), x, rect.bottom()) for x in across]
        painter.drawLines([*lines, *(QLineF(rect.left(), y, rect.right(), y) for y in down)])
        # Items get the painter as it is left here; first come the wires, and boxes smooth themselves.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.zoom >= SMOOTH and not self.stirred)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - (turned.x() or turned.y()))
        else:
            self.scale_by(2.0 ** (turned.y() * WHEEL_STEP), event.position().toPoint())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.scale_by(1.0 + event.value(), event.position().toPoint())
            return True
        if event.type() == QEvent.Type.Paint:
            self.painting.emit()
        return super().viewportEvent(event)
