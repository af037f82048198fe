"""Ready pictures of what is drawn often and seldom changes: Qt puts them down by itself, without a call of Python."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from math import ceil, floor
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPixmapItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QStyleOptionGraphicsItem,
)

FINE: Final = 1.5  # pixels of the screen for one: there nobody sees a single one of what moves
ALONE: Final = QGraphicsItem.GraphicsItemFlag.ItemHasNoContents


class Stage(QGraphicsScene):
    """A scene of items that may have pictures.

    Signals:
        picture_wanted: one of them, which shows something else than its picture.
    """

    picture_wanted = Signal(object)

    def pictured(self, area: QRectF | None = None) -> list[Pictured]:
        """Those that an area touches, or all."""
        touching = Qt.ItemSelectionMode.IntersectsItemBoundingRect
        items = self.items() if area is None else self.items(area, touching)
        return [item for item in items if isinstance(item, Pictured)]

    def release_pictures(self) -> None:
        """Let every item paint itself."""
        for item in self.pictured():
            item.release()


class Shot(NamedTuple):
    """A picture, and where its upper left pixel lies, seen from the owner's origin."""

    pixels: QPixmap
    left: int
    top: int


class Pictured(QGraphicsRectItem):
    """Paints itself, or is shown by a picture of what it paints: the view's gallery says which.

    Its rectangle is all that it paints: Qt then asks for bounds in C++, which with 500 boxes is what keeps it fluid.

    Attributes:
        dear: to paint, so that it gets a picture also where there is no crowd.
    """

    dear = False

    def __init__(self, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self._picture: Picture | None = None

    @property
    def picture_scale(self) -> float:
        """Pixels of the screen for one of the scene, for which its picture was made; 0 where it needs another one."""
        return self._picture.made_for if self._picture is not None else 0.0

    @property
    def picture_bytes(self) -> int:
        if self._picture is None:
            return 0
        return 4 * self._picture.pixmap().width() * self._picture.pixmap().height()

    def is_blank(self, zoom: float) -> bool:
        """Whether there is nothing of it to be seen at a zoom."""
        return False

    def likeness(self, zoom: float) -> Hashable:
        """What is equal to that of another one of its class where both look the same; None: it looks unlike all."""
        return None

    def renew(self) -> None:
        """What it shows has changed."""
        self.release()
        self._want()

    def restate(self) -> None:
        """What the hand does to it has changed: its picture will do until there is another one, a few frames later."""
        if self._picture is None or not self._picture.made_for:
            self.renew()
        else:
            self._picture.made_for = 0.0
            self._want()

    def _want(self) -> None:
        scene = self.scene()
        if isinstance(scene, Stage):
            scene.picture_wanted.emit(self)

    def release(self) -> None:
        """Paint itself, until there is another picture."""
        if self._picture is not None:
            self._picture.made_for = 0.0
            self._picture.setFlag(ALONE, True)
            self.setFlag(ALONE, False)
        self.update()

    def forget(self) -> None:
        """Paint itself, and keep nothing for later."""
        self.release()
        if self._picture is not None:
            self._picture.setPixmap(QPixmap())

    def rehang(self, least: float, most: float) -> bool:
        """Be shown by what can quickly be made of an earlier picture, if its scale is within bounds; whether it is."""
        return False

    def shoot(self, zoom: float, ratio: float, smooth: bool) -> Shot | None:
        """A picture of what it paints at a zoom, on a screen of so many pixels for one; None where that is nothing."""
        if self.is_blank(zoom):
            return None
        scale, room = zoom * ratio, self.rect()
        # The origin lies between two pixels, as where it is drawn at a place of whole pixels.
        left, top = floor(room.left() * scale), floor(room.top() * scale)
        pixels = QPixmap(ceil(room.right() * scale) - left, ceil(room.bottom() * scale) - top)
        pixels.setDevicePixelRatio(ratio)
        pixels.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixels)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        painter.translate(-left / ratio, -top / ratio)
        painter.scale(zoom, zoom)
        self.paint(painter, _option())
        painter.end()
        pixels.setDevicePixelRatio(1.0)
        return Shot(pixels, left, top)

    def hang(self, shot: Shot | None, zoom: float, ratio: float) -> None:
        """Be shown by a picture that was made for a zoom, on a screen of so many pixels for one."""
        if self._picture is None:
            self._picture = Picture()
        self._picture.made_for = zoom * ratio
        if shot is not None:
            self._picture.show_shot(shot, fine=ratio >= FINE)
            if self._picture.parentItem() is None:
                self._picture.setParentItem(self)  # with a picture: from nothing on, Qt would take all for changed
        self._picture.setFlag(ALONE, shot is None)
        self.setFlag(ALONE, True)


class Picture(QGraphicsPixmapItem):
    """What its owner paints, in the pixels of the screen.

    Attributes:
        made_for: pixels of the screen for one of the scene; 0 while its owner paints itself, or where it is outdated.
    """

    def __init__(self) -> None:
        super().__init__()
        self.made_for = 0.0
        self.setShapeMode(QGraphicsPixmapItem.ShapeMode.BoundingRectShape)
        self.setZValue(-1)  # below what else is part of its owner

    def show_shot(self, shot: Shot, fine: bool) -> None:
        """On a fine screen it is not smoothed in motion: four times the pixels would take longer than a frame."""
        self.setPixmap(shot.pixels)
        self.setOffset(shot.left, shot.top)
        self.setScale(1.0 / self.made_for)
        self.setTransformationMode(
            Qt.TransformationMode.FastTransformation if fine else Qt.TransformationMode.SmoothTransformation
        )


@lru_cache(maxsize=1)
def _option() -> QStyleOptionGraphicsItem:
    """What Qt would tell an item that it has paint itself; no item listens."""
    return QStyleOptionGraphicsItem()
