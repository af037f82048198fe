"""Which class is taken for which: counts, and how much of each class is found."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app import theme
from app.live.key import Entry, mixed
from app.live.numbers import percent
from engine.insight.pictures import ConfusionPicture

READABLE: Final = 18  # px: cells smaller than this show colour only


class ConfusionDrawing:
    """The matrix: rows are the truth, columns the answer, the last column the recall."""

    def __init__(self) -> None:
        self.widget = _Matrix()

    def entries(self, picture: ConfusionPicture) -> list[Entry]:
        return [Entry("Right", "square", "positive"), Entry("Mistaken", "square", "negative")]

    def draw(self, picture: ConfusionPicture) -> str:
        self.widget.show_picture(picture)
        return f"{percent(picture.accuracy)} right of {picture.counts.sum()} {picture.part} rows"


class _Matrix(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._picture: ConfusionPicture | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName("Confusion matrix")

    def show_picture(self, picture: ConfusionPicture) -> None:
        if self._picture is None or not np.array_equal(self._picture.counts, picture.counts):
            self._picture = picture
            self.update()

    def _layout(self) -> tuple[float, float, float, float, float]:
        """(left, top, cell width, cell height, recall width)."""
        assert self._picture is not None
        metrics = self.fontMetrics()
        k = len(self._picture.classes)
        names = max(metrics.horizontalAdvance(name) for name in self._picture.classes)
        left = min(names + 16, self.width() * 0.3)
        top, recall = metrics.height() * 2 + 6.0, metrics.horizontalAdvance("100.0 %") + 16.0
        return left, top, (self.width() - left - recall - 8) / k, (self.height() - top - 8) / k, recall

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self._picture
        if picture is None:
            return
        colors = theme.current()
        painter = QPainter(self)
        left, top, width, height, recall = self._layout()
        metrics = self.fontMetrics()
        line = metrics.height()
        middle = Qt.AlignmentFlag.AlignCenter
        k = len(picture.classes)
        rows = np.maximum(picture.counts.sum(axis=1), 1)
        share = picture.counts / rows[:, None]
        ground = QColor(colors.surface)
        right_color, wrong_color = QColor(colors.positive), QColor(colors.negative)
        painter.setPen(QColor(colors.dim))
        painter.drawText(QRectF(left, 2, width * k, line), middle, "answered")
        painter.drawText(QRectF(left + width * k, line + 2, recall, line), middle, "found")
        readable = height >= min(READABLE, line) and width >= metrics.horizontalAdvance("000")
        for column, name in enumerate(picture.classes):
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(width - 2))
            painter.drawText(QRectF(left + column * width, line + 2, width, line), middle, text)
        for row, name in enumerate(picture.classes):
            y = top + row * height
            painter.setPen(QColor(colors.dim))
            if height >= line * 0.8:
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(left - 12))
                painter.drawText(
                    QRectF(4, y, left - 10, height), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text
                )
                painter.drawText(QRectF(left + width * k, y, recall, height), middle, percent(picture.recall[row]))
            for column in range(k):
                cell = QRectF(left + column * width + 1, y + 1, max(width - 2, 1), max(height - 2, 1))
                tone = _mixed(ground, right_color if row == column else wrong_color, float(share[row, column]))
                painter.fillRect(cell, tone)
                if readable and picture.counts[row, column]:
                    painter.setPen(QColor(_legible(tone)))
                    painter.drawText(cell, middle, str(picture.counts[row, column]))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._picture is not None:
            left, top, width, height, _ = self._layout()
            column, row = int((event.pos().x() - left) // width), int((event.pos().y() - top) // height)
            k = len(self._picture.classes)
            if 0 <= row < k and 0 <= column < k:
                count, names = self._picture.counts[row, column], self._picture.classes
                QToolTip.showText(event.globalPos(), f"{count} of class {names[row]} answered as {names[column]}", self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def _mixed(ground: QColor, color: QColor, share: float) -> QColor:
    share = 0.06 + 0.94 * share**0.5 if share > 0 else 0.04
    return mixed(ground, color, share)


def _legible(tone: QColor) -> str:
    """The one of near-black and white that stands out more."""
    return max(("#101214", "#ffffff"), key=lambda ink: theme.contrast(ink, tone.name()))
