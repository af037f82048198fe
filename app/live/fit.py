"""What the network has learnt so far, in the picture that suits the data."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app import theme
from app.live.boundary import BoundaryDrawing
from app.live.confusion import ConfusionDrawing
from app.live.curve import CurveDrawing
from app.live.empty import EmptyWord
from app.live.key import Entry, Header
from app.live.scatter import ScatterDrawing
from app.session import Session
from engine.insight.pictures import BoundaryPicture, ConfusionPicture, CurvePicture, Fit, Picture, ScatterPicture

if TYPE_CHECKING:
    from engine.program import Program
    from engine.training.trainer import Trainer

KEY: Final = "fit"
SHARE: Final = 0.015  # of the trainer's time that pictures may cost while it trains as fast as it can
IDLE_SHARE: Final = 0.2  # and while the pace leaves it time
BUSY: Final = 0.25  # of the time spent on training: from here on it is as fast as it can
SLOWEST: Final = 1.0  # s between two questions at most, however dear the answer
DEAR: Final = 0.02  # s: above this a coarser picture is asked for
RESOLUTIONS: Final = (100, 70, 50, 35)


class Drawing(Protocol):
    """How one kind of picture is drawn; ``widget`` shows it."""

    widget: QWidget

    def entries(self, picture: Picture) -> list[Entry]: ...

    def draw(self, picture: Picture) -> str:
        """Show the picture; returns the words for the reading."""
        ...


DRAWINGS: Final = {
    CurvePicture: CurveDrawing,
    BoundaryPicture: BoundaryDrawing,
    ScatterPicture: ScatterDrawing,
    ConfusionPicture: ConfusionDrawing,
}


class FitView(QWidget):
    """Asks the trainer for a picture as often as it is cheap, and shows the newest answer."""

    def __init__(self, _session: Session) -> None:
        super().__init__()
        self._header = Header()
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._stack, 1)
        self._empty = EmptyWord("Press Play (Space): what the network has learnt appears here.")
        self._stack.addWidget(self._empty)
        self._drawings: dict[type[Picture], Drawing] = {}
        self._named: tuple[object, ...] = ()
        self._picture: Picture | None = None
        self._asked = 0.0
        self._load = _Load()
        self._level = 0
        theme.announcer.changed.connect(self._repaint)

    @property
    def picture(self) -> Picture | None:
        """The picture on the screen."""
        return self._picture

    @property
    def _aspect(self) -> float:
        drawing = self._drawings.get(BoundaryPicture)
        return drawing.aspect if isinstance(drawing, BoundaryDrawing) else 1.0

    def refresh(self, trainer: Trainer) -> None:
        """Draw the newest answer, and ask again when the last one has been paid for."""
        answer = trainer.answer(KEY)
        now = perf_counter()
        if answer is not None:
            picture, worked = answer
            if picture is not self._picture:
                self._load.take(worked)
                self._show(picture)
            share = SHARE if self._load.share > BUSY else IDLE_SHARE
            if now - self._asked < min(picture.seconds / share, SLOWEST):
                return
        elif self._picture is not None and trainer.status.phase == "failed":
            self._forget()  # an edit alone does not: the old picture stands until the new one is there
        self._asked = now
        trainer.ask(KEY, Priced(Fit(RESOLUTIONS[self._level], self._aspect)))

    def _show(self, picture: Picture) -> None:
        if picture.seconds > DEAR and self._level < len(RESOLUTIONS) - 1:
            self._level += 1
        self._picture = picture
        kind = type(picture)
        drawing = self._drawings.get(kind)
        if drawing is None:
            drawing = self._drawings[kind] = DRAWINGS[kind]()
            self._stack.addWidget(drawing.widget)
        named = (kind, picture.inputs, picture.target, picture.classes)
        if named != self._named:
            self._named = named
            self._header.set_entries(drawing.entries(picture))
            self._level = 0
        self._stack.setCurrentWidget(drawing.widget)
        self._header.say(drawing.draw(picture))

    def _forget(self) -> None:
        self._picture, self._named = None, ()
        self._header.set_entries([])
        self._header.say("")
        self._stack.setCurrentWidget(self._empty)

    def _repaint(self) -> None:
        if self._picture is not None:
            self._show(self._picture)


@dataclass(frozen=True)
class Priced:
    """A question whose answer says how long its thread has worked so far: (picture, seconds)."""

    question: Fit

    def answer(self, program: Program) -> tuple[Picture, float]:
        return self.question.answer(program), thread_time()


class _Load:
    """How much of its time the trainer's thread works, over about the last quarter of a second."""

    def __init__(self) -> None:
        self._at, self._worked, self.share = 0.0, 0.0, 1.0

    def take(self, worked: float) -> None:
        now = perf_counter()
        if now - self._at > 0.25:
            self.share = (worked - self._worked) / (now - self._at)
            self._at, self._worked = now, worked
