"""Runs beside each other: who takes part, how they learn, what they have learnt, where they would go."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from app import theme
from app.choice import choice
from app.live import View
from app.live.compare.arena import Arena
from app.live.compare.curves import CurvesPage
from app.live.compare.page import Page
from app.live.compare.pictures import PicturesPage
from app.live.compare.rate import RatePage
from app.live.compare.runs import RunsPage
from app.live.compare.surface import SurfacePage
from app.live.empty import EmptyWord, what_next
from app.live.key import SMALLER, Header, SignButton
from app.live.numbers import whole
from app.live.share import Columns, Sharing
from app.session import Session
from engine.compare.race import variations
from engine.compare.standing import Standing

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

WIDE: Final = 860  # px from which the list stands beside the pages
FANS: Final = (3, 5, 8)  # seeds
PACES: Final = ((None, "As fast as it goes"), (100.0, "100 epochs a second"), (20.0, "20 epochs a second"),
                (5.0, "5 epochs a second"), (1.0, "1 epoch a second"))  # fmt: skip
NOTHING: Final = (
    "Nothing is compared yet. Add puts the design of the window into the list: change it, add it again, and press "
    "Play here. Race lets the optimizers run against each other, Seeds shows what is chance."
)
ARROW: Final = "  "  # room for that of a menu, which would lie on the word


class CompareView(View):
    """The list of runs and one page at a time; in a wide place both beside each other."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.arena = Arena(session, self)
        self.runs = RunsPage(self.arena)
        self.rate = RatePage(self.arena, session)
        self.pages: tuple[Page, ...] = (
            CurvesPage(self.arena), PicturesPage(self.arena), SurfacePage(self.arena), self.rate,
        )  # fmt: skip
        self._bar, self._header = Header(gap=4), Header()
        self._fill_bar()
        self.choice = choice("What is shown of the runs")
        for page in (self.runs, *self.pages):
            self.choice.addItem(page.title)
            self.choice.setItemData(self.choice.count() - 1, page.tip, Qt.ItemDataRole.ToolTipRole)
        self._header.lead(self.choice)
        for page in (self.runs, *self.pages):
            for control in page.controls:
                self._header.lead(control)
        self.sharing = Sharing(self, "compare", self._parts, self._numbers)
        self._header.add_menu("mdi6.dots-horizontal", "Copy or save this view", self.sharing.menu)
        self._empty = EmptyWord("")
        session.report_changed.connect(self._say_what_next)
        self._say_what_next()
        self._stack = QStackedWidget()
        for page in self.pages:
            self._stack.addWidget(page)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.runs)
        self._split.addWidget(self._stack)
        self._split.splitterMoved.connect(self._on_shared)
        self._shares_itself = True  # until the user has
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._bar, self._header):
            column.addWidget(widget)
        column.addWidget(self._empty, 1)
        column.addWidget(self._split, 1)
        self.arena.changed.connect(self._on_changed)
        self.arena.told.connect(self.sharing.told)
        self.choice.currentIndexChanged.connect(self._on_page)
        theme.announcer.then(self._wear)
        self._shown: tuple[object, ...] = ()
        self.choice.setCurrentIndex(1)
        self._on_changed()

    # -- what it is made of

    def _fill_bar(self) -> None:
        self.play = SignButton("mdi6.play", "Train all runs side by side")
        self.play.clicked.connect(self.arena.toggle)
        self.again = SignButton("mdi6.restart", "All runs back to their first weights")
        self.again.clicked.connect(self.arena.restart)
        self.add = _button("Add", "Put the current design into the list")
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.add.clicked.connect(self.arena.add_current)
        self._add_menu = QMenu(self)
        self._add_menu.aboutToShow.connect(self._fill_add_menu)
        self._changes: dict[str, QMenu] = {}  # kept: a menu that is cleared leaves those below it behind
        self.add.setMenu(self._add_menu)
        self.racing = _button("Race", "Train the current design with six optimizers, each at its usual learning rate")
        self.racing.clicked.connect(self.arena.race)
        self.seeds = _button("Seeds", "Train the current design from several seeds: what is chance, and what is not")
        menu = QMenu(self)
        for count in FANS:
            menu.addAction(f"{count} seeds", partial(self.arena.fan, count))
        self.seeds.setMenu(menu)
        self.seeds.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.seeds.setText(f"{self.seeds.text()}{ARROW}")
        self.find = _button("Find rate", "Try learning rates from small to large on a copy of the current network")
        self.find.clicked.connect(self._find_rate)
        for widget in (self.play, self.again, self.add, self.racing, self.seeds, self.find):
            self._bar.lead(widget)
        self._more = QMenu(self)
        self._use = self._more.addAction("&Use this design", self.arena.use_chosen)
        self._remove = self._more.addAction("&Remove this run", self.arena.remove_chosen)
        self._clear = self._more.addAction("Remove &all", self.arena.clear)
        self._more.aboutToShow.connect(self._name_what_is_meant)
        paces = self._more.addMenu("&Pace")
        for pace, words in PACES:
            paces.addAction(words, partial(self.arena.pace, pace))
        self._bar.add_menu("mdi6.playlist-edit", "What to do with the runs", self._more)

    def _name_what_is_meant(self) -> None:
        """Where none is chosen it is the first one: better said than guessed."""
        standing = self.arena.standing
        name = standing.name.replace("&", "&&") if standing is not None else "this run"
        self._use.setText(f"&Use the design of {name}" if standing is not None else "&Use this design")
        self._remove.setText(f"&Remove {name}")

    def _fill_add_menu(self) -> None:
        """The current design, or one change of it."""
        self._add_menu.clear()
        self._add_menu.addAction("The &current design", self.arena.add_current)
        self._add_menu.addSection("Duplicate and change")
        for menu in self._changes.values():
            menu.clear()
        standing = self.arena.standing
        document = standing.contestant.seeded if standing is not None else self._session.document
        for made in variations(document):
            if made.group not in self._changes:
                self._changes[made.group] = QMenu(made.group, self._add_menu)
            menu = self._changes[made.group]
            if menu.isEmpty():
                self._add_menu.addMenu(menu)
            words = f"{made.group}: {made.text}"
            menu.addAction(made.text, partial(self.arena.add_variation, words, made.document))

    # -- what it shows

    def _say_what_next(self) -> None:
        ready = self._session.document.nodes and not self._session.report.errors
        self._empty.setText(NOTHING if ready else what_next(self._session, "a comparison"))

    @property
    def page(self) -> Page:
        """The one that is on the screen: beside the list in a wide place, or instead of it."""
        number = self.choice.currentIndex()
        return self.pages[number - 1] if number else self.runs

    @property
    def _is_wide(self) -> bool:
        return self.width() >= WIDE

    def _find_rate(self) -> None:
        self.choice.setCurrentIndex(1 + self.pages.index(self.rate))
        self.rate.begin()

    def refresh(self, trainer: Trainer) -> None:
        standings = self.arena.standings
        if standings or self.page is self.rate:
            if self._is_wide and self.page is not self.runs:
                self.runs.refresh(standings)
            self._header.say(self.page.refresh(standings))
            self._share_room()
        self._dress(self.arena.contest is not None and self.arena.contest.playing)
        self._bar.say(_progress(standings, self.arena.shares) if standings else "")

    def _on_changed(self) -> None:
        some = bool(self.arena.standings)
        for widget in (self.play, self.again):
            widget.setEnabled(some)
        for action in (self._use, self._remove, self._clear):
            action.setEnabled(some)
        self._lay_out()

    def _on_shared(self) -> None:
        self._shares_itself = False

    def _share_room(self) -> None:
        """The list as wide as its columns, where that leaves the other half to the page."""
        if self._is_wide and self._shares_itself and self.page is not self.runs:
            listed = self.runs.width_for(self.width() // 2)
            if self._split.sizes()[0] != listed:
                self._split.setSizes([listed, self._split.width() - self._split.handleWidth() - listed])

    def _on_page(self, _index: int) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        page, standings = self.page, self.arena.standings
        something = bool(standings) or page is self.rate
        self._empty.setVisible(not something)
        self._split.setVisible(something)
        self._header.setVisible(something)
        for each in (self.runs, *self.pages):
            for control in each.controls:
                control.setVisible(each is page)
        self.runs.setVisible(page is self.runs or (self._is_wide and bool(standings)))
        self._stack.setVisible(page is not self.runs)
        if page is not self.runs:
            self._stack.setCurrentWidget(page)
        self._header.set_entries(page.entries(standings))
        if something:
            self.runs.refresh(standings)
            self._header.say(page.refresh(standings))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.oldSize().width() >= WIDE) != self._is_wide:
            self._lay_out()

    def _dress(self, playing: bool) -> None:
        """The button as it would act, in the colours of the theme."""
        dress = (playing, theme.current().name)
        if dress != self._shown:
            self._shown = dress
            self.play.set_sign("mdi6.pause" if playing else "mdi6.play", "accent")
            tip = "Pause: bring all runs to the same epoch" if playing else "Train all runs side by side"
            self.play.setToolTip(tip)
            self.play.setAccessibleName(tip)

    def _wear(self) -> None:
        self._shown = ()
        for page in (self.runs, *self.pages):
            page.repaint_all()
        self._dress(self.arena.contest is not None and self.arena.contest.playing)

    def _parts(self) -> list[QWidget]:
        if self._empty.isVisible():
            return [self._empty]
        beside = self.runs.parts() if self._is_wide and self.page is not self.runs else []
        return [*self._header.words, *beside, *self.page.parts()]

    def _numbers(self) -> Columns:
        return self.page.columns()

    def stop(self) -> None:
        for page in self.pages:
            page.stop()
        self.arena.stop()


def _progress(standings: tuple[Standing, ...], shares: bool) -> str:
    """How far all have come, and what slows them down."""
    if shares:
        return "Your own training runs too: they share the cores"
    ended = sum(standing.ended for standing in standings)
    preparing = next((standing.sentence for standing in standings if standing.phase == "preparing"), None)
    if preparing is not None:
        return preparing or "Preparing the data …"
    if ended == len(standings):
        return "All have ended"
    epoch = min(standing.epoch for standing in standings if not standing.ended)
    return f"Epoch {whole(epoch)}" + (f", {ended} of {len(standings)} have ended" if ended else "")


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(f"{text}: {tip[0].lower()}{tip[1:]}")
    button.setFont(theme.sized(button.font(), SMALLER))
    return button
