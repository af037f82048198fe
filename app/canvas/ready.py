"""A picture of what is drawn often and seldom changes, in the pixels of the screen."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, isclose

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QPixmapCache, QTransform
from PySide6.QtWidgets import QWidget

from app.canvas.paint import zoom_of
from app.canvas.surface import Surface


class Ready:
    """Keeps the picture in Qt's cache, whose size is bounded: of what has long been out of sight it is let go."""

    def __init__(self) -> None:
        self._key = QPixmapCache.Key()
        self._scale = 0.0

    def drop(self) -> None:
        """It no longer shows what is to be seen."""
        QPixmapCache.remove(self._key)

    def put_down(self, painter: QPainter, room: QRectF, draw: Callable[[QPainter], None], view: QWidget | None) -> None:
        """Paint what ``draw`` paints within ``room``, from the picture where there is one of this size.

        While all moves in ``view``, or a frame has made enough pictures, one of another size will do, or none.
        """
        ratio = painter.device().devicePixelRatioF()
        scale = zoom_of(painter) * ratio
        picture = QPixmap()
        found = QPixmapCache.find(self._key, picture)
        fits = isclose(scale, self._scale, rel_tol=1e-6)  # there and back is not the same to the last bit
        if not found or not fits:
            if isinstance(view, Surface) and ((found and view.stirred) or not view.takes_picture()):
                if not found:
                    return
            else:
                QPixmapCache.remove(self._key)
                picture = _drawn(room, scale, draw)
                self._key, self._scale, fits = QPixmapCache.insert(picture), scale, True
        if not fits:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(room, picture, QRectF(picture.rect()))
            return
        # pixel upon pixel: between them all would be blurred
        way = painter.worldTransform()
        at = way.map(room.topLeft())
        painter.setWorldTransform(QTransform())
        picture.setDevicePixelRatio(ratio)
        painter.drawPixmap(QPointF(round(at.x() * ratio) / ratio, round(at.y() * ratio) / ratio), picture)
        painter.setWorldTransform(way)


def _drawn(room: QRectF, scale: float, draw: Callable[[QPainter], None]) -> QPixmap:
    picture = QPixmap(ceil(room.width() * scale), ceil(room.height() * scale))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.translate(-room.topLeft())
    draw(painter)
    painter.end()
    return picture
