"""The learning-rate range test: the loss against the rate, and a click that takes a rate."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import isfinite, log10
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app import theme
from app.live.compare.arena import Arena
from app.live.compare.page import Page
from app.live.empty import EmptyWord
from app.live.key import Entry, ink, mixed
from app.live.numbers import short
from app.live.plot import LivePlot
from app.live.share import Columns
from app.live.strokes import Curve, Rule, pen, rim
from app.session import Session
from engine.compare.rate import RateTest, rate_test
from engine.compare.standing import Standing
from engine.compare.task import Newest

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.design.document import Document
    from engine.program.state import State

HINT: Final = 12  # px of the mark at a rate that is proposed
EMPTY: Final = "Press “Find rate”: a copy of the network tries rates from small to large, and its loss appears here."


class _Arrivals(QObject):
    """Brings what the trainer's thread hands over to the thread of the window."""

    came = Signal(object)


class RatePage(Page):
    title = "Learning rate"
    tip = "The loss while the learning rate grows: click the rate that you want"

    def __init__(self, arena: Arena, session: Session) -> None:
        super().__init__(arena)
        self._session = session
        self.plot = LivePlot(EmptyWord(EMPTY))
        self.plot.axes["bottom"].setLogMode(True)
        self.plot.axes["left"].setLogMode(True)
        self.plot.name_axes("learning rate", "loss")
        self.plot.setCursor(Qt.CursorShape.PointingHandCursor)
        self.plot.set_empty(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self._raw, self._mean = Curve(connect="finite"), Curve(connect="finite")
        self._present, self._cursor = (Rule(90) for _ in range(2))
        self._cursor.hide()
        self._hints = pg.ScatterPlotItem(pxMode=True, size=HINT)
        for height, item in enumerate((self._raw, self._present, self._cursor, self._mean, self._hints), 10):
            item.setZValue(height)
            self.plot.add(item)
        self.steepest = _button("The rate at which the loss falls most steeply")
        self.tenth = _button("A tenth of the rate with the least loss")
        self.steepest.clicked.connect(lambda: self._take(self.found.steepest if self.found else 0.0))
        self.tenth.clicked.connect(lambda: self._take(self.found.tenth if self.found else 0.0))
        self.controls = [self.steepest, self.tenth]
        self.plot.clicked.connect(self._on_clicked)
        self.plot.hovered.connect(self._on_hover)
        self._arrivals = _Arrivals(self)
        self._arrivals.came.connect(self._start, Qt.ConnectionType.QueuedConnection)
        self._tasks = Newest[RateTest]()
        self._stopped = False
        self.found: RateTest | None = None
        self._shown: tuple[object, ...] = ()
        self.repaint_all()

    def begin(self) -> None:
        """Test the current design from its present weights; they are read between two chunks of the training."""
        session = self._session
        trainer = session.trainer
        if session.report.errors or trainer is None or session.prepared is None:
            reason = session.report.errors[0].reason if session.report.errors else "its data are not there yet"
            self.arena.told.emit(f"The learning rate cannot be tested: {reason}")
            return
        # the design as it is now: until the weights arrive it may have become one that cannot be trained
        arrivals, document, prepared = self._arrivals, session.document, session.prepared
        trainer.snapshot(lambda state, _history: arrivals.came.emit((document, prepared, state)))

    def _start(self, arrived: tuple[Document, Prepared, State]) -> None:
        if self._stopped:
            return
        document, prepared, state = arrived
        self.found, self._shown = None, ()
        self.plot.follow()
        steps = partial(rate_test, document, prepared, state if state.arrays else None)
        self._tasks.begin("learning-rate", steps)

    def entries(self, standings: Sequence[Standing]) -> list[Entry]:
        return [Entry("Smoothed", "line", "accent"), Entry("Now", "dashes", "text")]

    def refresh(self, standings: Sequence[Standing]) -> str:
        task = self._tasks.task
        if task is not None and task.latest is not None and task.latest is not self.found:
            self.found = task.latest
        present = self._session.document.training.learning_rate
        shown = (self.found, present, theme.current().name)
        if shown != self._shown:
            self._shown = shown
            self._draw()
        if task is not None and task.failure:
            return task.failure
        if self.found is None:
            return "Testing …" if task is not None and not task.done else ""
        return {"": "Testing …", "diverged": "Click a rate", "highest": "None diverged"}[self.found.ended]

    def _draw(self) -> None:
        found = self.found
        self.plot.set_empty(found is None)
        for button, rate in ((self.steepest, found.steepest), (self.tenth, found.tenth)) if found else ():
            button.setEnabled(isfinite(rate))
        self.steepest.setText(f"▼ Use {_rate(found.steepest)}" if found else "▼")
        self.tenth.setText(f"◆ Use {_rate(found.tenth)}" if found else "◆")
        if found is None:
            self.steepest.setEnabled(False)
            self.tenth.setEnabled(False)
            return
        colors = theme.current()
        x = np.log10(found.rates)
        raw, mean = (np.log10(np.maximum(each, 1e-12)) for each in (found.losses, found.smooth))
        self._raw.setData(x, raw, pen=pen(mixed(colors.window, colors.accent, 0.35).name()))
        self._mean.setData(x, mean, pen=pen(colors.accent, 2))
        self._present.setPos(log10(self._session.document.training.learning_rate))
        self._present.setPen(pen(colors.text, 1, dashed=True))
        places = [rate for rate in (found.steepest, found.tenth) if isfinite(rate)]
        heights = [
            float(np.interp(log10(rate), x, np.nan_to_num(mean, nan=mean[np.isfinite(mean)][-1]))) for rate in places
        ]
        signs = [sign for sign, rate in (("t", found.steepest), ("d", found.tenth)) if isfinite(rate)]
        self._hints.setData(
            np.log10(places) if places else [], heights, symbol=signs, brush=pg.mkBrush(ink("healthy")),
            pen=rim(colors.window, HINT),
        )  # fmt: skip
        known = mean[np.isfinite(mean)]
        if len(known):
            low, high = float(known.min()), float(np.median(known[: max(len(known) // 2, 1)]))
            room = max(high - low, 0.2)
            self.plot.reach(-6.0, max(float(x[-1]), -5.0), low - 0.15 * room, high + 0.5 * room)

    def _on_clicked(self, place: QPointF) -> None:
        if self.found is not None:
            self._take(10.0 ** place.x())

    def _take(self, rate: float) -> None:
        """The wished rate becomes that of the design, as one undo step."""
        rate = float(f"{rate:.2g}")
        if not 0 < rate <= 1e12:
            return
        document = self._session.document
        self._session.settle()
        self._session.edit(f"Learning rate {rate:g}", document.but(training=document.training.but(learning_rate=rate)))
        self.arena.told.emit(f"The learning rate is {rate:g}; Undo brings the old one back.")

    def _on_hover(self, place: Any) -> None:
        inside = place is not None and self.found is not None
        self._cursor.setVisible(inside)
        if not inside:
            self.plot.read_out("")
            return
        self._cursor.setPos(place.x())
        assert self.found is not None
        row = int(np.abs(np.log10(self.found.rates) - place.x()).argmin())
        self.plot.read_out(
            f"rate {_rate(10.0 ** place.x())}, loss {short(float(self.found.smooth[row]), 4)}\nClick to take it"
        )

    def repaint_all(self) -> None:
        self._shown = ()
        self._cursor.setPen(pen(theme.current().dim))
        self._draw()

    def parts(self) -> list[QWidget]:
        return [self.plot]

    def columns(self) -> Columns:
        found = self.found
        return {"rate": found.rates, "loss": found.losses, "smoothed": found.smooth} if found is not None else {}

    def stop(self) -> None:
        self._stopped = True
        self._tasks.close()


def _rate(value: float) -> str:
    return short(value, 2) if isfinite(value) else "–"


def _button(tip: str) -> QPushButton:
    button = QPushButton()
    button.setToolTip(f"{tip}: click to take it")
    button.setAccessibleName(tip)
    button.setFlat(False)
    return button
