"""A box on the canvas: it holds what it shows and repaints when that changes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem, QWidget

from app import theme
from app.canvas.geometry import STRIP, Port, box_geometry
from app.canvas.look import BoxLook, BoxState, PortState
from app.canvas.outline import drawn_upon
from app.canvas.paint import FURTHER, BoxWords, kit, laid_out, looks_from_afar, paint_box, zoom_of
from app.canvas.ready import Pictured, Shot
from app.canvas.strip_item import StripItem


class Plain(NamedTuple):
    """The picture of a box with which nothing is done, and what it was made for."""

    shot: Shot
    zoom: float
    ratio: float


class NodeItem(Pictured):
    """The box of one node. It takes no part in edits: the scene tells it what to show and where."""

    def __init__(self, id: str, look: BoxLook) -> None:
        super().__init__()
        self.id = id
        self.state = BoxState()
        self._ghost: BoxLook | None = None
        self._plain: Plain | None = None
        self._laid_out: tuple[tuple[BoxLook, BoxLook, str], BoxWords] | None = None  # without the strip
        self.strip: StripItem | None = None  # how it learns, once there is something to show
        self.setZValue(1)
        self._show(look)

    @property
    def ids(self) -> tuple[str, ...]:
        """The nodes that the box stands for."""
        return (self.id,)

    @property
    def inputs(self) -> tuple[Port, ...]:
        return _inputs(self.id, self.look.ports)

    @property
    def outputs(self) -> tuple[Port, ...]:
        return (Port(self.id, "output"),)

    def show_look(self, look: BoxLook) -> bool:
        """Show these words; True when the ports have moved."""
        moved = (look.ports, look.outputs) != (self.look.ports, self.look.outputs)
        if look != self.look:
            self._show(look)
        return moved

    def show_ghost(self, look: BoxLook | None) -> None:
        """Show what the box would say after an edit that is being considered; None: what it says now."""
        ghost = None if look is None or look == self.look else replace(look, ports=self.look.ports)
        if ghost != self._ghost:
            self._ghost = ghost
            self.lay_out()

    @property
    def ghost(self) -> BoxLook | None:
        return self._ghost

    def _show(self, look: BoxLook) -> None:
        self.look = look
        self._ghost = None
        self.lay_out()
        self.setToolTip(look.help)

    def lay_out(self) -> None:
        """Set the words anew, as after a change of the font, of the ports or of the strip's height."""
        self._plain = None
        strip = self.strip.height if self.strip else 0.0
        geometry = self.geometry = box_geometry(self.look.ports, outputs=self.look.outputs, strip=strip)
        look, font = self._ghost or self.look, QApplication.font()
        said = look, self.look, font.toString()
        if self._laid_out is None or said != self._laid_out[0]:
            bare = box_geometry(self.look.ports, outputs=self.look.outputs)
            self._laid_out = said, laid_out(look, bare, font, self.look)
        self._words = self._laid_out[1].grown(strip)
        self.setRect(geometry.bounds.united(geometry.sentence) if look.sentence else geometry.bounds)
        if self.strip is not None:
            self.strip.place(geometry.strip)
        self.renew()

    def show_strip(self, on: bool) -> None:
        """Grow by a live strip, or give its room back."""
        if on and self.strip is None:
            self.strip = StripItem(self, self.id)
            self.lay_out()
        elif not on and self.strip is not None:
            strip, self.strip = self.strip, None
            strip.scene().removeItem(strip)
            self.lay_out()

    def show_state(self, **changes: Any) -> None:
        if any(getattr(self.state, name) != value for name, value in changes.items()):
            self.state = replace(self.state, **changes)
            self.setZValue(2 if self.state.selected else 1)
            self.restate()

    def light_ports(self, inputs: tuple[PortState, ...] = (), outputs: tuple[PortState, ...] = ()) -> None:
        if (inputs, outputs) != (self.state.inputs, self.state.outputs):
            self.show_state(inputs=inputs, outputs=outputs)

    def point_of(self, port: Port) -> QPointF:
        """The centre of one of the box's ports, in the scene."""
        return self.input_point(port.number) if port.side == "input" else self.output_point()

    def input_point(self, port: int) -> QPointF:
        """The centre of an input port, in the scene."""
        inputs = self.geometry.inputs
        return self.pos() + inputs[min(port, len(inputs) - 1)] if inputs else self.pos()

    def output_point(self) -> QPointF:
        return self.pos() + self.geometry.output

    def scene_box(self) -> QRectF:
        """The body, in the scene."""
        return self.geometry.box.translated(self.pos())

    @property
    def floor(self) -> float:
        """The height in the scene that it reaches down to once it shows how it learns."""
        return self.y() + self.geometry.strip.top() + max(self.geometry.strip.height(), STRIP)

    def likeness(self, zoom: float) -> Hashable:
        if zoom >= FURTHER:
            return None
        return looks_from_afar(self._ghost or self.look, self.state), self.rect().getRect()

    def shoot(self, zoom: float, ratio: float, smooth: bool) -> Shot | None:
        shot = super().shoot(zoom, ratio, smooth)
        if shot is not None and self.state == BoxState() and zoom >= FURTHER and not self.look.folded:
            self._plain = Plain(shot, zoom, ratio)
        return shot

    def rehang(self, least: float, most: float) -> bool:
        plain = self._plain
        if plain is None or not least <= plain.zoom * plain.ratio <= most:
            return False
        shot = plain.shot
        if self.state != BoxState():
            shot = drawn_upon(*plain, self.geometry, self.state, kit(theme.current()))
        self.hang(shot, plain.zoom, plain.ratio)
        return True

    def forget(self) -> None:
        super().forget()
        self._plain = None

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom, smooth = zoom_of(painter), painter.testRenderHint(QPainter.RenderHint.Antialiasing)
        paint_box(painter, self.geometry, self._ghost or self.look, self._words, self.state, kit(theme.current()), zoom)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)  # pictures in motion would take much longer


@lru_cache(maxsize=4096)
def _inputs(id: str, count: int) -> tuple[Port, ...]:
    return tuple(Port(id, "input", number) for number in range(count))
