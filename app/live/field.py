"""A field of colours under a plot: pixels that run into each other, drawn as cheaply as Qt can."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


class Field(pg.GraphicsObject):
    """An image over a rectangle of the plot.

    In the one pixel format that Qt draws without converting it, which pyqtgraph's own item does not use for colours.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pixels = np.zeros((1, 1), np.uint32)
        self._image = QImage()
        self._place = QRectF()
        self.setZValue(0)

    def show_colors(self, rgb: np.ndarray, place: QRectF) -> None:
        """``rgb`` (rows, columns, 3) uint8, row 0 at the bottom of ``place``."""
        red, green, blue = (rgb[::-1, :, i].astype(np.uint32) for i in range(3))
        self._pixels = np.ascontiguousarray(0xFF000000 | red << 16 | green << 8 | blue)
        rows, columns = self._pixels.shape
        # the image looks at the array's memory: both are kept
        self._image = QImage(self._pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        if place != self._place:
            self.prepareGeometryChange()
            self._place = place
        self.update()

    def boundingRect(self) -> QRectF:
        return self._place

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # the plot's y points up, the image's down
        painter.translate(self._place.left(), self._place.bottom())
        painter.scale(1, -1)
        painter.drawImage(QRectF(0, 0, self._place.width(), self._place.height()), self._image)
        painter.restore()
