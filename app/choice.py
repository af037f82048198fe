"""A choice that never shows half a word: where room is scarce its text ends in an ellipsis, and the list is wide."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip, QWidget

NARROWEST: Final = 72  # px of a choice above a view
INSET: Final = 4  # px of its edges that no letter stands on


def choice(name: str, tip: str = "") -> Choice:
    """A choice for the row above a view; where room is scarce it gives way."""
    made = Choice()
    made.setAccessibleName(name)
    made.setToolTip(tip or name)
    made.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
    made.setMinimumWidth(NARROWEST)
    return made


class Choice(QComboBox):
    """As Qt's own; the wheel turns it only when it has the focus, so that a panel can be scrolled past it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Qt's own is short of the last letters where they are large."""
        hint = super().sizeHint()
        if self.sizeAdjustPolicy() != Choice.SizeAdjustPolicy.AdjustToContents:
            return hint
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.rect = QRect(QPoint(), hint)
        texts = (self.itemText(row) for row in range(self.count()))
        widest = max(map(self.fontMetrics().horizontalAdvance, texts), default=0)
        return hint + QSize(max(widest + 1 + INSET - self._room(option), 0), 0)  # advances are rounded

    def _room(self, option: QStyleOptionComboBox) -> int:
        part = QStyle.SubControl.SC_ComboBoxEditField
        return self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()

    @property
    def words(self) -> str:
        """What stands in it, elided."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self._room(option) - INSET
        return self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.currentIndex() < 0:
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.words
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def showPopup(self) -> None:
        view = self.view()
        bar = view.verticalScrollBar().sizeHint().width() if self.count() > self.maxVisibleItems() else 0
        view.setMinimumWidth(view.sizeHintForColumn(0) + bar + 8)
        super().showPopup()

    def event(self, event: QEvent) -> bool:
        """What is cut is told whole, above what the choice is for."""
        if isinstance(event, QHelpEvent) and self.words != self.currentText():
            QToolTip.showText(event.globalPos(), f"{self.currentText()}\n{self.toolTip()}".rstrip(), self)
            return True
        return super().event(event)
