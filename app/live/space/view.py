"""The view of the space: which layer, which two of its numbers, and the picture."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app import theme
from app.choice import choice
from app.live import View
from app.live.asking import Asker
from app.live.empty import EmptyWord, Waiting
from app.live.key import Header
from app.live.picks import Picks
from app.live.share import Columns, Sharing
from app.live.space.drawing import SpaceDrawing, columns
from app.session import Session
from engine.insight.warp import Warp, WarpPicture, Way

if TYPE_CHECKING:
    from engine.design.document import Document
    from engine.training.trainer import Trainer

KEY: Final = "space"
DEAR: Final = 0.02  # s: above this a coarser grid is asked for
RESOLUTIONS: Final = (16, 12, 8)  # cells of the grid
WAYS: Final[tuple[tuple[str, Way, str], ...]] = (
    ("Units 1, 2", "units", "The first two units of the layer, one for each axis"),
    ("PCA", "pca", "The plane in which the layer's outputs spread most, of all its units"),
)
NO_LAYER: Final = (
    "No layer gives two numbers or more, so there is no plane to show. Give a layer two units, and select it."
)


class SpaceView(View):
    """Shows the layer that is selected on the canvas, where it has two units; the last such one otherwise."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._header = Header()
        self.layer = choice("Layer", "The layer whose space is shown; or select its box on the canvas")
        self.layer.activated.connect(self._on_layer)
        self.way = choice("Axes")
        for number, (title, way, tip) in enumerate(WAYS):
            self.way.addItem(title, way)
            self.way.setItemData(number, tip, Qt.ItemDataRole.ToolTipRole)
        self.way.activated.connect(self._on_way)
        for box in (self.layer, self.way):
            self._header.lead(box)
            box.hide()
        self.sharing = Sharing(self, "space", self._parts, self._numbers)
        self._header.add_menu("mdi6.dots-horizontal", "Copy or save this view", self.sharing.menu)
        self.picks = Picks(self)
        self.picks.changed.connect(self._on_picked)
        self.drawing = SpaceDrawing(self.picks)
        self.drawing.plot.menu_wanted.connect(self.sharing.pop_up)
        self._empty, self._no_layer = Waiting(session, "how a layer bends the space of the inputs"), EmptyWord(NO_LAYER)
        self._stack = QStackedWidget()
        for page in (self._empty, self._no_layer, self.drawing.plot):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._stack, 1)
        self._asker = Asker(KEY)
        session.travelled.connect(self._asker.hurry)
        self._picture: WarpPicture | None = None
        self._wanted_way: Way | None = None
        self._level = 0
        self._listed: tuple[object, ...] = ()
        self._named: tuple[object, ...] = ()
        self._meant = self._kept = ""  # the layer that was last selected, and the last one that could be shown
        self._on_selected(session.selection)
        session.selection_changed.connect(self._on_selected)
        session.opened.connect(self._on_opened)
        session.picked.row_changed.connect(self._on_row_changed)
        self._on_row_changed()
        theme.announcer.then(self._repaint)

    @property
    def picture(self) -> WarpPicture | None:
        """The picture on the screen."""
        return self._picture

    def refresh(self, trainer: Trainer) -> None:
        """Draw the newest answer, and ask again when the last one has been paid for."""
        picture = self._asker.newest(trainer)
        if picture is not None:
            if picture is not self._picture:
                self._show(picture)
            else:
                self.drawing.glide()
            if not self._asker.paid(picture):
                return
        elif self._picture is not None and trainer.status.phase == "failed":
            self._forget()  # an edit alone does not: the old picture stands until the new one is there
        self._asker.ask(trainer, self._question())

    def _question(self) -> Warp:
        wanted = tuple(node for node in (self._meant, self._kept) if node)
        return Warp(wanted, self._wanted_way, RESOLUTIONS[self._level], self.drawing.aspect, self._picture)

    def _show(self, picture: WarpPicture) -> None:
        if picture.seconds > DEAR and self._level < len(RESOLUTIONS) - 1:
            self._level += 1
        self._picture = picture
        if picture.node == self._meant:
            self._kept = self._meant
        for box in (self.layer, self.way):
            box.setVisible(bool(picture.node))
        if not picture.node:
            self._stack.setCurrentWidget(self._no_layer)
            self._header.say("")
            self._named = ()
            self._header.set_entries([])
            return
        self._list(self._session.document, picture)
        named = (picture.inputs, picture.classes, picture.straight, len(picture.borders) > 0)
        if named != self._named:
            self._named = named
            self._header.set_entries(self.drawing.entries(picture))
        self._stack.setCurrentWidget(self.drawing.plot)
        self.drawing.draw(picture)
        self._header.say(told(picture))

    def _list(self, document: Document, picture: WarpPicture) -> None:
        """The layers to choose from, by the names that they have now; the shown one is the chosen one."""
        if self._listed != (document, picture.nodes):
            self._listed = (document, picture.nodes)
            names = document.by_id
            labels = [names[node].label if node in names else node for node in picture.nodes]
            if labels != [self.layer.itemText(number) for number in range(self.layer.count())]:
                self.layer.clear()
                self.layer.addItems(labels)
            for number, node in enumerate(picture.nodes):
                self.layer.setItemData(number, node)
        if not self._meant or self._meant == picture.node or self._meant not in picture.nodes:
            # an answer to an older question does not turn the choice back
            self.layer.setCurrentIndex(picture.nodes.index(picture.node))
        if self._wanted_way in (None, picture.way):
            self.way.setCurrentIndex(self.way.findData(picture.way))

    def _on_layer(self, index: int) -> None:
        self._meant = str(self.layer.itemData(index))
        self._session.select([self._meant])
        self._asker.hurry()

    def _on_way(self, index: int) -> None:
        self._wanted_way = self.way.itemData(index)
        self._asker.hurry()

    def _on_selected(self, selection: frozenset[str]) -> None:
        """One box means its layer, where it has two units; none or several change nothing."""
        if len(selection) == 1:
            (self._meant,) = selection
            self._asker.hurry()

    def _on_row_changed(self) -> None:
        """Another view, or this one, has picked an example."""
        self.picks.pick(self._session.picked.row)

    def _on_picked(self) -> None:
        self._session.picked.choose_row(self.picks.held)
        self._repaint()

    def _on_opened(self) -> None:
        """Another design begins with the layer and the axes that suit it."""
        self._meant, self._kept, self._wanted_way, self._level = "", "", None, 0
        self._picture, self._listed = None, ()

    def _forget(self) -> None:
        self._picture, self._named, self._listed = None, (), ()
        self._header.say("")
        self._header.set_entries([])
        for widget in (self.layer, self.way):
            widget.hide()
        self._stack.setCurrentWidget(self._empty)

    def _repaint(self) -> None:
        if self._picture is not None:
            self._show(self._picture)

    def _parts(self) -> list[QWidget]:
        return [*self._header.words, self._stack.currentWidget()]

    def _numbers(self) -> Columns:
        return {} if self._picture is None or not self._picture.node else columns(self._picture)


def told(picture: WarpPicture) -> str:
    """How much of the layer is seen, in words."""
    if not isfinite(picture.share):
        return ""
    if picture.way == "units" and picture.units == 2:
        return "both units"
    share = f"{100 * picture.share:.0f} % of the spread"
    return f"PCA: {share}" if picture.way == "pca" else f"2 of {picture.units} units: {share}"
