"""What the network has learnt so far, in the picture that suits the data, or in the one that the user wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app import theme
from app.choice import choice
from app.live import View
from app.live.asking import Asker
from app.live.boundary import BoundaryDrawing
from app.live.confusion import ConfusionDrawing
from app.live.curve import CurveDrawing
from app.live.empty import Waiting
from app.live.fit_controls import FitControls
from app.live.key import Entry, Header
from app.live.picks import Picks
from app.live.scatter import ScatterDrawing
from app.live.share import Columns, Sharing
from app.live.worst import WorstDrawing
from app.session import Session
from engine.insight.pictures import (
    BoundaryPicture,
    ConfusionPicture,
    CurvePicture,
    Kind,
    Picture,
    ScatterPicture,
    WorstPicture,
)
from engine.insight.questions import Fit

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

KEY: Final = "fit"
DEAR: Final = 0.02  # s: above this a coarser picture is asked for
RESOLUTIONS: Final = (100, 70, 50, 35)


class Drawing(Protocol):
    """How one kind of picture is drawn; ``widget`` shows it, ``parts`` of it belong into a saved picture."""

    widget: QWidget
    pause: float  # s that a picture stays at the least

    def __init__(self, picks: Picks) -> None: ...

    @property
    def parts(self) -> list[QWidget]: ...

    def entries(self, picture: Any) -> list[Entry]: ...

    def draw(self, picture: Any) -> str:
        """Show the picture; returns the words for the reading."""
        ...

    def columns(self, picture: Any) -> Columns:
        """Its numbers, for a table."""
        ...


@dataclass(frozen=True)
class Way:
    """One kind of picture: how it is called, and what draws it."""

    title: str
    tip: str
    picture: type[Picture]
    drawing: type[Drawing]


WAYS: Final[dict[Kind, Way]] = {
    "curve": Way("Curve", "The answer over the one input", CurvePicture, CurveDrawing),
    "plane": Way("Plane", "The answer over the plane of two inputs", BoundaryPicture, BoundaryDrawing),
    "scatter": Way("Predicted", "What is predicted against what is true", ScatterPicture, ScatterDrawing),
    "confusion": Way("Confusion", "Which class is taken for which", ConfusionPicture, ConfusionDrawing),
    "worst": Way("Mistakes", "The rows that the network gets most wrong", WorstPicture, WorstDrawing),
}
OF_PICTURE: Final = {way.picture: kind for kind, way in WAYS.items()}


class FitView(View):
    """Asks the trainer for a picture as often as it is cheap, and shows the newest answer."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._header = Header()
        self.choice = choice("Picture", "What is shown of the network's answers")
        self.choice.activated.connect(self._on_chosen)
        self.choice.hide()
        self._header.lead(self.choice)
        self.picks = Picks(self)
        self.picks.changed.connect(self._on_picked)
        self.controls = FitControls(self.picks)
        self._stack = QStackedWidget()
        self.sharing = Sharing(self, "fit", self._parts, self._numbers)
        self._header.add_menu("mdi6.dots-horizontal", "Copy or save this view", self.sharing.menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self.controls)
        column.addWidget(self._stack, 1)
        self._empty = Waiting(session, "what the network has learnt")
        self._stack.addWidget(self._empty)
        self._drawings: dict[type[Picture], Drawing] = {}
        self._named: tuple[object, ...] = ()
        self._data: tuple[object, ...] = ()
        self._picture: Picture | None = None
        self._kind: Kind | None = None
        self._asker = Asker(KEY)
        self._level = 0
        session.opened.connect(self._on_opened)
        session.picked.row_changed.connect(self._on_row_changed)
        session.travelled.connect(self._asker.hurry)
        theme.announcer.then(self._repaint)

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
        picture = self._asker.newest(trainer)
        if picture is not None:
            if picture is not self._picture:
                self._show(picture)
            if not self._asker.paid(picture, self._drawings[type(picture)].pause):
                return
        elif self._picture is not None and trainer.status.phase == "failed":
            self._forget()  # an edit alone does not: the old picture stands until the new one is there
        self._asker.ask(trainer, self._question())

    def _question(self) -> Fit:
        picks = self.picks
        return Fit(
            RESOLUTIONS[self._level], self._aspect, self._kind, picks.degree, picks.features, picks.held, picks.of
        )

    def _show(self, picture: Picture) -> None:
        if picture.seconds > DEAR and self._level < len(RESOLUTIONS) - 1:
            self._level += 1
        self._picture = picture
        kind = type(picture)
        drawing = self._drawings.get(kind)
        if drawing is None:
            drawing = self._drawings[kind] = WAYS[OF_PICTURE[kind]].drawing(self.picks)
            self._stack.addWidget(drawing.widget)
        data = (picture.inputs, picture.target, picture.classes, picture.kinds)
        if data != self._data:
            self._data = data
            self._level = 0
            self.picks.forget()
            self._offer(picture.kinds)
        named = (kind, *data, getattr(picture, "axes", ()), getattr(picture, "degree", 0))
        if named != self._named:
            self._named = named
            self._header.set_entries(drawing.entries(picture))
            self.choice.setCurrentIndex(self.choice.findData(OF_PICTURE[kind]))
        self.controls.show_picture(picture)
        self._stack.setCurrentWidget(drawing.widget)
        self._header.say(drawing.draw(picture))

    def _offer(self, kinds: tuple[Kind, ...]) -> None:
        self.choice.clear()
        for kind in kinds:
            self.choice.addItem(WAYS[kind].title, kind)
            self.choice.setItemData(self.choice.count() - 1, WAYS[kind].tip, Qt.ItemDataRole.ToolTipRole)
        self.choice.setVisible(len(kinds) > 1)

    def _on_chosen(self, index: int) -> None:
        self._kind = self.choice.itemData(index)
        self._hurry()

    def _on_row_changed(self) -> None:
        """Another view, or this one, has picked an example."""
        self.picks.pick(self._session.picked.row)

    def _on_picked(self) -> None:
        self._session.picked.choose_row(self.picks.held)
        if self.picks.wanted is not None:
            self._kind, self.picks.wanted = self.picks.wanted, None
        self._hurry()
        self._repaint()

    def _hurry(self) -> None:
        """What the user has just asked for is not put off."""
        self._asker.hurry()
        self._level = min(self._level, 1)

    def _on_opened(self) -> None:
        """Another design begins with the picture that suits it."""
        self._kind, self._data = None, ()

    def _forget(self) -> None:
        self._picture, self._named, self._data = None, (), ()
        self._header.set_entries([])
        self._header.say("")
        self.choice.hide()
        self.controls.hide()
        self._stack.setCurrentWidget(self._empty)

    def _repaint(self) -> None:
        if self._picture is not None:
            self._show(self._picture)

    def _parts(self) -> list[QWidget]:
        drawing = None if self._picture is None else self._drawings[type(self._picture)]
        return [*self._header.words, *(drawing.parts if drawing else [self._empty])]

    def _numbers(self) -> Columns:
        if self._picture is None:
            return {}
        columns: Columns = self._drawings[type(self._picture)].columns(self._picture)
        return columns
