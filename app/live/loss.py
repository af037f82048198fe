"""The loss, or the metric, of training and validation over the epochs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QVBoxLayout

from app import theme
from app.choice import choice
from app.live import View
from app.live.curves import Band, on_scale, room
from app.live.empty import Waiting
from app.live.ghosts import Ghosts
from app.live.history import History
from app.live.key import Entry, Header, ink
from app.live.numbers import percent, short, whole
from app.live.plot import LivePlot
from app.live.scales import Scales
from app.live.share import Columns, Sharing
from app.live.strokes import Rule, pen, rim
from app.session import Session

if TYPE_CHECKING:
    from engine.training.log import MetricLog
    from engine.training.trainer import Trainer


@dataclass(frozen=True)
class Quantity:
    """What can be shown: the log's column for each curve, and whether its scale begins logarithmic."""

    train: str
    validation: str
    logarithmic: bool

    @property
    def columns(self) -> tuple[str, str]:
        return self.train, self.validation


LOSS: Final = Quantity("loss", "validation_loss", logarithmic=True)
METRIC: Final = Quantity("metric", "validation_metric", logarithmic=False)
QUANTITIES: Final = (LOSS, METRIC)
COLUMNS: Final = (*LOSS.columns, *METRIC.columns)
PERIOD: Final = 1 / 16  # s between two pictures at the least while it trains: every second beat of the window
BEST: Final = 11  # px of the mark at the best epoch
CURVES: Final = (("Training", "positive"), ("Validation", "negative"))


class LossView(View):
    """Both curves, thinned to the peaks of every pixel, with logarithmic axes and values under the mouse."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._drawn_at = 0.0
        self._header = Header()
        self.plot = LivePlot(Waiting(session, "the loss of every epoch"))
        self.plot.axes["bottom"].tell_whole(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.plot, 1)
        self.quantity = LOSS
        self._log: MetricLog | None = None
        self._raw, self._smooth = History(COLUMNS), History(COLUMNS)
        self._marked: tuple[float, float] | None = None
        self._ghosts = Ghosts(self.plot, session, COLUMNS)
        self._bands = [Band(self.plot, role, -number) for number, (_, role) in enumerate(CURVES)]
        self._entries = [Entry(title, "line", role, toggles=True) for title, role in CURVES]
        self._best_entry = Entry("Best", "triangle", "healthy", toggles=True)
        self._best_entry.setToolTip("Show or hide the epoch with the lowest validation loss (training, without one)")
        self._best = pg.ScatterPlotItem(symbol="t1", size=BEST, pxMode=True)
        self._best.setZValue(40)
        self.plot.add(self._best)
        self.choice = choice("Loss or metric")
        self.choice.addItems(["Loss", "Accuracy"])
        self.choice.currentIndexChanged.connect(self._on_chosen)
        self._header.lead(self.choice)
        self._header.set_entries([*self._entries, self._best_entry])
        for entry in (*self._entries, self._best_entry):
            entry.toggled.connect(self._draw)
        self.scales = Scales([quantity.logarithmic for quantity in QUANTITIES], self)
        self.scales.changed.connect(self._on_scale)
        self.scales.smoothed.connect(self._on_smoothed)
        self._header.add_menu("mdi6.tune-variant", "Scales and smoothing", self.scales.menu)
        self.sharing = Sharing(self, "loss", lambda: [*self._header.words, self.plot], self._numbers)
        self._header.add_menu("mdi6.dots-horizontal", "Copy or save this view", self.sharing.menu)
        self.plot.menu_wanted.connect(self.sharing.pop_up)
        self._line = Rule(90)
        self._line.hide()
        self.plot.add(self._line)
        self.plot.name_axes("epoch")
        self.plot.hovered.connect(self._on_hover)
        self.plot.resized.connect(self._draw)
        self.plot.box.sigResized.connect(lambda _box: self._draw())  # names of branches are held within the plot
        self.plot.box.sigXRangeChanged.connect(self._on_moved)
        session.report_changed.connect(self._name_metric)
        theme.announcer.then(self._wear)
        self._name_metric()
        self._wear()
        self._on_scale()

    def refresh(self, trainer: Trainer) -> None:
        """Take what the log holds that is new, and draw it; not more often than somebody sees."""
        now = perf_counter()
        if trainer.status.phase == "running" and now - self._drawn_at < PERIOD:
            return
        self._drawn_at = now
        self._log = trainer.log
        changed = self._raw.take(trainer.log)
        if self._smooth.window > 1:
            changed = self._smooth.take(trainer.log) or changed
        changed = self._ghosts.take() or changed
        if changed:
            self._draw()

    def _draw(self) -> None:
        self.plot.set_empty(self._raw.empty)
        self._reach()
        self._mark_best()
        self._ghosts.draw(*self.quantity.columns, self.scales.log_x, self.scales.log_y)
        smooth = self._smooth.window > 1
        for band, entry, name in zip(self._bands, self._entries, self.quantity.columns, strict=True):
            band.show_series(
                self._raw.series[name], self._smooth.series[name] if smooth else None, entry.isChecked(),
                self.scales.log_x, self.scales.log_y,
            )  # fmt: skip

    def _mark_best(self) -> None:
        """The epoch at which the loss that judges was lowest, on the curve of the same rows."""
        judges = self._raw.series["validation_loss"].lowest(), self._raw.series["loss"].lowest()
        on_validation = judges[0] is not None
        judged = judges[0] or judges[1]
        if judged is not None and self.quantity is METRIC:
            judged = self._raw.series[self.quantity.columns[on_validation]].near(judged[0])
        x, y = judged or (math.nan, math.nan)
        place = on_scale(x, self.scales.log_x), on_scale(y, self.scales.log_y)
        if not (self._best_entry.isChecked() and all(map(math.isfinite, place))):  # a point that is nowhere crashes Qt
            self._marked = None
            self._best.clear()
        elif place != self._marked:
            self._marked = place
            self._best.setData([place[0]], [place[1]])

    def _reach(self) -> None:
        """All of the shown data in the plot's own units, which are powers of ten on a logarithmic axis."""
        pairs = zip(self.quantity.columns, self._entries, strict=True)
        shown = [self._raw.series[name] for name, entry in pairs if entry.isChecked()]
        shown += self._ghosts.series(*self.quantity.columns)
        places, values = zip(*(series.ends for series in shown), strict=True) if shown else ((), ())
        span = room(places, values, self.scales.log_x, self.scales.log_y, self.quantity is METRIC)
        if span is not None:
            self.plot.grow(*span)

    def _on_chosen(self, index: int) -> None:
        self.quantity = QUANTITIES[index]
        self.scales.show_number(index)
        self._on_scale()

    def _on_scale(self) -> None:
        self.plot.axes["bottom"].setLogMode(self.scales.log_x)
        self.plot.axes["left"].setLogMode(self.scales.log_y)
        self.plot.axes["left"].tell_shares(self._tells_shares)
        self.plot.follow()
        self._on_smoothed(self.scales.window)

    def _on_smoothed(self, window: int) -> None:
        self._smooth = History(COLUMNS, window, geometric=self.scales.log_y)  # the mean of what the axis shows
        if self._log is not None and window > 1:
            self._smooth.take(self._log)
        self._draw()

    def _on_moved(self, *_: object) -> None:
        """The user looks at another part: show it in all its detail."""
        if not self.plot.following:
            self._draw()

    def _on_hover(self, place: Any) -> None:
        words: list[str] = []
        if place is not None:
            at = 10.0 ** min(place.x(), 300.0) if self.scales.log_x else place.x()
            for (title, _), entry, name in zip(CURVES, self._entries, self.quantity.columns, strict=True):
                near = self._raw.series[name].near(at)
                if near is None or not entry.isChecked():
                    continue
                if not words:
                    self._line.setPos(np.log10(max(near[0], 1e-12)) if self.scales.log_x else near[0])
                    words.append(f"epoch {whole(near[0])}")
                words.append(f"{title.lower()} {self._spoken(near[1])}{self._mean(name, at)}")
        self._line.setVisible(bool(words))
        self.plot.read_out("\n".join(words))

    def _mean(self, name: str, at: float) -> str:
        near = self._smooth.series[name].near(at) if self._smooth.window > 1 else None
        return "" if near is None else f" (mean {self._spoken(near[1])})"

    def _spoken(self, value: float) -> str:
        return percent(value) if self._tells_shares else short(value, 4)

    @property
    def _tells_shares(self) -> bool:
        return self.quantity is METRIC and self._share

    @property
    def _share(self) -> bool:
        """Whether the metric is a share that is told in percent."""
        prepared = self._session.prepared
        return prepared is None or prepared.task != "regression"

    def _name_metric(self) -> None:
        self.choice.setItemText(1, "Accuracy" if self._share else "R²")
        self.plot.axes["left"].tell_shares(self._tells_shares)

    def _numbers(self) -> Columns:
        """Every curve, as the log holds it."""
        return self._log.columns() if self._log is not None else {}

    def _wear(self) -> None:
        for band in self._bands:
            band.wear()
        self._ghosts.wear()
        self._line.setPen(pen(theme.current().dim))
        self._best.setPen(rim(theme.current().window, BEST))
        self._best.setBrush(pg.mkBrush(ink("healthy")))
