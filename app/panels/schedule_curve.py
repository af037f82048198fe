"""How the learning rate will change over a run, as a small curve."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app import theme
from app.panels.arithmetic import shown
from app.theme import GRID, sized
from engine.training.spec import TrainingSpec

POINTS: Final = 160
STEPS: Final = 20  # steps drawn for an epoch: what happens within one is hardly seen


class ScheduleCurve(QWidget):
    """The rate from the first epoch to the last; not there for a schedule that changes nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rates: NDArray[np.float64] = np.ones(1)
        self._shown: tuple[object, ...] = ()
        self._epochs = 1
        self.setFixedHeight(9 * GRID)
        self.setAccessibleName("Learning rate over the run")

    def sizeHint(self) -> QSize:
        return QSize(20 * GRID, 9 * GRID)

    def show_training(self, training: TrainingSpec) -> None:
        key = (training.schedule, training.epochs, training.learning_rate)
        if key == self._shown:
            self.setVisible(self.varies)
            return
        self._shown, self._epochs = key, training.epochs
        # Beyond so many epochs the steps within one are not told apart.
        steps = STEPS if training.epochs < 10_000 else 1
        self.rates = training.learning_rate * training.schedule.curve(training.epochs, steps, POINTS)
        self.setVisible(self.varies)
        low, high = float(self.rates.min()), float(self.rates.max())
        words = f"Learning rate over {self._epochs:,} epochs: from {short(high)} to {short(low)}"
        self.setToolTip(words)
        self.setAccessibleDescription(words)
        self.update()

    @property
    def varies(self) -> bool:
        return bool(np.ptp(self.rates) > 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = sized(self.font(), 0.8)
        painter.setFont(font)
        line = painter.fontMetrics().height()
        area = QRectF(self.rect()).adjusted(2 * GRID + 1, GRID / 2, -2 * GRID, -line - 2)
        painter.fillRect(area, QColor(colors.raised))
        highest = float(self.rates.max())
        across = np.linspace(area.left(), area.right(), len(self.rates))
        down = area.bottom() - 1 - (area.height() - 4) * self.rates / highest
        painter.setPen(QPen(QColor(colors.accent), 1.5))
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(across, down, strict=True)]))
        painter.setPen(QColor(colors.dim))
        below = QRectF(area.left(), area.bottom() + 1, area.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"α ≤ {short(highest)}")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"epoch {self._epochs:,}")
        painter.end()


def short(rate: float) -> str:
    """A rate to three digits."""
    return shown(float(f"{rate:.3g}"))
