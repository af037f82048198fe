"""Other branches of the timeline over the curves of the one that is trained, in the colours of their lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyqtgraph as pg

from app import theme
from app.live.curves import on_scale, scaled
from app.live.history import AT_ONCE, History, Series
from app.live.key import mixed
from app.live.plot import LivePlot
from app.live.strokes import FEW, Curve, pen

if TYPE_CHECKING:
    from app.session import Session
    from engine.training.timeline.moment import Branch

GROUND: Final = 0.3  # of its colour on the ground of a name, so that it can be read on a curve
BESIDE: Final = 4  # px between the end of a line and its name
BELOW: Final = -10  # the curves that are trained lie above


def branch_color(number: int) -> str:
    """Of a branch that is drawn over others; never one of the two in which the curves themselves are drawn."""
    classes = theme.current().classes
    return classes[2 + number % (len(classes) - 2)]


class Ghosts:
    """One line per branch: the quantity on the rows that judge it, and its name at the end."""

    def __init__(self, plot: LivePlot, session: Session, columns: tuple[str, ...]) -> None:
        self._plot, self._session, self._columns = plot, session, columns
        self._known: dict[int, History] = {}
        self._branches: dict[int, Branch] = {}
        self._items: dict[int, tuple[Curve, pg.TextItem]] = {}
        self._drawn: dict[int, tuple[object, ...]] = {}  # what of each is on the screen

    def take(self) -> bool:
        """Take what is new; True where something is to be drawn anew."""
        trainer = self._session.trainer
        wanted = self._session.overlaid
        if trainer is None or (not wanted and not self._items):
            return False
        here = trainer.here
        present = None if here is None else here.place.branch
        overview = trainer.timeline
        shown = {b.number: b for b in overview.branches if b.number in wanted and b.number != present}
        changed = shown != self._branches
        self._branches = shown
        for number in self._items.keys() - shown.keys():
            for item in self._items.pop(number):
                self._plot.box.removeItem(item)
            del self._known[number]
            self._drawn.pop(number, None)
        left = AT_ONCE
        for number, branch in shown.items():
            history = self._known.setdefault(number, History(self._columns))
            if history.take(branch.log, left):
                self._drawn.pop(number, None)
                changed = True
            left -= history.taken
        return changed

    def series(self, train: str, validation: str) -> list[Series]:
        """What is drawn, so that the plot can reach to it."""
        return [self._of(history, train, validation) for history in self._known.values()]

    def draw(self, train: str, validation: str, log_x: bool, log_y: bool) -> None:
        for number, history in self._known.items():
            if number not in self._items:
                line = Curve(connect="finite", skipFiniteCheck=True)
                line.setSegmentedLineMode("on")
                line.setZValue(BELOW)
                word = pg.TextItem(anchor=(1, 1))
                word.setZValue(BELOW)
                self._items[number] = line, word
                self._plot.add(line)
                self._plot.add(word)
                self._wear(number)
            line, word = self._items[number]
            series = self._of(history, train, validation)
            (left, right), (low, high) = self._plot.box.viewRange()
            name, size = self._branches[number].name, self._plot.box.size().toTuple()
            font = self._plot.font()
            drawn = (series, left, right, low, high, size, log_x, log_y, name, font)
            if drawn == self._drawn.get(number):
                continue  # it stands still while the one that is trained is drawn many times a second
            self._drawn[number] = drawn
            if log_x:
                left, right = 10.0 ** min(left, 300.0), 10.0 ** min(right, 300.0)
            x, y = series.between(left, right, round(size[0]))
            line.setData(scaled(x, log_x), scaled(y, log_y))
            self._wear(number)
            word.setFont(font)
            word.setText(name)
            if len(series.x):
                place = on_scale(float(series.x[-1]), log_x), on_scale(float(series.y[-1]), log_y)
                word.setVisible(bool(np.isfinite(place).all()))
                if word.isVisible():
                    word.setAnchor(self._anchor(word, *place))
                    word.setPos(*place)

    def _anchor(self, word: pg.TextItem, x: float, y: float) -> tuple[float, float]:
        """Where a name is held, as shares of it, so that it stands behind its line or, without room there, above it."""
        (left, right), (low, high) = self._plot.box.viewRange()
        size, box = word.boundingRect(), self._plot.box
        behind, above = (right - x) / (right - left) * box.width(), (high - y) / (high - low) * box.height()
        if behind < size.width() + BESIDE:
            return 1.0, 0.0 if y > (low + high) / 2 else 1.0  # towards the middle: there is room
        lowest, highest = 1 - (box.height() - above) / size.height(), above / size.height()
        return -BESIDE / size.width(), max(min(0.5, highest), lowest, 0.0)

    def wear(self) -> None:
        for number in self._items:
            self._wear(number)

    def _wear(self, number: int) -> None:
        line, word = self._items[number]
        color = branch_color(number)
        few = line.xData is None or len(line.xData) <= FEW
        line.setPen(pen(color, self._plot.stroke if few else 1))
        colors = theme.current()
        word.setColor(colors.text)
        word.fill = pg.mkBrush(mixed(colors.window, color, GROUND))

    @staticmethod
    def _of(history: History, train: str, validation: str) -> Series:
        return history.series[validation if len(history.series[validation].x) else train]
