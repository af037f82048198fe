"""The bar that runs the training and says in words and numbers how it stands."""

from __future__ import annotations

from math import isfinite
from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import preferences
from app.live.numbers import duration, percent, short, whole
from app.run_figures import Figure, Progress, Sentence

if TYPE_CHECKING:
    from engine.training.published import Status
    from engine.training.trainer import Trainer

PACES: Final = (1, 2, 5, 10, 20, 50, 100, 500, None)  # epochs a second; None: as fast as it goes
OPENING_PACE: Final = 10
SIGN: Final = 20  # px of an icon, at the least
READ_EVERY: Final = 0.1  # s: nobody reads numbers that change faster
TONES: Final = {"diverged": "sick", "failed": "sick", "finished": "healthy"}


class RunBar(QWidget):
    """Buttons for the run's actions, the pace, the figures and the status sentence.

    Signals:
        pace_changed: epochs a second, or None for unlimited.
    """

    pace_changed = Signal(object)

    def __init__(self, buttons: list[QAction | None]) -> None:
        """``buttons``: the actions in order; None for a gap."""
        super().__init__()
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 2)
        column.setSpacing(4)
        row = self._row = QHBoxLayout()
        row.setSpacing(2)
        column.addLayout(row)
        for number, action in enumerate(buttons):
            if action is None:
                row.addSpacing(10)
                continue
            row.addWidget(_Button(action, wide=number == 0))
        row.addSpacing(12)
        self._pace = self._make_pace()
        row.addWidget(self._pace)
        row.addSpacing(12)
        self._figures = {
            "epoch": Figure("Epoch", 84),
            "step": Figure("Step", 84),
            "loss": Figure("Loss", 90),
            "validation_loss": Figure("Validation", 90),
            "metric": Figure("Accuracy", 96),
            "steps_per_second": Figure("Steps / s", 76),
            "elapsed": Figure("Elapsed", 74),
            "remaining": Figure("Time left", 74),
        }
        row.addStretch(1)
        for figure in self._figures.values():
            row.addWidget(figure)
        self._progress = Progress()
        self._sentence = Sentence()
        self._words = QHBoxLayout()
        self._words.setSpacing(8)
        self._words.addWidget(self._sentence, 1)
        column.addLayout(self._words)
        column.addWidget(self._progress)
        self._shown: Status | None = None
        self._at = 0.0
        self._share, self._metric = True, "Accuracy"

    @property
    def pace(self) -> int | None:
        return PACES[self._pace.currentIndex()]

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def figure(self, name: str) -> str:
        """What a figure says at the moment."""
        return self._figures[name].value

    def refresh(self, trainer: Trainer) -> None:
        """Show the trainer's newest status."""
        status = trainer.status
        changed = self._shown is None or status.phase != self._shown.phase
        if status is self._shown or (not changed and perf_counter() - self._at < READ_EVERY):
            return
        self._shown, self._at = status, perf_counter()
        figures = self._figures
        of = f" / {whole(status.epochs)}" if status.epochs and status.epochs < 100_000 else ""
        figures["epoch"].say(whole(status.epoch), of)
        figures["step"].say(whole(status.step))
        figures["loss"].say(short(status.loss))
        figures["validation_loss"].say(short(status.validation_loss))
        self._say_metric(status)
        figures["steps_per_second"].say(whole(status.steps_per_second) if status.steps_per_second else "–")
        figures["elapsed"].say(duration(status.elapsed))
        figures["remaining"].say("–" if status.remaining is None else duration(status.remaining))
        self._sentence.say(_said(status), "" if status.unfinished else TONES.get(status.phase, ""))
        self._progress.say(status.epoch / status.epochs if status.epochs else 0.0, status.phase == "preparing")

    def _say_metric(self, status: Status) -> None:
        """On the rows that teach nothing, where there are such; the other one is in the tooltip."""
        figure = self._figures["metric"]
        validated = isfinite(status.validation_metric)
        values = [percent(v) if self._share else short(v, 4) for v in (status.metric, status.validation_metric)]
        figure.name(f"{self._metric}, val." if validated else self._metric)
        figure.say(values[validated])
        told = f"{self._metric} on the training rows: {values[0]}"
        figure.setToolTip(f"{self._metric} on the validation rows: {values[1]}\n{told}" if validated else told)

    def name_metric(self, name: str, share: bool) -> None:
        """What the metric is called for the data at hand, and whether it is a share, told in percent."""
        self._share, self._metric = share, name
        self._figures["metric"].name(name)

    def add_tool(self, widget: QWidget) -> None:
        """Put a control behind the pace."""
        self._row.insertWidget(self._row.indexOf(self._pace) + 1, widget)

    def add_word(self, widget: QWidget) -> None:
        """Put something short at the end of the line that says what is going on; the line stays as high as it is."""
        widget.setSizePolicy(widget.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Ignored)
        self._words.addWidget(widget)

    def set_pace(self, pace: int | None) -> None:
        self._pace.setCurrentIndex(PACES.index(pace) if pace in PACES else len(PACES) - 1)

    def _make_pace(self) -> QComboBox:
        box = QComboBox()
        box.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)  # the figures give way
        box.setAccessibleName("Pace")
        box.setToolTip("How fast it may go: slowly enough to see it learn, or as fast as it can")
        words = [spoken_pace(pace) for pace in PACES]
        box.addItems(words)
        preferred = preferences.PACE.get()
        if preferred in words:
            box.setCurrentIndex(words.index(preferred))
        else:
            stored = QSettings().value("pace", OPENING_PACE)
            pace = int(stored) if str(stored).isdigit() else None
            box.setCurrentIndex(PACES.index(pace) if pace in PACES else len(PACES) - 1)
        box.currentIndexChanged.connect(self._on_pace)
        return box

    def _on_pace(self, _index: int) -> None:
        QSettings().setValue("pace", self.pace if self.pace is not None else "unlimited")
        self.pace_changed.emit(self.pace)


def spoken_pace(pace: int | None) -> str:
    """A pace in words: "10 epochs / s"."""
    return f"{pace} epoch{'s' if pace > 1 else ''} / s" if pace else "Unlimited"


class _Button(QToolButton):
    def __init__(self, action: QAction, wide: bool) -> None:
        super().__init__()
        self.setDefaultAction(action)
        self.setAutoRaise(not wide)
        self._size()
        self.setMinimumSize(QSize(40 if wide else 34, 34))
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _size(self) -> None:
        edge = max(SIGN, round(1.2 * self.fontMetrics().height()))
        self.setIconSize(QSize(edge, edge))

    def actionEvent(self, event: QActionEvent) -> None:
        if event.type() == QEvent.Type.ActionChanged:  # of which Qt makes it listen to the action once more, each time
            event.action().disconnect(self)
        super().actionEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size()


def _said(status: Status) -> str:
    """What is going on, as a sentence that ends as one."""
    said = status.sentence or _usual(status)
    return said if said.endswith((".", "…")) or not said else f"{said}."


def _usual(status: Status) -> str:
    """What is to be said while all is well."""
    match status.phase:
        case "preparing":
            return "Preparing …"
        case "running":
            return f"Training, epoch {whole(status.epoch)}."
        case "ready" if status.stage:
            return f"In step {whole(status.step + 1)}: the {status.stage} stage is done."
        case "ready" if status.step:
            return f"Paused after step {whole(status.step)}. Press Space to go on."
        case "ready":
            return "Ready. Press Play (Space) and watch it learn."
    return ""
