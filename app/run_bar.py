"""The bar that runs the training and says in words and numbers how it stands."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import preferences, theme
from app.live.numbers import duration, percent, short, whole

if TYPE_CHECKING:
    from engine.training.published import Status
    from engine.training.trainer import Trainer

PACES: Final = (1, 2, 5, 10, 20, 50, 100, 500, None)  # epochs a second; None: as fast as it goes
OPENING_PACE: Final = 10
READ_EVERY: Final = 0.1  # s: nobody reads numbers that change faster
TONES: Final = {"diverged": "sick", "failed": "sick", "finished": "healthy"}
SIGNS: Final = {"sick": "✕", "healthy": "✓"}


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
        row = QHBoxLayout()
        row.setSpacing(2)
        column.addLayout(row)
        for number, action in enumerate(buttons):
            if action is None:
                row.addSpacing(10)
                continue
            row.addWidget(_button(action, wide=number == 0))
        row.addSpacing(12)
        self._pace = self._make_pace()
        row.addWidget(self._pace)
        row.addSpacing(12)
        self._figures = {
            "epoch": Figure("Epoch", 84),
            "step": Figure("Step", 84),
            "loss": Figure("Loss", 76),
            "validation_loss": Figure("Validation", 76),
            "metric": Figure("Accuracy", 76),
            "steps_per_second": Figure("Steps / s", 76),
            "elapsed": Figure("Elapsed", 64),
            "remaining": Figure("Time left", 64),
        }
        row.addStretch(1)
        for figure in self._figures.values():
            row.addWidget(figure)
        self._progress = Progress()
        self._sentence = Sentence()
        column.addWidget(self._sentence)
        column.addWidget(self._progress)
        self._shown: Status | None = None
        self._at = 0.0
        self._share = True

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
        figures["metric"].say(percent(status.metric) if self._share else short(status.metric, 4))
        figures["steps_per_second"].say(whole(status.steps_per_second) if status.steps_per_second else "–")
        figures["elapsed"].say(duration(status.elapsed))
        figures["remaining"].say("–" if status.remaining is None else duration(status.remaining))
        self._sentence.say(status.sentence or _usual(status), TONES.get(status.phase, ""))
        self._progress.say(status.epoch / status.epochs if status.epochs else 0.0, status.phase == "preparing")

    def name_metric(self, name: str, share: bool) -> None:
        """What the metric is called for the data at hand, and whether it is a share, told in percent."""
        self._share = share
        self._figures["metric"].name(name)

    def set_pace(self, pace: int | None) -> None:
        self._pace.setCurrentIndex(PACES.index(pace) if pace in PACES else len(PACES) - 1)

    def _make_pace(self) -> QComboBox:
        box = QComboBox()
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


class Figure(QWidget):
    """A number with its name above it; painted by itself, because it changes many times a second."""

    def __init__(self, name: str, width: int) -> None:
        super().__init__()
        self._name, self._value, self._rest = name, "–", ""
        self._width = width
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> str:
        return self._value + self._rest

    def name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self.setAccessibleName(name)
            self.update()

    def say(self, value: str, rest: str = "") -> None:
        """``rest`` is written smaller and dimmer behind the value."""
        if (value, rest) != (self._value, self._rest):
            self._value, self._rest = value, rest
            self.setAccessibleDescription(self.value)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(self._width * self.fontMetrics().height() / 16), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(48, round(self.fontMetrics().height() * 2.1))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        small = theme.sized(self.font(), 0.85)
        large = theme.sized(self.font(), 1.1, bold=True)
        half = self.height() / 2
        painter.setFont(small)
        painter.setPen(QColor(colors.dim))
        left, bottom = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignBottom
        elide = Qt.TextElideMode.ElideRight
        room = self.width() - 6
        painter.drawText(
            QRectF(0, 0, room, half - 1), left | Qt.AlignmentFlag.AlignVCenter,
            painter.fontMetrics().elidedText(self._name, elide, room),
        )  # fmt: skip
        rest_width = painter.fontMetrics().horizontalAdvance(self._rest) if self._rest else 0
        painter.setFont(large)
        painter.setPen(QColor(colors.text))
        wide = painter.fontMetrics().horizontalAdvance(self._value)
        shows_rest = wide + rest_width <= room
        painter.drawText(
            QRectF(0, half - 2, room, half), left | bottom, painter.fontMetrics().elidedText(self._value, elide, room)
        )
        if self._rest and shows_rest:
            painter.setFont(small)
            painter.setPen(QColor(colors.dim))
            painter.drawText(QRectF(wide, half - 2, room - wide, half - 1), left | bottom, self._rest)


class Sentence(QLabel):
    """What is going on, in one line: cut with a tooltip where it is too long, with a sign where it is a judgement."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setObjectName("status")
        self.setAccessibleName("Status")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._tone = ""
        theme.announcer.changed.connect(self._wear)

    def text(self) -> str:
        return self._whole

    def say(self, text: str, tone: str) -> None:
        sign = SIGNS.get(tone, "")
        text = f"{sign} {text}" if sign else text
        if text == self._whole:
            return
        self._whole = text
        self.setAccessibleDescription(text)
        self.setToolTip(text)
        if tone != self._tone:
            self._tone = tone
            self._wear()
        self.update()

    def _wear(self) -> None:
        color = getattr(theme.current(), self._tone) if self._tone else theme.current().dim
        self.setStyleSheet(f"color: {color}")

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        text = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


class Progress(QFrame):
    """A thin line: the share of the epochs that is done."""

    def __init__(self) -> None:
        super().__init__()
        self._share, self._busy = 0.0, False
        self.setFixedHeight(3)
        self.setAccessibleName("Progress")

    def say(self, share: float, busy: bool) -> None:
        share = min(max(share, 0.0), 1.0)
        if round(share * self.width()) != round(self._share * self.width()) or busy != self._busy:
            self._share, self._busy = share, busy
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().border))
        share = 1.0 if self._busy else self._share
        color = QColor(theme.current().dim if self._busy else theme.current().accent)
        painter.fillRect(QRectF(0, 0, self.width() * share, self.height()), color)


def spoken_pace(pace: int | None) -> str:
    """A pace in words: "10 epochs / s"."""
    return f"{pace} epoch{'s' if pace > 1 else ''} / s" if pace else "Unlimited"


def _button(action: QAction, wide: bool) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAutoRaise(not wide)
    button.setIconSize(QSize(20, 20))
    button.setMinimumSize(QSize(40 if wide else 34, 34))
    button.setToolButtonStyle(
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


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
            return f"Paused after step {whole(status.step)}. Space goes on."
        case "ready":
            return "Ready. Press Play (Space) and watch it learn."
    return ""
