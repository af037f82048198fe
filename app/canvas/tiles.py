"""Pictures of units as images that Qt can put down at once, and where each lies in a strip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from app import theme
from app.live.numbers import short
from app.live.signed import signed_lut
from app.theme import Theme
from engine.insight.tiles import Histogram, Tiles
from engine.numbers import number

LARGEST: Final = 46.0  # px of a tile in a strip: one unit alone need not fill it
GAIN: Final = 1.1
SEAM: Final = 2  # px of an image between two tiles


@dataclass(frozen=True)
class Grid:
    """Where tiles lie: so many columns, each with its seam ``cell`` wide."""

    columns: int
    rows: int
    cell: float

    @property
    def width(self) -> float:
        return self.columns * self.cell

    @property
    def height(self) -> float:
        return self.rows * self.cell


def grid_for(count: int, width: float, height: float) -> Grid:
    """The grid in which so many square tiles are largest; fewer rows where another one gains next to nothing."""
    best = Grid(count, 1, min(width / count, height, LARGEST))
    for rows in (2, 3):
        columns = ceil(count / rows)
        grid = Grid(columns, rows, min(width / columns, height / rows, LARGEST))
        if grid.cell > GAIN * best.cell:
            best = grid
    return best


def tile_image(tiles: Tiles, columns: int, colors: Theme) -> QImage:
    """All tiles in rows of so many columns, in the colours of the theme, parted by its ground."""
    count, high, wide = tiles.pixels.shape
    rows = ceil(count / columns)
    sheet = np.full((rows, high + SEAM, columns, wide + SEAM), packed(QColor(colors.raised)), np.uint32)
    inked = palette()[tiles.pixels.astype(np.int16) + 128]
    for place in range(count):
        sheet[place // columns, :high, place % columns, :wide] = inked[place]
    flat = sheet.reshape(rows * (high + SEAM), columns * (wide + SEAM))
    # the copy owns its memory: the array is let go
    return QImage(flat.data, flat.shape[1], flat.shape[0], 4 * flat.shape[1], QImage.Format.Format_RGB32).copy()


def palette() -> np.ndarray:
    """(256,) uint32: pixels by value, 128 the middle, in the theme as it is now."""
    return _palette(theme.current().name)


@lru_cache(maxsize=4)
def _palette(_theme: str) -> np.ndarray:
    red, green, blue = signed_lut().astype(np.uint32).T
    lut: np.ndarray = 0xFF000000 | red << 16 | green << 8 | blue
    return lut


def packed(color: QColor) -> int:
    return int(color.rgb()) | 0xFF000000


def histogram_outline(histogram: Histogram, room: QRectF) -> QPolygonF:
    """The bars as one shape that stands on the room's lower edge."""
    step = room.width() / len(histogram.shares)
    points = [room.bottomLeft()]
    for bar, share in enumerate(histogram.shares):
        top = room.bottom() - float(share) * room.height()
        points += [QPointF(room.left() + bar * step, top), QPointF(room.left() + (bar + 1) * step, top)]
    return QPolygonF([*points, room.bottomRight()])


def paint_histogram(painter: QPainter, histogram: Histogram, room: QRectF, colors: Theme) -> None:
    painter.setPen(QColor(colors.border))
    painter.drawLine(room.bottomLeft(), room.bottomRight())
    painter.setPen(QColor(colors.dim))
    painter.setBrush(QColor(colors.dim))
    painter.drawPolygon(histogram_outline(histogram, room))


def caption(picture: Tiles | Histogram) -> str:
    """The few words beside a picture."""
    if isinstance(picture, Histogram):
        return "…".join(number(end, 2) for end in (picture.low, picture.high))
    return "" if len(picture.units) == picture.of else f"{len(picture.units)} of {picture.of:,}"


def told(picture: Tiles | Histogram) -> str:
    """What a picture shows, in a sentence for its tooltip."""
    if isinstance(picture, Histogram):
        return f"How often this layer gives which value on examples of the data, from {caption(picture)}"
    if picture.shows == "examples":
        return "Some examples of the data"
    many = f"{len(picture.units)} of {picture.of:,} units" if len(picture.units) < picture.of else "Every unit"
    end = short(picture.limit, 2)
    if picture.shows == "weights":
        return f"{many}: its weights, laid as the pixels of the input are; orange −{end}, grey 0, blue +{end}"
    return f"{many}: what it gives over the two inputs; orange −{end}, grey 0, blue +{end}"
