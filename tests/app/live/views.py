"""Live views without a trainer: what it would publish, pictures to draw, and the colours that are on the screen."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.live.asking import Priced
from app.live.fit import KEY
from engine.insight.pictures import (
    BoundaryPicture,
    Picture,
    Points,
)
from engine.insight.questions import Fit
from engine.insight.trail import Trail
from engine.training.log import COLUMNS, MetricLog

NAMES: dict[str, Any] = {
    "inputs": ("width", "height"),
    "target": "kind",
    "seconds": 0.001,
    "kinds": ("plane", "confusion", "worst"),
}


class Told:
    """What a trainer publishes, as a test wants it."""

    def __init__(self) -> None:
        self.log, self.tensors, self.trail = MetricLog(), None, Trail()
        self.status = SimpleNamespace(phase="running", unfinished=False)
        self.worked = 0.0
        self.asked: list[Fit] = []
        self.picture: Picture | None = None

    def ask(self, key: str, question: Priced) -> None:
        if key == KEY:
            self.asked.append(question.question)

    def answer(self, key: str) -> tuple[Picture, float] | None:
        return None if self.picture is None or key != KEY else (self.picture, self.worked)

    def epochs(self, *losses: float, metric: tuple[float, ...] = ()) -> None:
        rows = np.full((len(losses), len(COLUMNS)), np.nan)
        rows[:, 0] = np.arange(len(losses)) + self.log.length + 1
        rows[:, 2] = losses
        rows[:, 4] = np.array(losses) * 2
        if metric:
            rows[:, 3] = rows[:, 5] = metric
        self.log.append(rows)


def shown(qtbot: QtBot, view: QWidget) -> None:
    qtbot.addWidget(view)
    view.resize(420, 260)
    view.show()
    qtbot.waitExposed(view)


def pixels(image: QImage) -> set[int]:
    """Every colour that is in it."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return set(np.unique(np.frombuffer(image.constBits(), np.uint32)).tolist())


def colors_in(widget: QWidget) -> set[str]:
    return {f"#{value & 0xFFFFFF:06x}" for value in pixels(widget.grab().toImage())}


def wheel(plot: Any, at: QPoint, turn: int) -> None:
    from PySide6.QtGui import QWheelEvent

    event = QWheelEvent(
        QPointF(at), QPointF(plot.viewport().mapToGlobal(at)), QPoint(), QPoint(0, turn),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot.viewport(), event)


def points(*values: float) -> Points:
    return Points(
        np.column_stack([np.linspace(0, 1, len(values)), np.linspace(1, 0, len(values))]),
        np.array(values),
        np.arange(len(values)),
    )


def boundary(**changes: Any) -> BoundaryPicture:
    made = BoundaryPicture(
        **NAMES, classes=("no", "yes"), axes=("width", "height"), features=(0, 1), held=None,
        span=(0.0, 1.0, 0.0, 1.0), values=np.zeros((4, 4)), limits=(-1.0, 1.0),
        train=points(0, 1, 0), validation=points(1, 1),
    )  # fmt: skip
    return replace(made, **changes)
