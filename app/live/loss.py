"""The loss of training and validation over the epochs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app import theme
from app.live.history import History, Series
from app.live.key import Entry, Header, ink
from app.live.numbers import short, whole
from app.live.plot import LivePlot, pen
from app.session import Session

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

CURVES: Final = (("loss", "Training", "positive"), ("validation_loss", "Validation", "negative"))


class LossView(QWidget):
    """Both curves, thinned to the peaks of every pixel, with logarithmic axes and values under the mouse."""

    def __init__(self, _session: Session) -> None:
        super().__init__()
        self._header = Header()
        self.plot = LivePlot("Press Play (Space): the loss appears here, epoch by epoch.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.plot, 1)
        self._marked: tuple[float, float] | None = None
        self._history = History(tuple(name for name, _, _ in CURVES))
        self._entries: dict[str, Entry] = {}
        self._curves: dict[str, pg.PlotCurveItem] = {}
        for name, title, role in CURVES:
            entry = Entry(title, "line", role, toggles=True)
            entry.toggled.connect(self._draw)
            curve = pg.PlotCurveItem(connect="finite", skipFiniteCheck=True)
            curve.setSegmentedLineMode("on")
            self.plot.add(curve)
            curve.setZValue(-len(self._curves))  # training on top: validation is noisier and would hide it
            self._entries[name], self._curves[name] = entry, curve
        self._best_entry = Entry("Best", "triangle", "healthy", toggles=True)
        self._best_entry.setToolTip("Show or hide the epoch with the lowest validation loss (training, without one)")
        self._best_entry.toggled.connect(self._draw)
        self._best = pg.ScatterPlotItem(symbol="t1", size=11, pxMode=True)
        self._best.setZValue(40)
        self.plot.add(self._best)
        self._header.set_entries([*self._entries.values(), self._best_entry])
        self._log_x = self._header.add_switch("log x", "Logarithmic epochs")
        self._log_y = self._header.add_switch("log y", "Logarithmic loss")
        self._log_y.setChecked(True)
        for switch in (self._log_x, self._log_y):
            switch.toggled.connect(self._on_scale)
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._line.hide()
        self.plot.add(self._line)
        self.plot.name_axes("epoch")
        self.plot.hovered.connect(self._on_hover)
        self.plot.box.sigXRangeChanged.connect(self._on_moved)
        theme.announcer.changed.connect(self._wear)
        self._wear()
        self._on_scale()

    def refresh(self, trainer: Trainer) -> None:
        """Take what the log holds that is new, and draw it."""
        if self._history.take(trainer.log):
            self._draw()

    def _draw(self) -> None:
        self.plot.set_empty(self._history.empty)
        self._reach()
        self._mark_best()
        for name, curve in self._curves.items():
            shown = self._entries[name].isChecked()
            curve.setVisible(shown)
            if shown:
                curve.setData(*self._on_screen(self._history.series[name]))

    def _mark_best(self) -> None:
        judged = self._history.series["validation_loss"].lowest() or self._history.series["loss"].lowest()
        x, y = judged or (math.nan, math.nan)
        place = _on_scale(x, self._log_x.isChecked()), _on_scale(y, self._log_y.isChecked())
        if not (self._best_entry.isChecked() and all(map(math.isfinite, place))):  # a point that is nowhere crashes Qt
            self._marked = None
            self._best.clear()
        elif place != self._marked:
            self._marked = place
            self._best.setData([place[0]], [place[1]])

    def _on_screen(self, series: Series) -> tuple[np.ndarray, np.ndarray]:
        """What of a curve can be seen, in the plot's own units, with the peaks of every column of pixels."""
        (left, right), _ = self.plot.box.viewRange()
        if self._log_x.isChecked():
            left, right = 10.0 ** min(left, 300.0), 10.0 ** min(right, 300.0)
        x, y = series.between(left, right, round(self.plot.box.width()))
        return _scaled(x, self._log_x.isChecked()), _scaled(y, self._log_y.isChecked())

    def _reach(self) -> None:
        """All of the shown data in the plot's own units, which are powers of ten on a logarithmic axis."""
        shown = [self._history.series[name] for name in self._curves if self._entries[name].isChecked()]
        x = _on_axis([series.x for series in shown], self._log_x.isChecked())
        y = _on_axis([series.y for series in shown], self._log_y.isChecked())
        if not len(x) or not len(y):
            return
        left, right, bottom, top = float(x.min()), float(x.max()), float(y.min()), float(y.max())
        if not self._log_y.isChecked():
            bottom = min(bottom, 0.0)
        least = 0.3 if self._log_y.isChecked() else 1e-12  # a factor of two: a flat curve is to look flat
        if top - bottom < least:
            middle = (top + bottom) / 2
            bottom, top = middle - least / 2, middle + least / 2
        margin = 0.06 * (top - bottom)
        self.plot.grow(left, right if right > left else left + 1, bottom - margin, top + margin)

    def _on_scale(self) -> None:
        log_x, log_y = self._log_x.isChecked(), self._log_y.isChecked()
        for side, logarithmic in (("bottom", log_x), ("left", log_y)):
            self.plot.axes[side].setLogMode(logarithmic)
        self.plot.follow()
        self._draw()

    def _on_moved(self, *_: object) -> None:
        """The user looks at another part: show it in all its detail."""
        if not self.plot.following:
            self._draw()

    def _on_hover(self, place: Any) -> None:
        words: list[str] = []
        if place is not None:
            at = 10.0 ** min(place.x(), 300.0) if self._log_x.isChecked() else place.x()
            for name, title, _ in CURVES:
                near = self._history.series[name].near(at)
                if near is not None and self._entries[name].isChecked():
                    if not words:
                        self._line.setPos(np.log10(max(near[0], 1e-12)) if self._log_x.isChecked() else near[0])
                        words.append(f"epoch {whole(near[0])}")
                    words.append(f"{title.lower()} {short(near[1], 4)}")
        self._line.setVisible(bool(words))
        self._header.say(" · ".join(words))

    def _wear(self) -> None:
        for name, _, role in CURVES:
            self._curves[name].setPen(pen(ink(role)))
        self._line.setPen(pen(theme.current().dim))
        self._best.setPen(pen(theme.current().window))
        self._best.setBrush(pg.mkBrush(theme.current().healthy))


def _on_scale(value: float, logarithmic: bool) -> float:
    if not logarithmic:
        return value
    return math.log10(value) if value > 0 else math.nan


def _scaled(values: np.ndarray, logarithmic: bool) -> np.ndarray:
    """Powers of ten for a logarithmic axis; what has no logarithm becomes a gap."""
    return np.log10(np.where(values > 0, values, np.nan)) if logarithmic else values


def _on_axis(parts: list[np.ndarray], logarithmic: bool) -> np.ndarray:
    """All the numbers as an axis shows them."""
    values = np.concatenate(parts) if parts else np.empty(0)
    return np.log10(values[values > 0]) if logarithmic else values
