"""The live strip of a box: how its gradient is, how many units are dead, and what it has learnt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app import theme
from app.canvas.geometry import EDGE, GRID, STRIP, WIDTH
from app.canvas.paint import FAR, FURTHER, Ink, Word, fonts, kit, width_of, word, zoom_of
from app.canvas.ready import Pictured
from app.canvas.tiles import Grid, caption, grid_for, paint_histogram, tile_image, told
from app.canvas.unfolded import TOP, Grip, Inside
from app.live.key import draw_mark
from app.live.measures import JUDGEMENTS, MEASURES
from app.live.numbers import short
from app.picked import Weight
from engine.insight.tiles import Histogram, Thumbnail, Tiles

if TYPE_CHECKING:
    from engine.insight.tensors import LayerStat

PICTURE: Final = QRectF(EDGE + GRID, TOP, WIDTH - EDGE - 2 * GRID, STRIP - TOP - 5)
CHIP: Final = QPointF(EDGE + GRID + 6, 10)
MEASURE: Final = MEASURES[0]
FLAT: Final = next(measure.healthy[1] for measure in MEASURES if measure.field == "saturated")


class StripItem(Pictured):
    """A part of its box that repaints by itself. It is told what to show and asks nobody."""

    dear = True

    def __init__(self, box: QGraphicsItem, node: str) -> None:
        super().__init__(box)
        self.node = node
        self._font = ""
        self.layer: LayerStat | None = None
        self.thumbnail: Thumbnail | None = None
        self.inside: Inside | None = None
        self.held: Grip | None = None  # under the mouse, or being typed
        self.chosen: Weight | None = None  # being explained
        self._image = QImage()
        self._grid = Grid(1, 1, 0.0)
        self._worn = theme.current()
        self._shown: tuple[str, ...] = ()
        self._words: tuple[Word, ...] | None = None

    @property
    def height(self) -> float:
        return self.inside.height if self.inside else STRIP

    @property
    def judgement(self) -> str:
        """ "healthy", "low", "high", or "" where nothing is learnt."""
        return MEASURE.judge(self.layer) if self.layer and self.layer.norm == self.layer.norm else ""

    @property
    def dead(self) -> float:
        """The share of units that give zero for every training row."""
        return self.layer.dead if self.layer else 0.0

    @property
    def saturated(self) -> float:
        """The share of outputs over the training rows where the activation is flat."""
        return self.layer.saturated if self.layer else 0.0

    def place(self, room: QRectF) -> None:
        """Lie in this part of the box."""
        rect, font = QRectF(0, 0, room.width(), room.height()).adjusted(1, 0, -1, -1), QApplication.font().toString()
        self.setPos(room.topLeft())
        if (rect, font) != (self.rect(), self._font):
            self._font = font
            self.setRect(rect)
            self.renew()

    def renew(self) -> None:
        self._words = None
        super().renew()

    def is_blank(self, zoom: float) -> bool:
        return zoom < FURTHER or (zoom < FAR and not self.judgement)

    def show_layer(self, layer: LayerStat | None, far: bool = False) -> None:
        """Repaints where something that can be read has changed; from ``far`` that is the chip alone."""
        self.layer = layer
        before, self._shown = self._shown, (self.judgement, *self.said)
        if self._shown[:1] != before[:1] or (self._shown != before and not far):
            self.renew()

    def show_thumbnail(self, thumbnail: Thumbnail) -> bool:
        """Show another picture; True when the strip needs another height."""
        if thumbnail.equals(self.thumbnail):
            return False
        before = self.height
        self.thumbnail = thumbnail
        self.setToolTip(told(thumbnail.picture))
        self._make_images()
        self.renew()
        if self.held is not None and (self.inside is None or self.held not in self.inside.grips()):
            self.held = None
        return self.height != before

    def fold(self) -> None:
        """Without its neurons, until the next picture comes."""
        self.held = None
        if self.thumbnail is not None:
            self.thumbnail = replace(self.thumbnail, neurons=None)
        self._make_images()
        self.renew()

    def _make_images(self) -> None:
        """In the colours as they are now."""
        self._worn = theme.current()
        thumbnail = self.thumbnail
        neurons = thumbnail.neurons if thumbnail else None
        self.inside = Inside(self.node, thumbnail, neurons) if thumbnail and neurons else None
        self._image = QImage()
        if thumbnail and not self.inside and isinstance(thumbnail.picture, Tiles):
            self._grid = grid_for(len(thumbnail.picture.units), PICTURE.width(), PICTURE.height())
            self._image = tile_image(thumbnail.picture, self._grid.columns, self._worn)

    def grip_at(self, point: QPointF) -> Grip | None:
        """The number of an unfolded layer at a point of the scene."""
        return self.inside.grip_at(self.mapFromScene(point)) if self.inside else None

    def hold(self, grip: Grip | None) -> None:
        """Mark a number and say what it is."""
        if grip != self.held:
            self.held = grip
            self.renew()

    def choose(self, weight: Weight | None) -> None:
        """Keep a number marked."""
        if weight != self.chosen:
            self.chosen = weight
            self.renew()

    @property
    def _marked(self) -> Grip | None:
        """What is under the mouse, else what is being explained, where it is drawn."""
        if self.held is not None or self.chosen is None or self.inside is None:
            return self.held
        return next(
            (grip for grip in self.inside.grips() if (grip.key, grip.index) == (self.chosen.key, self.chosen.index)),
            None,
        )

    def foretell(self, grip: Grip, value: float) -> None:
        """Show a number as it will be, before the trainer tells."""
        if self.inside is not None and self.thumbnail is not None:
            self.inside = self.inside.with_value(grip, value)
            # what the trainer tells next is compared with what is shown
            self.thumbnail = replace(self.thumbnail, neurons=self.inside.neurons)
            self.renew()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = zoom_of(painter)
        if zoom < FURTHER:
            return
        if theme.current() is not self._worn:
            self._make_images()
        if zoom < FAR:
            # the name stands in the middle of the box, and the chip below it
            self._paint_chip(painter, QPointF(CHIP.x() + 6, self.height - 20), 11)
        else:
            self._paint_near(painter)

    def _paint_chip(self, painter: QPainter, at: QPointF, size: float) -> None:
        if self.judgement:
            shape, role = JUDGEMENTS[self.judgement]
            draw_mark(painter, shape, at, size, QColor(getattr(theme.current(), role)))

    def _paint_near(self, painter: QPainter) -> None:
        colors = theme.current()
        self._paint_chip(painter, CHIP, 6)
        self._paint_words(painter)
        picture = self.thumbnail.picture if self.thumbnail else None
        if self.inside is not None:
            self.inside.paint(painter, colors, self.held)
        elif isinstance(picture, Histogram):
            paint_histogram(painter, picture, PICTURE, colors)
        elif picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            at = QRectF(PICTURE.left(), PICTURE.top(), self._grid.width, self._grid.height)
            painter.drawImage(at, self._image)

    def _paint_words(self, painter: QPainter) -> None:
        if self._words is None:
            self._words = tuple(self._laid_out())
        for ready in self._words:
            painter.setFont(ready.font)
            painter.setPen(kit(theme.current()).inks[ready.ink])
            painter.drawStaticText(ready.at, ready.text)

    def _laid_out(self) -> Iterator[Word]:
        """What is said, as far as there is room for it."""
        left, right = self.said
        ink: Ink = "text" if self.held else "warning" if self.dead > 0 or self.saturated > FLAT else "dim"
        font = QApplication.font().toString()
        small = fonts(font).small
        start = self._start
        room = PICTURE.right() - start
        taken, wide = min(width_of(small, right), room), width_of(small, left)
        if ink == "dim" and taken + 6 + wide > room:
            right, taken = "", 0.0  # a caption gives way
        if self.held is None and taken + (6 if right else 0) + wide > room:
            left = ""  # half a number says nothing, and the chip has judged it
        if right and taken > 7:
            yield _word(right, PICTURE.right() - taken, taken + 1, font, ink)
        if left and (rest := room - taken - (6 if right else 0)) > 8:
            yield _word(left, start, rest, font, "dim")

    @property
    def _start(self) -> float:
        """Where the words begin: beside the chip."""
        return CHIP.x() + 10 if self.judgement else PICTURE.left()

    def _named(self, inside: Inside, grip: Grip, value: str) -> str:
        """What a number is, beside its value. Where it is long its middle gives way: the unit is named at the end."""
        small = fonts(QApplication.font().toString()).small
        room = PICTURE.right() - self._start - 6 - width_of(small, value)
        name = inside.name(grip)
        if width_of(small, name) <= room:
            return name
        return QFontMetricsF(small).elidedText(inside.short_name(grip), Qt.TextElideMode.ElideMiddle, room)

    @property
    def said(self) -> tuple[str, str]:
        """What is said beside the chip, and at the right end."""
        if self.held is not None and self.inside is not None:
            value = short(self.inside.value(self.held))
            return self._named(self.inside, self.held, value), value
        gradient = f"∇ {short(self.layer.norm, 2)}" if self.judgement and self.layer else ""
        if self.dead > 0:
            return gradient, f"{100 * self.dead:.0f} % dead"
        if self.saturated > FLAT:
            return gradient, f"{100 * self.saturated:.0f} % flat"
        return gradient, caption(self.thumbnail.picture) if self.thumbnail else ""


@lru_cache(maxsize=512)
def _word(text: str, left: float, width: float, font: str, ink: Ink) -> Word:
    return word(text, QRectF(left, 0, width, TOP), fonts(font).small, ink)
