"""The gradient of every layer: as it is now, in bars, or over the whole run, as a heat map."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.choice import choice
from app.live import View
from app.live.bars import Bars, label_of
from app.live.empty import Waiting
from app.live.heat import HeatMap
from app.live.key import Entry, Header, SignButton
from app.live.measures import MEASURES, Measure
from app.live.share import Columns, Sharing
from app.session import Session

if TYPE_CHECKING:
    from engine.insight.trail import Trail
    from engine.training.trainer import Trainer

EVERY: Final = 0.1  # s between two heat maps: they are to be read, and grow slowly


class GradientView(View):
    """A row per layer, in the order in which the signal runs."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._header = Header()
        self._choice = choice("What is shown of every layer")
        self._choice.addItems([measure.title for measure in MEASURES])
        for row, measure in enumerate(MEASURES):
            self._choice.setItemData(row, measure.tip, Qt.ItemDataRole.ToolTipRole)
        self._choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._choice.currentIndexChanged.connect(self._on_chosen)
        self._header.lead(self._choice)
        self.over_time = SignButton("mdi6.chart-timeline-variant", "Over the whole run, as a heat map")
        self.over_time.setCheckable(True)
        self.over_time.toggled.connect(self._on_over_time)
        self._header.add_widget(self.over_time)
        self.sharing = Sharing(self, "gradients", lambda: [*self._header.words, self._shown], self._numbers)
        self._header.add_menu("mdi6.dots-horizontal", "Copy or save this view", self.sharing.menu)
        self.bars, self.heat = Bars(session), HeatMap(session)
        self._empty = Waiting(session, "the gradient that reaches every layer")
        self._stack = QStackedWidget()
        self._pages = {False: _scrolled(self.bars), True: _scrolled(self.heat)}
        for page in (self._empty, *self._pages.values()):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._stack, 1)
        self._trail: Trail | None = None
        self._version, self._at = -1, 0.0
        self._name_marks(MEASURES[0])
        self._show_page()
        theme.announcer.then(self._wear)

    def refresh(self, trainer: Trainer) -> None:
        """Show the newest statistics."""
        self._trail = trainer.trail
        if trainer.tensors is not self.bars.stats:
            self.bars.show_stats(trainer.tensors)
            self._show_page()
        now = perf_counter()
        if self.over_time.isChecked() and self._trail.version != self._version and now - self._at >= EVERY:
            self._at = now
            self._draw_heat()

    @property
    def _shown(self) -> QWidget:
        return self._stack.currentWidget()

    def _show_page(self) -> None:
        self._stack.setCurrentWidget(
            self._empty if self.bars.stats is None else self._pages[self.over_time.isChecked()]
        )

    def _draw_heat(self) -> None:
        if self._trail is not None:
            self._version = self._trail.version
            self.heat.show_course(self._trail.course(self.heat.measure.field))

    def _on_over_time(self, on: bool) -> None:
        self.over_time.setToolTip("As it is now, in bars" if on else "Over the whole run, as a heat map")
        self._draw_heat()
        self._show_page()

    def _on_chosen(self, index: int) -> None:
        self.heat.measure = MEASURES[index]
        self.bars.show_measure(MEASURES[index])
        self._name_marks(MEASURES[index])
        self._draw_heat()

    def _name_marks(self, measure: Measure) -> None:
        if measure.share:
            marks = [Entry("Healthy", "disc", "healthy"), Entry("Too many", "square", "sick")]
        else:
            marks = [
                Entry("Healthy", "disc", "healthy"),
                Entry(measure.ends[0], "triangle", "warning"),
                Entry(measure.ends[1], "square", "sick"),
            ]
        self._header.set_entries(marks)

    def _numbers(self) -> Columns:
        """Every measure of every layer over the run."""
        columns: dict[str, object] = {}
        if self._trail is not None:
            for measure in MEASURES:
                course = self._trail.course(measure.field)
                columns |= {"step": course.steps, "epoch": course.epochs}
                for layer, values in zip(course.layers, course.values, strict=True):
                    columns[f"{label_of(self._session, layer)}, {measure.title.lower()}"] = values
        return columns

    def _wear(self) -> None:
        self.bars.update()
        self._draw_heat()


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area
