"""The row above a picture of the fit with what can be chosen for it; hidden where there is nothing to choose."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app import theme
from app.choice import choice
from app.elided import Elided
from app.live.numbers import short
from app.live.picks import Picks
from engine.insight.baseline import HIGHEST
from engine.insight.pictures import BoundaryPicture, CurvePicture, Picture, WorstPicture

DEGREES: Final = ("No baseline", "Straight line", *(f"Degree {n}" for n in range(2, HIGHEST + 1)))


class FitControls(QWidget):
    """Baseline of a curve; inputs of a plane and where the others are held; which mistakes are listed."""

    def __init__(self, picks: Picks) -> None:
        super().__init__()
        self._picks = picks
        self._inputs: tuple[str, ...] = ()
        self.degree = choice("Baseline beside the network's curve, by least squares")
        self.degree.addItems(DEGREES)
        self.degree.activated.connect(picks.set_degree)
        self.first = choice("Input to the right")
        self.second = choice("Input upwards")
        for box in (self.first, self.second):
            box.activated.connect(self._on_feature)
        self._times = QLabel("×")
        self.held = QPushButton()
        self.held.clicked.connect(lambda: picks.pick(None))
        self._others = Elided()
        theme.set_role(self._others, "dim")
        self.held.setToolTip("Hold the other inputs at their means again")
        self.all = QPushButton("All mistakes")
        self.all.clicked.connect(lambda: picks.list_mistakes(None))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 2)
        row.setSpacing(6)
        for widget in (self.degree, self.first, self._times, self.second, self._others, self.held, self.all):
            row.addWidget(widget, 1 if widget is self._others else 0)
        self.hide()

    def show_picture(self, picture: Picture) -> None:
        """Offer what this picture can be made of."""
        curve = isinstance(picture, CurvePicture) and not picture.classes
        plane = (
            picture if isinstance(picture, BoundaryPicture) and len(picture.inputs) > 2 and picture.features else None
        )
        narrowed = isinstance(picture, WorstPicture) and self._picks.of is not None
        self.degree.setVisible(curve)
        self.degree.setCurrentIndex(self._picks.degree)
        for widget in (self.first, self._times, self.second):
            widget.setVisible(plane is not None)
        self._others.setVisible(curve or plane is not None or narrowed)
        self.held.setVisible(plane is not None and plane.held is not None)
        self.all.setVisible(narrowed)
        self._others.setText("")
        if plane is not None:
            self._fill(plane)
            self._others.setText("others at mean" if plane.held is None else "")
            self.held.setText("" if plane.held is None else f"As example {plane.held + 1} ✕")
            self._others.setToolTip("Click a point of the data to hold the other inputs at its values")
        elif isinstance(picture, CurvePicture) and picture.baseline is not None:
            self._others.setText(f"R² {short(picture.baseline_r2)}, network {short(picture.r2)}")
            self._others.setToolTip("Share of the spread of the validation rows that is explained")
        elif narrowed and self._picks.of is not None:
            true, answered = (picture.classes[number] for number in self._picks.of)
            self._others.setText(f"{true} taken for {answered}")
        self.setVisible(curve or plane is not None or narrowed)

    def _fill(self, plane: BoundaryPicture) -> None:
        if plane.inputs != self._inputs:
            self._inputs = plane.inputs
            for box in (self.first, self.second):
                box.clear()
                box.addItems(plane.inputs)
        if plane.features == self._picks.features:  # an answer to an older question does not turn the choice back
            self.first.setCurrentIndex(plane.features[0])
            self.second.setCurrentIndex(plane.features[1])

    def _on_feature(self, _index: int) -> None:
        first, second = self.first.currentIndex(), self.second.currentIndex()
        if first == second:  # the one that was not touched gives way: two inputs change places
            old = self._picks.features
            first, second = (first, old[0]) if self.sender() is self.first else (old[1], second)
            self.first.setCurrentIndex(first)
            self.second.setCurrentIndex(second)
        self._picks.set_features(first, second)
