"""The rows above: which example, which stage, which layer."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
)

from app import theme
from app.choice import choice
from app.elided import Elided
from app.live.key import FEWEST, SignButton, Small
from app.live.why.steps import NAMES

CHAIN: Final = "chain"


class WhyControls(Small):
    """Tells what is asked for and shows where the view is; it decides nothing.

    Signals:
        row_chosen: a row, from 0. stage_chosen: a stage, or `CHAIN`. layer_chosen: a node's id.
        stepped: -1 or 1.
    """

    row_chosen = Signal(int)
    stage_chosen = Signal(str)
    layer_chosen = Signal(str)
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._shows = False  # what is set meanwhile was not chosen by hand
        self.row = QSpinBox()
        self.row.setAccessibleName("Example, by its number in the data")
        self.row.setToolTip("Which example; a click on a point in Fit, or on a mistake, picks it, too")
        self.row.setKeyboardTracking(False)
        self.row.setMinimum(1)
        self.row.valueChanged.connect(self._on_row)
        self.reading = Elided(least=FEWEST)
        theme.set_role(self.reading, "dim")
        self.weights = SignButton("mdi6.table", "Weights in place of the formulas")
        self.weights.setCheckable(True)
        self._first, self._third = QHBoxLayout(), QHBoxLayout()
        self._first.setContentsMargins(8, 2, 4, 0)
        self._first.setSpacing(4)
        self._third.setContentsMargins(8, 0, 4, 0)
        self._below = False  # the reading has a row of its own
        self.layers = choice("Layer", "The layer that is shown; or select its box on the canvas")
        self.layers.setMaximumWidth(180)
        self.layers.activated.connect(lambda place: self.layer_chosen.emit(self.layers.itemData(place)))
        self.back = SignButton("mdi6.chevron-left", "Previous step (←)")
        self.on = SignButton("mdi6.chevron-right", "Next step (→)")
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.on.clicked.connect(lambda: self.stepped.emit(1))
        for widget in (QLabel("Row"), self.row, self.back, self.layers, self.on, self.reading, self.weights):
            self._first.addWidget(widget, 1 if widget is self.reading else 0)
        self._place = self._first.indexOf(self.reading)
        second = QHBoxLayout()
        second.setContentsMargins(6, 0, 4, 2)
        second.setSpacing(2)
        self.stages = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        for stage, (name, tip) in {**NAMES, CHAIN: ("Chain", "Why the chosen weight's gradient is what it is")}.items():
            button = self.buttons[stage] = QToolButton()
            button.setText(name)
            button.setToolTip(tip)
            button.setAccessibleName(name)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.clicked.connect(lambda _checked=False, stage=stage: self.stage_chosen.emit(stage))
            self.stages.addButton(button)
            second.addWidget(button)
        second.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._first)
        column.addLayout(second)
        column.addLayout(self._third)

    def add_menu(self, menu: QMenu) -> None:
        """The button at the right end."""
        button = SignButton("mdi6.dots-horizontal", "Copy or save this view")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._first.addWidget(button)

    def _share(self) -> None:
        """The reading goes below where the first row is too short for it."""
        widgets = [self._first.itemAt(place).widget() for place in range(self._first.count())]
        there = {self.reading, *(each for each in widgets if each is not None and not each.isHidden())}
        margins = self._first.contentsMargins()
        length = sum(each.sizeHint().width() + self._first.spacing() for each in there)
        if (length + margins.left() + margins.right() > self.width()) != self._below:
            self._below = not self._below
            before, row = (self._first, self._third) if self._below else (self._third, self._first)
            before.removeWidget(self.reading)
            if self._below:
                self._first.insertStretch(self._place, 1)
                row.addWidget(self.reading, 1)
            else:
                self._first.takeAt(self._place)
                row.insertWidget(self._place, self.reading, 1)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._share()
        return done

    def show_row(self, row: int, rows: int, reading: str) -> None:
        self._shows = True
        if rows != self.row.maximum():  # which has all laid out anew
            self.row.setMaximum(rows)
        self.row.setValue(row + 1)
        self._shows = False
        self.reading.setText(reading)
        self.reading.setToolTip(reading)
        self._share()

    def show_layers(self, layers: list[tuple[str, str]], chosen: str) -> None:
        if layers != [(self.layers.itemData(at), self.layers.itemText(at)) for at in range(self.layers.count())]:
            self.layers.clear()
            for node, label in layers:
                self.layers.addItem(label, node)
        place = self.layers.findData(chosen)
        self.layers.setCurrentIndex(place)

    def show_stage(self, stage: str, chain: bool) -> None:
        """``chain``: a weight is chosen whose chain can be shown."""
        self.buttons[CHAIN].setEnabled(chain)
        self.buttons[CHAIN].setToolTip(
            "Why the chosen weight's gradient is what it is"
            if chain
            else "Click a weight in the table or on the canvas"
        )
        self.buttons[stage].setChecked(True)

    def _on_row(self, value: int) -> None:
        if not self._shows:
            self.row_chosen.emit(value - 1)
