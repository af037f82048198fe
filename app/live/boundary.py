"""The answer over a plane of two inputs, as colour, with the data on it."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app import theme
from app.live.field import Field
from app.live.key import Entry, draw_mark, ink
from app.live.marks import Chosen, Marks, by_class, by_value
from app.live.numbers import short
from app.live.picks import Picks
from app.live.plot import LivePlot
from app.live.share import Columns
from app.live.signed import signed_lut
from app.theme import GRID
from engine.insight.pictures import BoundaryPicture

NARROWEST: Final = 7 * GRID  # px of the colours with the names of classes
WIDEST: Final = 15  # letters of them
VEIL: Final = 0.72  # how much of a colour a field of answers takes, so that the points on it stand out


class BoundaryDrawing:
    """A field of colour (signed for two classes or values, blended for several classes) under the points."""

    pause: Final = 0.0

    def __init__(self, picks: Picks) -> None:
        self.plot = LivePlot()
        self._field = Field()
        self.plot.add(self._field)
        self._train = Marks(self.plot, hollow=False)
        self._validation = Marks(self.plot, hollow=True)
        self._chosen = Chosen(self.plot, picks)
        self._scale, self._names = _Scale(), _Names()
        self.widget = QWidget()
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(0)
        row.addWidget(self.plot, 1)
        row.addWidget(self._scale)
        row.addWidget(self._names)

    @property
    def parts(self) -> list[QWidget]:
        return [self.plot, self._names if self._scale.isHidden() else self._scale]

    def entries(self, picture: BoundaryPicture) -> list[Entry]:
        self.plot.name_axes(*picture.axes)
        many = len(picture.classes) > 2
        self._scale.setVisible(not many)
        self._names.setVisible(many)
        self._names.show_classes(picture.classes)
        return [Entry("Training", "disc", "dim"), Entry("Validation", "ring", "dim")]

    @property
    def aspect(self) -> float:
        """Width over height of the field, in tenths, so that a picture is not asked anew for every pixel."""
        box = self.plot.box
        return round(box.width() / max(box.height(), 1.0), 1) or 1.0

    def draw(self, picture: BoundaryPicture) -> str:
        left, right, bottom, top = picture.span
        if picture.values.ndim == 3:
            colors, coloring = _blend(picture.values), by_class
        else:
            colors = _signed(picture.values, picture.limits)
            coloring = by_value(0.0, 1.0) if picture.classes else by_value(*picture.limits)
            names = picture.classes or tuple(short(value) for value in picture.limits)
            self._scale.set_ends(names[0], names[-1], picture.target)
        self._field.show_colors(colors, QRectF(left, bottom, right - left, top - bottom))
        for marks, part in ((self._train, picture.train), (self._validation, picture.validation)):
            marks.show_points(part.x, part.y, coloring)
        parts = picture.train, picture.validation
        self._chosen.show_rows(np.concatenate([p.x for p in parts]), np.concatenate([p.rows for p in parts]))
        self.plot.reach(left, right, bottom, top)
        return ""

    def columns(self, picture: BoundaryPicture) -> Columns:
        """A row per place of the field."""
        left, right, bottom, top = picture.span
        rows, columns = picture.values.shape[:2]
        x, y = np.meshgrid(np.linspace(left, right, columns), np.linspace(bottom, top, rows))
        answers = picture.values.reshape(rows * columns, -1)
        names = [f"P({name})" for name in picture.classes] if answers.shape[1] > 1 else [picture.target]
        values = zip(names, answers.T, strict=True)
        return {picture.axes[0]: x.ravel(), picture.axes[1]: y.ravel(), **dict(values)}


def _widest(widget: QWidget) -> int:
    return WIDEST * widget.fontMetrics().averageCharWidth()


def _signed(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """(rows, columns, 3) uint8 from values; what is not finite takes the neutral colour."""
    low, high = limits
    share = np.nan_to_num((values - low) / (high - low), nan=0.5, posinf=1.0, neginf=0.0).clip(0, 1)
    return _veiled(signed_lut()[(share * 255).astype(np.uint8)])


def _blend(probabilities: np.ndarray) -> np.ndarray:
    """(rows, columns, 3) uint8: every class's colour by its share."""
    colors = np.array([QColor(ink(i)).getRgb()[:3] for i in range(probabilities.shape[-1])], float)
    return _veiled(np.nan_to_num(probabilities).clip(0, 1) @ colors)


def _veiled(rgb: np.ndarray) -> np.ndarray:
    ground = np.array(QColor(theme.current().window).getRgb()[:3], float)
    return (rgb * VEIL + ground * (1 - VEIL)).clip(0, 255).astype(np.uint8)


class _Scale(QWidget):
    """The colours of a signed field with what their ends mean."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = ("", "")
        self.setFixedWidth(NARROWEST)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_ends(self, low: str, high: str, target: str) -> None:
        if self._ends != (low, high):
            self._ends = (low, high)
            self._make_room()
            self.setToolTip(f"{target}: {low} … {high}")
            self.setAccessibleName(f"colour scale of {target} from {low} to {high}")
            self.update()

    def _make_room(self) -> None:
        widest = max(map(self.fontMetrics().horizontalAdvance, self._ends))
        self.setFixedWidth(min(max(widest + GRID, NARROWEST), _widest(self)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._make_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = self.fontMetrics().height()
        column = np.ascontiguousarray(_veiled(signed_lut()[::-1].reshape(256, 1, 3)))
        ramp = QImage(column.data, 1, 256, 3, QImage.Format.Format_RGB888)
        bar = QRectF(self.width() / 2 - 6, 8 + line, 12, self.height() - 2 * line - 24)
        painter.drawImage(bar, ramp)
        painter.setPen(QColor(theme.current().border))
        painter.drawRect(bar)
        painter.setPen(QColor(theme.current().dim))
        low, high = (
            self.fontMetrics().elidedText(end, Qt.TextElideMode.ElideRight, self.width()) for end in self._ends
        )
        painter.drawText(QRectF(0, 4, self.width(), line), Qt.AlignmentFlag.AlignCenter, high)
        painter.drawText(QRectF(0, self.height() - line - 12, self.width(), line), Qt.AlignmentFlag.AlignCenter, low)


class _Names(QWidget):
    """The colours of several classes, one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def show_classes(self, classes: tuple[str, ...]) -> None:
        self._classes = classes
        self._make_room()
        self.setToolTip("\n".join(classes))
        self.setAccessibleName(f"colours of the classes {', '.join(classes)}")
        self.update()

    def _make_room(self) -> None:
        widest = max(map(self.fontMetrics().horizontalAdvance, self._classes), default=0)
        self.setFixedWidth(min(widest + 4 * GRID, _widest(self)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._make_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        room = self.height() - GRID
        step = min(metrics.height() + GRID, room / max(len(self._classes), 1))
        for number, name in enumerate(self._classes):
            middle = GRID + (number + 0.5) * step
            draw_mark(painter, "square", QPointF(1.5 * GRID, middle), 5, QColor(ink(number)))
            painter.setPen(QColor(theme.current().text))
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(self.width() - 3 * GRID))
            place = QRectF(2.5 * GRID, middle - metrics.height() / 2, self.width() - 2.5 * GRID, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
