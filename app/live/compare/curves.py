"""The curves of all runs on one plot, against epochs, steps, seconds or multiply-adds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import isfinite
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app import theme
from app.choice import choice
from app.live.compare.arena import Arena
from app.live.compare.groups import Group, groups_of
from app.live.compare.lines import COLUMNS, FanLine, RunLine
from app.live.compare.page import Page
from app.live.curves import room
from app.live.empty import EmptyWord
from app.live.history import AT_ONCE
from app.live.key import Entry, SignButton
from app.live.numbers import percent, short, whole
from app.live.plot import LivePlot
from app.live.scales import Scales
from app.live.share import Columns
from app.live.strokes import Rule, pen
from engine.compare.axes import AXES
from engine.compare.curves import rows_of
from engine.compare.standing import Standing

QUANTITIES: Final = (("Training loss", "loss"), ("Validation loss", "validation_loss"))
METRICS: Final = (("Training {}", "metric"), ("Validation {}", "validation_metric"))


class CurvesPage(Page):
    title = "Curves"
    tip = "Loss or metric of all runs on one plot"

    def __init__(self, arena: Arena) -> None:
        super().__init__(arena)
        self.plot = LivePlot(EmptyWord("Press Play above: the curves of all runs appear here."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.quantity = choice("What the curves show")
        for title, key in (*QUANTITIES, *((title.format("metric"), key) for title, key in METRICS)):
            self.quantity.addItem(title, key)
        self.axis = choice("Against what they are drawn")
        for axis in AXES.values():
            self.axis.addItem(axis.title, axis.key)
            self.axis.setItemData(self.axis.count() - 1, axis.tip, Qt.ItemDataRole.ToolTipRole)
        self.scales = Scales([True, True, False, False], self)
        self.scales.epochs.setText("Logarithmic &places")
        self._tune = SignButton("mdi6.tune-variant", "Scales and smoothing")
        self._tune.setMenu(self.scales.menu)
        self._tune.setPopupMode(SignButton.ToolButtonPopupMode.InstantPopup)
        self.controls = [self.quantity, self.axis, self._tune]
        self.quantity.currentIndexChanged.connect(self._on_quantity)
        self.axis.currentIndexChanged.connect(self._on_scale)
        self.scales.changed.connect(self._on_scale)
        self.scales.smoothed.connect(self._on_smoothed)
        self._lines: dict[tuple[int, ...], RunLine | FanLine] = {}
        self._of: object = None  # the contest that they belong to
        self._hidden: set[tuple[int, ...]] = set()  # the marks themselves go when another page is looked at
        self._names: dict[tuple[int, ...], str] = {}
        self._task = ""
        self._cursor = Rule(90)
        self._cursor.hide()
        self.plot.add(self._cursor)
        self.plot.hovered.connect(self._on_hover)
        self.plot.box.sigXRangeChanged.connect(self._on_moved)
        arena.changed.connect(self._let_go)
        self.repaint_all()
        self._on_scale()

    @property
    def _column(self) -> str:
        return str(self.quantity.currentData())

    def _let_go(self) -> None:
        """Of those who are gone, also while another page is looked at: a line holds the log of its run."""
        again, self._of = self.arena.contest is not self._of, self.arena.contest
        there = _by_keys(self.arena.standings).keys()
        for keys in self._lines.keys() - (set() if again else there):
            self._lines.pop(keys).remove(self.plot)
        self._hidden &= there

    def entries(self, standings: Sequence[Standing]) -> list[Entry]:
        """A mark per run or fan, which shows and hides it; lines are made for those who are new."""
        wanted = _by_keys(standings)
        made = []
        for keys, group in wanted.items():
            color = self.arena.color(group.key)
            if keys not in self._lines:
                kind = FanLine if group.is_fan else RunLine
                self._lines[keys] = kind(self.plot, color)
                self._lines[keys].smooth(self.scales.window, self.scales.log_y)
            mark = Entry(group.name, "line", color, toggles=True)
            mark.setChecked(keys not in self._hidden)
            mark.toggled.connect(partial(self._on_toggled, keys))
            self._names[keys] = group.name
            made.append(mark)
        return made

    def refresh(self, standings: Sequence[Standing]) -> str:
        axis = AXES[self.axis.currentData()]
        changed, left = False, AT_ONCE
        for keys, group in _by_keys(standings).items():
            line = self._lines.get(keys)
            if line is not None:
                changed = line.take(group.members, axis, self._column, left) or changed
                left -= line.taken
        self._name_metric({standing.task for standing in standings if standing.task})
        if changed or not standings:
            self._draw()
        return ""

    def _on_toggled(self, keys: tuple[int, ...], shown: bool) -> None:
        self._hidden = self._hidden - {keys} if shown else self._hidden | {keys}
        self._draw()

    def _draw(self) -> None:
        log_x, log_y = self.scales.log_x, self.scales.log_y
        shown = [line for keys, line in self._lines.items() if keys not in self._hidden]
        extents = [line.extent(self._column) for line in shown]
        metric = self._column in ("metric", "validation_metric")
        span = room([x for x, _ in extents], [y for _, y in extents], log_x, log_y, metric)
        self.plot.set_empty(span is None)
        if span is not None:
            self.plot.grow(*span)
        for keys, line in self._lines.items():
            line.draw(self._column, keys not in self._hidden, log_x, log_y)

    def _on_quantity(self, index: int) -> None:
        self.scales.show_number(index)
        self._on_scale()

    def _on_scale(self, *_: object) -> None:
        axis = AXES[self.axis.currentData()]
        self.plot.name_axes(axis.unit)
        self.plot.axes["bottom"].tell_whole(axis.counts)
        self.plot.axes["bottom"].setLogMode(self.scales.log_x)
        self.plot.axes["left"].setLogMode(self.scales.log_y)
        self.plot.axes["left"].tell_shares(self._tells_shares)
        self.plot.follow()
        self._on_smoothed(self.scales.window)

    def _on_smoothed(self, window: int) -> None:
        for line in self._lines.values():
            line.smooth(window, self.scales.log_y)  # the mean of what the axis shows
        self.refresh(self.arena.standings)
        self._draw()

    def _on_moved(self, *_: object) -> None:
        if not self.plot.following:
            self._draw()

    def _on_hover(self, place: Any) -> None:
        words: list[str] = []
        if place is not None:
            at = 10.0 ** min(place.x(), 300.0) if self.scales.log_x else place.x()
            for keys, line in self._lines.items():
                near = None if keys in self._hidden else line.near(self._column, at)
                if near is None:
                    continue
                if not words:
                    self._cursor.setPos(np.log10(max(near[0], 1e-12)) if self.scales.log_x else near[0])
                    words.append(f"{AXES[self.axis.currentData()].unit} {_place(near[0])}")
                spread = f" ± {self._spoken(near[2])}" if isfinite(near[2]) else ""
                words.append(f"{self._names[keys]} {self._spoken(near[1])}{spread}")
        self._cursor.setVisible(bool(words))
        self.plot.read_out("\n".join(words))

    def _spoken(self, value: float) -> str:
        return percent(value) if self._tells_shares else short(value, 4)

    @property
    def _tells_shares(self) -> bool:
        return self._column in ("metric", "validation_metric") and self._task != "regression"

    def _name_metric(self, tasks: set[str]) -> None:
        task = tasks.pop() if len(tasks) == 1 else ""
        if task == self._task:
            return
        self._task = task
        name = "metric" if not task else "R²" if task == "regression" else "accuracy"
        for place, (title, _) in enumerate(METRICS, len(QUANTITIES)):
            self.quantity.setItemText(place, title.format(name))
        self.plot.axes["left"].tell_shares(self._tells_shares)

    def repaint_all(self) -> None:
        for line in self._lines.values():
            line.wear()
        self._cursor.setPen(pen(theme.current().dim))

    def parts(self) -> list[QWidget]:
        return [self.plot]

    def columns(self) -> Columns:
        """All rows of all runs, one below the other."""
        return rows_of(self.arena.standings, ("epoch", "step", *COLUMNS))


def _by_keys(standings: Sequence[Standing]) -> dict[tuple[int, ...], Group]:
    return {tuple(member.key for member in group.members): group for group in groups_of(standings)}


def _place(value: float) -> str:
    return short(value) if value < 10 and value != round(value) else whole(value)
