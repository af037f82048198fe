"""The numbers of a layer as rows of coloured cells: what arrives, what it sums up, what it gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app import theme
from app.live.key import mixed
from app.live.signed import signed_lut
from engine.insight.trace import figure, plain

SMALLEST, WIDEST = 7, 8  # px of a cell at the least; signs of a number that it has room for at the most


@dataclass(frozen=True, eq=False)
class Cells:
    """One row. ``units``: its cells are the units of the layer, which can be chosen."""

    symbol: str
    title: str
    values: np.ndarray
    units: bool


class ValueStrip(QWidget):
    """A click, or the arrows up and down, choose a unit.

    Signals:
        chosen: the number of a unit, from 0.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Cells, ...] = ()
        self.unit = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Values of the layer")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: tuple[Cells, ...], unit: int) -> None:
        tall = len(rows) != len(self.rows)
        self.rows, self.unit = rows, unit
        described = next((f"unit {unit + 1}: {row.symbol} {_read(row.values[unit])}" for row in rows if row.units), "")
        self.setAccessibleDescription(described)
        if tall:
            self.updateGeometry()
        self.update()

    @property
    def line(self) -> int:
        """px from row to row."""
        return max(20, self.fontMetrics().height() + 5)

    @property
    def _readable(self) -> int:
        """px of a cell in which its number can stand."""
        return self.fontMetrics().horizontalAdvance("0" * WIDEST) + 4

    @property
    def units(self) -> int:
        return max((len(row.values) for row in self.rows if row.units), default=0)

    def sizeHint(self) -> QSize:
        return QSize(320, len(self.rows) * self.line + (8 if self.rows else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    # -- where the cells are

    @property
    def _left(self) -> int:
        metrics = self.fontMetrics()
        return 16 + max((metrics.horizontalAdvance(row.symbol) for row in self.rows), default=0)

    def _cell(self, row: int) -> tuple[float, int]:
        """(width of a cell, how many have room)."""
        room, count = self.width() - self._left - 8, max(len(self.rows[row].values), 1)
        if count * SMALLEST <= room:
            return min(room / count, self._readable), count
        return SMALLEST, max((room - self.fontMetrics().horizontalAdvance("… 10000 more")) // SMALLEST, 1)

    def rect_of(self, row: int, number: int) -> QRectF:
        """A cell, as it is drawn."""
        width, _ = self._cell(row)
        return QRectF(self._left + number * width, 4 + row * self.line, width, self.line - 3)

    def _at(self, x: float, y: float) -> tuple[int, int] | None:
        row = int((y - 4) // self.line)
        if not 0 <= row < len(self.rows):
            return None
        width, count = self._cell(row)
        number = int((x - self._left) // width)
        return (row, number) if 0 <= number < count else None

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter, lut = theme.current(), QPainter(self), signed_lut()
        # a number has one colour in all rows of the units; what goes in is of another size
        most = {each.units: max(_largest(row) for row in self.rows if row.units == each.units) for each in self.rows}
        for place, row in enumerate(self.rows):
            middle = QRectF(8, 4 + place * self.line, self._left - 12, self.line - 3)
            painter.setPen(QColor(colors.dim))
            painter.drawText(middle, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, row.symbol)
            self._paint_row(painter, colors, lut, place, row, most[row.units] or 1.0)
        painter.setPen(QPen(QColor(colors.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for place, row in enumerate(self.rows):
            if row.units and self.unit < self._cell(place)[1]:
                painter.drawRect(self.rect_of(place, self.unit).adjusted(1, 0, -1, 0))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_row(
        self, painter: QPainter, colors: theme.Theme, lut: np.ndarray, place: int, row: Cells, most: float
    ) -> None:
        width, count = self._cell(place)
        values = np.nan_to_num(row.values[:count].astype(float))
        shades = ((values / most + 1) * 127.5).clip(0, 255).astype(int)
        for number, shade in enumerate(shades):
            cell = self.rect_of(place, number).adjusted(0.5, 0, -0.5, 0)
            ground = mixed(colors.window, QColor(*map(int, lut[shade])), 0.25 + 0.55 * abs(shade - 127.5) / 127.5)
            painter.fillRect(cell, ground)
            if width >= 0.8 * self._readable:
                painter.setPen(QColor(_readable_on(ground.name(), colors)))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, _read(row.values[number], 3))
        if count < len(row.values):
            painter.setPen(QColor(colors.dim))
            rest = QRectF(self._left + count * width + 4, 4 + place * self.line, self.width(), self.line - 3)
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, f"… {len(row.values) - count} more")

    # -- the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().x(), event.position().y())
        if found is not None and self.rows[found[0]].units and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(found[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None or not self.units:
            event.ignore()
        else:
            self.chosen.emit(min(max(self.unit + by, 0), self.units - 1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._at(event.pos().x(), event.pos().y())
            if found is None:
                QToolTip.hideText()
            else:
                row = self.rows[found[0]]
                number = f"{row.symbol} number {found[1] + 1}, {row.title}"
                QToolTip.showText(event.globalPos(), f"{number}\n{_read(row.values[found[1]], 6)}", self)
            return True
        return super().event(event)


def _readable_on(ground: str, colors: theme.Theme) -> str:
    """The darker or the lighter ink, whichever stands out more."""
    return max((colors.text, colors.canvas), key=lambda ink: theme.contrast(ink, ground))


def _largest(row: Cells) -> float:
    """Of the sizes of its values."""
    return float(np.abs(np.nan_to_num(row.values.astype(float))).max(initial=0.0))


def _read(value: float, digits: int = 4) -> str:
    return plain(figure(float(value), digits))
