"""The inside of an unfolded dense layer: what feeds it on the left, its neurons on the right, weights as lines between.

Pure geometry and painting: it knows no item and no session.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app import theme
from app.canvas.geometry import EDGE, GRID, WIDTH
from app.canvas.tiles import SEAM, palette, tile_image
from app.theme import Theme
from engine.insight.tiles import Neurons, Thumbnail, Tiles

TOP: Final = 20.0  # the row of words above
FOOT: Final = 6.0
PITCHES: Final = ((4, 36.0), (8, 28.0), (16, 20.0), (32, 16.0))  # px from neuron to neuron, for up to so many
LARGEST_INPUT: Final = 20.0  # px of the picture of what feeds the layer
BIAS: Final = 4.0  # radius of a bias's disc
CATCH: Final = 4.0  # px within which the mouse means a line
HAIR: Final = 1.0  # px of a weak weight's line, at every zoom: Qt draws such lines many times as fast
SMOOTH: Final = 256  # lines that are drawn smoothly: more would take longer than a frame
THICKEST: Final = ((64, 4.0), (256, 3.0), (1024, 2.0))  # px of the strongest weight's line, for up to so many lines
SHADES: Final = 16  # kinds of pens that lines are drawn with: a pen a line would cost a hundred times as much


@dataclass(frozen=True)
class Grip:
    """A number that can be taken hold of: element ``index`` of the flat parameter ``parameter`` of a node."""

    node: str
    parameter: Literal["weight", "bias"]
    index: int

    @property
    def key(self) -> str:
        return f"{self.node}/{self.parameter}"


@dataclass(frozen=True, eq=False)
class Inside:
    """An unfolded layer as it is now; places are in the strip, whose top left corner is (0, 0)."""

    node: str
    thumbnail: Thumbnail
    neurons: Neurons

    @property
    def units(self) -> int:
        return len(self.neurons.bias)

    @property
    def inputs(self) -> int:
        """How many inputs have lines; 0 where there are too many."""
        return 0 if self.neurons.weight is None else len(self.neurons.weight)

    @cached_property
    def pitch(self) -> float:
        return next(pitch for most, pitch in PITCHES if self.units <= most)

    @cached_property
    def height(self) -> float:
        room = max(self.units * self.pitch, self.inputs * 12.0)
        return float(np.ceil((TOP + room + FOOT) / GRID) * GRID)

    @property
    def side(self) -> float:
        """Of a neuron's picture."""
        return self.pitch - 4

    @property
    def input_side(self) -> float:
        return min(LARGEST_INPUT, (self.height - TOP - FOOT) / max(self.inputs, 1) - 3)

    def neuron(self, unit: int) -> QRectF:
        """The picture of a neuron."""
        left = WIDTH - GRID - 2 * BIAS - 4 - self.side
        return QRectF(left, self._row(unit, self.units) - self.side / 2, self.side, self.side)

    def input(self, number: int) -> QRectF:
        """The picture of what feeds the layer."""
        return QRectF(
            EDGE + GRID, self._row(number, self.inputs) - self.input_side / 2, self.input_side, self.input_side
        )

    def bias(self, unit: int) -> QPointF:
        return QPointF(WIDTH - GRID - BIAS, self.neuron(unit).center().y())

    def _row(self, number: int, of: int) -> float:
        room = self.height - TOP - FOOT
        return TOP + room * (number + 0.5) / of

    @cached_property
    def ends(self) -> np.ndarray:
        """(inputs · units, 4): x1, y1, x2, y2 of every line, in the order of the flat weight."""
        starts = np.array([_side(self.input(n), right=True) for n in range(self.inputs)], float).reshape(-1, 2)
        stops = np.array([_side(self.neuron(unit), right=False) for unit in range(self.units)], float)
        return np.hstack([np.repeat(starts, self.units, axis=0), np.tile(stops, (self.inputs, 1))])

    def grip_at(self, point: QPointF, catch: float = CATCH) -> Grip | None:
        """The bias or the weight under the mouse."""
        for unit in range(self.units):
            reach = self.bias(unit) - point
            if max(abs(reach.x()), abs(reach.y())) <= BIAS + 3:
                return Grip(self.node, "bias", unit)
        if not len(self.ends):
            return None
        x1, y1, x2, y2 = self.ends.T
        if not x1.min() <= point.x() <= x2.max():
            return None
        share = np.clip((point.x() - x1) / (x2 - x1), 0, 1)
        slope = np.abs(y2 - y1) / (x2 - x1)
        away = np.abs(y1 + share * (y2 - y1) - point.y()) / np.hypot(1, slope)  # across the line, not upwards
        nearest = int(away.argmin())
        return Grip(self.node, "weight", nearest) if away[nearest] <= catch else None

    def grips(self) -> list[Grip]:
        """All of them, neuron by neuron: its weights, then its bias."""
        found = []
        for unit in range(self.units):
            found += [Grip(self.node, "weight", number * self.units + unit) for number in range(self.inputs)]
            found.append(Grip(self.node, "bias", unit))
        return found

    def place_of(self, grip: Grip) -> QPointF:
        """Where the number can best be taken hold of: on its line, as far from the others as can be, or on its disc."""
        if grip.parameter == "bias":
            return self.bias(grip.index)
        x1, y1, x2, y2 = self.ends[grip.index]
        share = np.linspace(0.1, 0.9, 33)[:, None]
        heights = self.ends[:, 1] + share * (self.ends[:, 3] - self.ends[:, 1])
        away = np.abs(heights - heights[:, [grip.index]])
        away[:, grip.index] = np.inf
        best = float(share[away.min(axis=1).argmax(), 0])
        return QPointF(x1 + best * (x2 - x1), y1 + best * (y2 - y1))

    def value(self, grip: Grip) -> float:
        values = self.neurons.bias if grip.parameter == "bias" else self.neurons.weight
        assert values is not None  # a grip on a weight comes from a line
        return float(values.ravel()[grip.index])

    def name(self, grip: Grip) -> str:
        """What the number is, in a few words."""
        if grip.parameter == "bias":
            return f"bias of unit {grip.index + 1}"
        number, unit = divmod(grip.index, self.units)
        return f"{self.neurons.inputs[number]} → unit {unit + 1}"

    def short_name(self, grip: Grip) -> str:
        """The same where there is little room: it stands in the layer whose unit is meant."""
        if grip.parameter == "bias":
            return f"bias {grip.index + 1}"
        number, unit = divmod(grip.index, self.units)
        return f"{self.neurons.inputs[number]} → {unit + 1}"

    def with_value(self, grip: Grip, value: float) -> Inside:
        """The same with one number another, until the trainer tells what became of it."""
        parts = {"bias": self.neurons.bias, "weight": self.neurons.weight}
        values = parts[grip.parameter]
        assert values is not None
        values = values.copy()
        values.ravel()[grip.index] = value
        return replace(self, neurons=replace(self.neurons, **{grip.parameter: values}))

    # -- painting

    @cached_property
    def _scale(self) -> float:
        """The value with the fullest colour and the thickest line."""
        weights = () if self.neurons.weight is None else self.neurons.weight.ravel()
        return float(np.nanmax(np.abs(np.concatenate([weights, self.neurons.bias])), initial=0.0)) or 1.0

    def _shade(self, values: np.ndarray) -> np.ndarray:
        """-SHADES … SHADES for values."""
        return np.nan_to_num(values / self._scale * SHADES).clip(-SHADES, SHADES).round().astype(int)

    def paint(self, painter: QPainter, colors: Theme, held: Grip | None) -> None:
        inks = palette()
        self._paint_lines(painter, inks)
        if held is not None and held.parameter == "weight":
            self._mark(painter, held, colors)
        self._paint_tiles(painter, colors)
        painter.setPen(Qt.PenStyle.NoPen)
        for unit, shade in enumerate(self._shade(self.neurons.bias)):
            painter.setBrush(_ink(inks, shade))
            painter.drawEllipse(self.bias(unit), BIAS, BIAS)
        if held is not None and held.parameter == "bias":
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self.bias(held.index), BIAS + 2, BIAS + 2)

    @property
    def _thickest(self) -> float:
        return next(thickest for most, thickest in THICKEST if len(self.ends) <= most)

    def _paint_lines(self, painter: QPainter, inks: np.ndarray) -> None:
        if self.neurons.weight is None:
            return
        shades = self._shade(self.neurons.weight.ravel())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self.ends) <= SMOOTH)
        for size in range(SHADES + 1):  # the strongest last, on top
            pen = QPen(Qt.GlobalColor.black, max(HAIR, self._thickest * size / SHADES))
            pen.setCosmetic(pen.widthF() <= HAIR)
            for shade in (-size, size) if size else (0,):
                lines = [QLineF(*end) for end in self.ends[shades == shade].tolist()]
                if lines:
                    pen.setColor(_ink(inks, shade))
                    painter.setPen(pen)
                    painter.drawLines(lines)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _mark(self, painter: QPainter, grip: Grip, colors: Theme) -> None:
        painter.setPen(QPen(QColor(colors.accent), self._thickest + 1))
        painter.drawLine(QLineF(*self.ends[grip.index].tolist()))

    def _paint_tiles(self, painter: QPainter, colors: Theme) -> None:
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(QColor(colors.neutral))
        rooms = [self.neuron(unit) for unit in range(self.units)]
        if self._sheet is not None:
            _put(painter, self._sheet, rooms)
        else:
            for room in rooms:
                painter.drawEllipse(room.adjusted(2, 2, -2, -2))
        rooms = [self.input(number) for number in range(self.inputs)]
        if self._feeding_sheet is not None:
            _put(painter, self._feeding_sheet, rooms)
        else:
            for room in rooms:
                painter.drawEllipse(room.center(), 4, 4)

    @cached_property
    def _sheet(self) -> QImage | None:
        return _sheet_of(self.thumbnail.picture)

    @cached_property
    def _feeding_sheet(self) -> QImage | None:
        return _sheet_of(self.neurons.feeding)


def _side(rect: QRectF, right: bool) -> tuple[float, float]:
    """The middle of a side."""
    return rect.right() if right else rect.left(), rect.center().y()


def _sheet_of(picture: object) -> QImage | None:
    """All units below each other in one image."""
    return tile_image(picture, 1, theme.current()) if isinstance(picture, Tiles) else None


def _put(painter: QPainter, sheet: QImage, rooms: list[QRectF]) -> None:
    """Each tile of a sheet into its room."""
    step = sheet.height() / len(rooms)
    for number, room in enumerate(rooms):
        painter.drawImage(room, sheet, QRectF(0, number * step, sheet.width() - SEAM, step - SEAM))


def _ink(inks: np.ndarray, shade: int) -> QColor:
    return QColor.fromRgb(int(inks[128 + shade * 127 // SHADES]))
