"""The small menu of a plot of curves: logarithmic axes, and how much is smoothed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QMenu, QSlider, QVBoxLayout, QWidget, QWidgetAction

from app.live.numbers import whole
from app.theme import GRID

WINDOWS: Final = (1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000)  # epochs of the mean; 1: none


class Scales(QObject):
    """Two switches and a slider. The scale of the values is remembered for each of several quantities.

    Signals:
        changed: an axis has become logarithmic or plain.
        smoothed: about so many epochs make up the mean; 1 for none.
    """

    changed = Signal()
    smoothed = Signal(int)

    def __init__(self, logarithmic: list[bool], parent: QWidget) -> None:
        """``logarithmic``: how the scale of each quantity's values begins."""
        super().__init__(parent)
        self._logarithmic, self._number = logarithmic, 0
        self.menu = QMenu(parent)
        self.menu.setAccessibleName("Scales and smoothing")
        self.epochs = self.menu.addAction("Logarithmic &epochs")
        self.values = self.menu.addAction("Logarithmic &values")
        self.values.setChecked(logarithmic[0])
        for action in (self.epochs, self.values):
            action.setCheckable(True)
        self.values.setChecked(logarithmic[0])
        self.epochs.toggled.connect(self.changed)
        self.values.toggled.connect(self._on_values)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(WINDOWS) - 1)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setAccessibleName("Smoothing")
        self.slider.setMinimumWidth(24 * GRID)
        self._word = QLabel()
        self.slider.valueChanged.connect(self._on_slid)
        self._say()
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.addWidget(self._word)
        column.addWidget(self.slider)
        action = QWidgetAction(self.menu)
        action.setDefaultWidget(box)
        self.menu.addSeparator()
        self.menu.addAction(action)

    @property
    def log_x(self) -> bool:
        return self.epochs.isChecked()

    @property
    def log_y(self) -> bool:
        return self.values.isChecked()

    @property
    def window(self) -> int:
        return WINDOWS[self.slider.value()]

    def show_number(self, number: int) -> None:
        """Another quantity, with the scale that it had; tells nobody."""
        self._number = number
        self.values.blockSignals(True)
        self.values.setChecked(self._logarithmic[number])
        self.values.blockSignals(False)

    def _on_values(self, checked: bool) -> None:
        self._logarithmic[self._number] = checked
        self.changed.emit()

    def _on_slid(self, _value: int) -> None:
        self._say()
        self.smoothed.emit(self.window)

    def _say(self) -> None:
        self._word.setText(f"Mean of about {whole(self.window)} epochs" if self.window > 1 else "Not smoothed")
