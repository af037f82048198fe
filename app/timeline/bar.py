"""The bar below the plots: the timeline, words for the moment under the mouse, and what can be done to branches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isfinite
from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QToolButton, QWidget

from app import theme
from app.banner import Banner
from app.elided import Elided
from app.live.empty import Waiting
from app.live.key import SMALLER, SignButton
from app.live.numbers import short, whole
from app.session import Session
from app.theme import sized
from app.timeline import HEIGHT
from app.timeline.naming import Naming
from app.timeline.table import BranchTable
from app.timeline.track import Track
from engine.training.timeline.moment import Branch, Here, Moment, Overview

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

READ_EVERY: Final = 0.1  # s between two pictures while it trains: nobody reads faster
ANSWERED: Final = 1.0  # s after which a moment that was asked for is not waited for any more
READING: Final = 42  # letters


class TimelineBar(QWidget):
    """Travels at once; while the training is on its way, only the newest place of a drag is asked for."""

    def __init__(self, session: Session, banner: Banner) -> None:
        super().__init__()
        self._session, self._banner = session, banner
        self._overview = Overview()
        self._here: Here | None = None
        self._wanted: Moment | None = None
        self._sent: Moment | None = None
        self._at = self._sent_at = 0.0
        self.track = Track()
        self.track.wanted.connect(self._on_wanted)
        self.track.pointed.connect(self._on_pointed)
        self.track.began.connect(session.settle)
        self.track.ended.connect(session.settle)
        self.reading = Elided()
        theme.set_role(self.reading, "dim")
        self.reading.setFont(sized(self.font(), SMALLER))
        self.reading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.naming = Naming()
        self.naming.named.connect(self._on_named)
        self._words = QStackedWidget()
        self._words.addWidget(self.reading)
        self._words.addWidget(self.naming)
        self.now = SignButton("mdi6.arrow-collapse-right", "Back to now: the newest moment of this branch")
        self.branches = SignButton("mdi6.source-branch", "Branches: go to one, name, compare, delete")
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        self._deletion = QMenu("&Delete", self.menu)  # one for always: cleared menus leave those below them behind
        self.branches.setMenu(self.menu)
        self.branches.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(6)
        self._stack = QStackedWidget()
        self._stack.setFixedHeight(HEIGHT)
        waiting = Waiting(session, "a timeline to go back on")
        waiting.setMinimumHeight(0)  # else it is higher than the bar, and its words are not in the middle
        self._stack.addWidget(waiting)
        self._stack.addWidget(self.track)
        row.addWidget(self._stack, 1)
        for widget in (self._words, self.now, self.branches):
            row.addWidget(widget)
        self.now.setEnabled(False)
        self.branches.setEnabled(False)
        self._words.hide()
        self._fit_words()
        self._question = ""
        session.overlaid_changed.connect(self._show)
        session.opened.connect(self._take_back_question)

    # -- what it shows

    def refresh(self, trainer: Trainer) -> None:
        """Show what is new, and travel on where the last way has come to its end."""
        here, overview = trainer.here, trainer.timeline
        if here is None or not (len(overview.moments) > 1 or overview.refused):
            self._wait()
            return
        arrived = self._sent is None or here.place == self._sent.place
        if arrived or perf_counter() - self._sent_at > ANSWERED:
            self._sent = None
            self._send()
        calm = trainer.status.phase != "running"
        if calm or perf_counter() - self._at >= READ_EVERY:
            self._at = perf_counter()
            self._overview, self._here = overview, here
            self._show()

    def _fit_words(self) -> None:
        self._words.setFixedWidth(READING * self.fontMetrics().averageCharWidth())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_words()

    def hideEvent(self, event: QHideEvent) -> None:
        self._forget()
        super().hideEvent(event)

    def _forget(self) -> None:
        """Hold no moments while none are shown: those of a design that is closed are large."""
        self._overview, self._here, self._wanted, self._sent = Overview(), None, None, None
        self.track.forget()
        self.menu.clear()
        self._deletion.clear()

    def go(self, moment: Moment, _checked: bool = False) -> None:
        """Travel to a moment, as a gesture of its own."""
        self._session.settle()
        self._on_wanted(moment)
        self._session.settle()

    def _wait(self) -> None:
        """There is nowhere to go yet: say how that comes about."""
        if self._stack.currentWidget() is self.track:
            self._stack.setCurrentIndex(0)
            self._forget()
            self._words.setCurrentWidget(self.reading)
            self._words.hide()
            self._read("")
            self.now.setEnabled(False)
            self.branches.setEnabled(False)

    def _show(self) -> None:
        if self._here is not None:
            self._stack.setCurrentWidget(self.track)
            self._words.show()
            self.branches.setEnabled(True)
            self.track.show_timeline(self._overview, self._here, self._session.overlaid)
            self.now.setEnabled(not self._here.newest)
            if not self.track.pointing:
                self._read(self._said_here(self._here))

    def _read(self, text: str) -> None:
        if text != self.reading.text():
            self.reading.setText(text)
            self.reading.setToolTip(text)

    def _said_here(self, here: Here) -> str:
        if self._overview.refused:
            size = self._overview.refused / 2**20
            return f"{size:,.0f} MB a moment: too large for the memory in the preferences"
        branch = self._overview.branch(here.place.branch)
        place = "newest moment" if here.newest else "gone back"
        return f"{_named(branch, self._overview)}epoch {_epochs(here.at)}, {place}"

    def _on_pointed(self, moment: Moment | None) -> None:
        if moment is not None:
            self._read(f"{_named(self._overview.branch(moment.place.branch), self._overview)}{spoken(moment)}")
        elif self._here is not None:
            self._read(self._said_here(self._here))
        self.track.setToolTip(spoken(moment) if moment is not None else "")

    # -- travelling

    def _on_wanted(self, moment: Moment) -> None:
        self._wanted = moment
        if self._sent is None:
            self._send()

    def _send(self) -> None:
        if self._wanted is not None:
            self._sent, self._wanted = self._wanted, None
            self._sent_at = perf_counter()
            self._session.travel(self._sent)

    # -- branches

    def _fill(self) -> None:
        """The menu as the branches are now."""
        menu, here = self.menu, self._here
        menu.clear()
        present = None if here is None else here.place.branch
        for branch in self._overview.branches:
            own = self._overview.of_branch(branch.number)
            action = menu.addAction(f"{branch.name}\t{spoken(own[-1])}" if own else branch.name)
            action.setCheckable(True)
            action.setChecked(branch.number == present)
            action.setEnabled(bool(own))
            action.setToolTip("Go to its newest moment")
            if own:
                action.triggered.connect(partial(self.go, own[-1]))
        menu.addSeparator()
        many = len(self._overview.branches) > 1
        self._entry("&Name this branch…", self.name, present is not None)
        overlay = self._entry("Draw all over the &curves", self._overlay, many)
        overlay.setCheckable(True)
        overlay.setChecked(bool(self._session.overlaid))
        self._entry("&Table of branches…", self.show_table, bool(self._overview.branches))
        delete = self._deletion
        delete.clear()
        menu.addMenu(delete)
        delete.setEnabled(many)
        leads = self._overview.leading(present)
        for branch in self._overview.branches:
            if branch.number not in leads:
                delete.addAction(branch.name, partial(self._ask_delete, branch))
        if delete.isEmpty():
            delete.addAction("This one leads to where you are").setEnabled(False)

    def _entry(self, text: str, do: Callable[[], object], enabled: bool) -> QAction:
        action = self.menu.addAction(text)
        action.triggered.connect(lambda _checked=False: do())
        action.setEnabled(enabled)
        return action

    def name(self) -> None:
        """Have the branch named, in place."""
        branch = None if self._here is None else self._overview.branch(self._here.place.branch)
        if branch is not None:
            self._words.setCurrentWidget(self.naming)
            self.naming.begin(branch)

    def _on_named(self, number: int, name: str) -> None:
        self._words.setCurrentWidget(self.reading)
        self.track.setFocus()
        if name and self._session.trainer is not None:
            self._session.trainer.name_branch(number, name)

    def _overlay(self) -> None:
        numbers = [branch.number for branch in self._overview.branches]
        self._session.overlay(() if self._session.overlaid else numbers)

    def show_table(self) -> None:
        """The branches' last and best numbers side by side."""
        table = self.findChild(BranchTable) or BranchTable(self)
        table.fill(self._overview, self._session)
        table.show()
        table.raise_()

    def _ask_delete(self, branch: Branch) -> None:
        """Asked in place, because it cannot be undone."""
        grown = self._overview.grown_from(branch.number)
        count = sum(len(self._overview.of_branch(each.number)) for each in (branch, *grown))
        more = f", and {', '.join(each.name for each in grown)}, which grew from it" if grown else ""
        self._question = f"“{branch.name}” has {whole(count)} moments{more}. Deleting cannot be undone."
        self._banner.say(self._question, "warning", f"Delete {branch.name}", partial(self._delete, branch.number))

    def _take_back_question(self) -> None:
        """Another design may have a branch of the same number."""
        if self._question and self._banner.text == self._question:
            self._banner.hide()
        self._question = ""

    def _delete(self, number: int) -> None:
        if self._session.trainer is not None:
            gone = {number, *(branch.number for branch in self._overview.grown_from(number))}
            self._session.overlay(self._session.overlaid - gone)
            self._session.trainer.delete_branch(number)


def spoken(moment: Moment) -> str:
    """A moment in words: "epoch 40, loss 0.0123, val. 0.02"."""
    words = [f"epoch {_epochs(moment.at)}"]
    if isfinite(moment.loss):
        words.append(f"loss {short(moment.loss)}")
    if isfinite(moment.validation_loss):
        words.append(f"val. {short(moment.validation_loss)}")
    return ", ".join(words)


def _epochs(at: float) -> str:
    return whole(at) if at == int(at) else f"{at:.2f}"


def _named(branch: Branch | None, overview: Overview) -> str:
    return f"{branch.name}: " if branch is not None and len(overview.branches) > 1 else ""
