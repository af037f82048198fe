"""Which class is taken for which: counts, and how much of each class is found."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app import theme
from app.live.key import Entry, mixed
from app.live.numbers import percent, whole
from app.live.picks import Picks
from app.live.share import Columns
from engine.insight.pictures import ConfusionPicture

TRUE: Final = "true"  # class, of the rows
READABLE: Final = 18  # px: cells smaller than this show colour only
LARGEST: Final = 2.4  # times the usual letters: in cells that a projector shows


class ConfusionDrawing:
    """The matrix: rows are the truth, columns the answer, the last column the recall. A click lists the mistakes."""

    pause: Final = 0.0

    def __init__(self, picks: Picks) -> None:
        self.widget = _Matrix(picks)

    @property
    def parts(self) -> list[QWidget]:
        return [self.widget]

    def entries(self, picture: ConfusionPicture) -> list[Entry]:
        return [Entry("Right", "square", "positive"), Entry("Mistaken", "square", "negative")]

    def draw(self, picture: ConfusionPicture) -> str:
        self.widget.show_picture(picture)
        return f"{percent(picture.accuracy)} of {whole(picture.counts.sum())} {picture.part} answers are right"

    def columns(self, picture: ConfusionPicture) -> Columns:
        answers = {f"answered {name}": picture.counts[:, i] for i, name in enumerate(picture.classes)}
        return {"true": list(picture.classes), **answers, "found": picture.recall}


class _Matrix(QWidget):
    def __init__(self, picks: Picks) -> None:
        super().__init__()
        self._picks = picks
        self._picture: ConfusionPicture | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        self.setAccessibleName("Confusion matrix")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that a key can mean this view

    def show_picture(self, picture: ConfusionPicture) -> None:
        if self._picture is None or not np.array_equal(self._picture.counts, picture.counts):
            self._picture = picture
            self.update()

    def _layout(self) -> tuple[float, float, float, float, float]:
        """(left, top, cell width, cell height, recall width)."""
        assert self._picture is not None
        metrics = self.fontMetrics()
        k = len(self._picture.classes)
        names = max(metrics.horizontalAdvance(name) for name in (TRUE, *self._picture.classes))
        left = min(names + 16, self.width() * 0.3)
        top, recall = metrics.height() * 2 + 9.0, metrics.horizontalAdvance("100.0 %") + 16.0
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
        beside = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(left, 2, width * k, line), middle, "answered")
        over = QLineF(left + 1, line + 3, left + width * k - 1, line + 3)  # all of its columns
        painter.setPen(QColor(colors.border))
        painter.drawLine(over)
        painter.setPen(QColor(colors.dim))
        named = height >= line * 0.8
        if named:
            painter.drawText(QRectF(4, line + 5, left - 10, line), beside, TRUE)
            painter.drawText(QRectF(left + width * k, line + 5, recall, line), middle, "found")
        readable = height >= min(READABLE, line) and width >= metrics.horizontalAdvance("000")
        large = theme.sized(self.font(), min(max(min(height, width / 2) / (4 * line), 1.0), LARGEST))
        apart = width > metrics.horizontalAdvance("W") + 2  # closer, they are one word that means nothing
        for column, name in enumerate(picture.classes if apart else ()):
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(width - 2))
            painter.drawText(QRectF(left + column * width, line + 5, width, line), middle, text)
        for row, name in enumerate(picture.classes):
            y = top + row * height
            painter.setPen(QColor(colors.dim))
            painter.setFont(self.font())
            if named:
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(left - 12))
                painter.drawText(QRectF(4, y, left - 10, height), beside, text)
                painter.drawText(QRectF(left + width * k, y, recall, height), middle, percent(picture.recall[row]))
            for column in range(k):
                cell = QRectF(left + column * width + 1, y + 1, max(width - 2, 1), max(height - 2, 1))
                tone = _mixed(ground, right_color if row == column else wrong_color, float(share[row, column]))
                painter.fillRect(cell, tone)
                if readable and picture.counts[row, column]:
                    painter.setFont(large)
                    painter.setPen(QColor(_legible(tone)))
                    painter.drawText(cell, middle, str(picture.counts[row, column]))

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """(true, answered) under a place; None beside the matrix."""
        if self._picture is None:
            return None
        left, top, width, height, _ = self._layout()
        column, row = int((place.x() - left) // width), int((place.y() - top) // height)
        k = len(self._picture.classes)
        return (row, column) if 0 <= row < k and 0 <= column < k else None

    def _lists(self, cell: tuple[int, int]) -> bool:
        """Whether the mistakes of a cell can be listed."""
        picture = self._picture
        return picture is not None and cell[0] != cell[1] and bool(picture.counts[cell]) and "worst" in picture.kinds

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None and self._lists(cell):
            self._picks.list_mistakes(cell)
        else:
            super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._picture is not None:
            cell = self.cell_at(QPointF(event.pos()))
            if cell is not None:
                row, column = cell
                count, names = self._picture.counts[row, column], self._picture.classes
                words = f"{count} of class {names[row]} answered as {names[column]}"
                offer = "\nClick to list them" if self._lists(cell) else ""
                QToolTip.showText(event.globalPos(), words + offer, self)
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
