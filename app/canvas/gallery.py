"""Which items of a view are shown by ready pictures, when these are made, and when they are let go."""

from __future__ import annotations

from collections.abc import Hashable
from math import log2
from time import perf_counter, thread_time
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from shiboken6 import isValid

from app import theme
from app.canvas.ready import Pictured, Shot, Stage
from app.canvas.surface import SMOOTH, Surface

HANGING: Final = 0.002  # s of the processor's time in a frame, for pictures of what would have to paint itself
PERIOD: Final = 0.05  # s between two looks around, while all moves: to find what lacks a picture takes time too
SHARPENING: Final = 0.001  # and for those that take the place of another one
COARSEST, FINEST = 0.65, 1.6  # pixels of a picture for one of the screen, with which it will do while all moves
STEPS: Final = 4  # of an octave of zoom, for which pictures are made while it changes
ZOOMING: Final = 0.12  # s after a change, within which another one makes of them one that goes on
MEMORY: Final = 96_000_000  # bytes of pictures, beyond which those out of sight are let go


class Size(NamedTuple):
    """The zoom for which pictures are made, on a screen of so many pixels for one, and with which scales they will do.

    While it goes on changing it is one of some, so that letters are not drawn in every size.
    """

    zoom: float
    ratio: float
    least: float
    most: float


class Gallery(QObject):
    """What has no picture yet paints itself; so all is to be seen at every moment, and next time sooner.

    While all moves pictures of nearly the size are put down larger or smaller. When it rests all that is in sight gets
    one in the very pixels of the screen, a few milliseconds of every frame long.
    """

    _wanted = Signal()

    def __init__(self, view: Surface, stage: Stage) -> None:
        super().__init__(view)
        self._view, self._stage = view, stage
        self._due = self._looked = False
        self._looked_at = self._zoomed_at = 0.0
        self._zooming = False
        self._bare: dict[Pictured, None] = {}  # what may be without a picture, in the order in which it gets one
        self._blurred: dict[Pictured, None] = {}  # what has one of another size
        self._crowded = view.crowded
        self._bytes = 0
        self._shots: dict[Hashable, Shot | None] = {}
        self._shots_for: tuple[float, float, str] | None = None
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._want)
        # after all that one event brings about, and before it is painted
        self._wanted.connect(self.hang, Qt.ConnectionType.QueuedConnection)
        view.painting.connect(self.hang)
        stage.picture_wanted.connect(self._on_wanted)
        view.zoom_changed.connect(self._on_zoomed)
        for moved in (view.zoom_changed, view.rested, view.scrolled):
            moved.connect(self.look)
        theme.announcer.changed.connect(self.release)

    def look(self) -> None:
        """Others than before may be in sight, or need another size."""
        self._looked = False
        self._want()

    def release(self) -> None:
        """Let everything paint itself, for now."""
        self._stage.release_pictures()
        self.look()

    def _on_zoomed(self) -> None:
        now = perf_counter()
        self._zooming = now - self._zoomed_at < ZOOMING
        self._zoomed_at = now

    def _on_wanted(self, item: Pictured) -> None:
        self._bare[item] = None
        self._want()

    def _want(self) -> None:
        if not self._due:
            self._due = True
            self._wanted.emit()

    def hang(self) -> None:
        """Make the pictures that are wanted, as many as there is time for."""
        if not self._due:
            return
        self._due = False
        if self._crowded != self._view.crowded:
            self._crowded = self._view.crowded
            self.release()
        size = self._size()
        if not self._looked and (not self._view.moving or perf_counter() - self._looked_at > PERIOD):
            self._look_around(size)
        began = thread_time()
        if self._made(self._bare, size, began + HANGING) and self._made(self._blurred, size, began + SHARPENING):
            self._view.settle()
        else:
            self._more.start()
        if self._bytes > MEMORY:
            self._let_go()

    def _made(self, items: dict[Pictured, None], size: Size, until: float) -> bool:
        """Make pictures of these until it is so late, and one at least; whether that was enough for all."""
        seen = self._seen
        while items:
            item = next(iter(items))
            del items[item]
            if isValid(item) and self._lacks(item, size) and item.sceneBoundingRect().intersects(seen):
                if not item.rehang(size.least, size.most):
                    item.hang(self._shot_of(item, size), size.zoom, size.ratio)
                self._bytes += item.picture_bytes
                if thread_time() > until:
                    break
        return not items

    def _size(self) -> Size:
        zoom, ratio = self._view.zoom, self._view.viewport().devicePixelRatioF()
        if not self._view.moving:  # there and back is not the same to the last bit
            return Size(zoom, ratio, zoom * ratio * (1 - 1e-9), zoom * ratio * (1 + 1e-9))
        if self._zooming and perf_counter() - self._zoomed_at < ZOOMING:
            made_for = 2.0 ** (round(STEPS * log2(zoom)) / STEPS)
        else:  # scrolled or dragged they are put down pixel by pixel: to scale them takes longer
            made_for = zoom
        return Size(made_for, ratio, COARSEST * zoom * ratio, FINEST * zoom * ratio)

    def _shot_of(self, item: Pictured, size: Size) -> Shot | None:
        """One for all that look the same, as long as they are made for one size."""
        zoom, ratio = size.zoom, size.ratio
        likeness = item.likeness(zoom)
        if likeness is None:
            return item.shoot(zoom, ratio, smooth=zoom >= SMOOTH)
        key = zoom, ratio, theme.current().name
        if self._shots_for != key:
            self._shots_for, self._shots = key, {}
        alike = type(item), likeness
        if alike not in self._shots:
            self._shots[alike] = item.shoot(zoom, ratio, smooth=zoom >= SMOOTH)
        return self._shots[alike]

    @property
    def _seen(self) -> QRectF:
        return self._view.mapToScene(self._view.viewport().rect()).boundingRect()

    def _look_around(self, size: Size) -> None:
        """What in sight lacks a picture; first that which looks like another."""
        self._looked, self._looked_at = True, perf_counter()
        lacking = [item for item in self._stage.pictured(self._seen) if self._lacks(item, size)]
        lacking.sort(key=lambda item: item.likeness(size.zoom) is None)
        self._bare = dict.fromkeys(item for item in lacking if not item.picture_scale)
        self._blurred = dict.fromkeys(item for item in lacking if item.picture_scale)

    def _lacks(self, item: Pictured, size: Size) -> bool:
        """Whether it has no picture that will do."""
        return (self._crowded or item.dear) and not size.least <= item.picture_scale <= size.most

    def _let_go(self) -> None:
        seen = self._stage.pictured(self._seen)
        for item in set(self._stage.pictured()).difference(seen):
            item.forget()
        self._bytes = sum(item.picture_bytes for item in seen)
