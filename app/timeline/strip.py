"""The place of the timeline's bar, below all docks, unless the user does not want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow

from app import preferences
from app.banner import Banner
from app.plain_bar import PlainBar
from app.session import Session
from app.timeline import HEIGHT

if TYPE_CHECKING:
    from app.timeline.bar import TimelineBar
    from engine.training.trainer import Trainer


class TimelineStrip(QObject):
    """Over the whole width. Its room is taken from the start: at the first Play no dock moves, or is painted anew.

    Attributes:
        wanted: whether the user wants to see it.
        bar: None until the window is shown and has a trainer.
    """

    def __init__(self, session: Session, banner: Banner, window: QMainWindow) -> None:
        super().__init__(window)
        self._session, self._banner = session, banner
        self.bar: TimelineBar | None = None
        self._tools = PlainBar("Timeline", "timeline")
        self._tools.toggleViewAction().setVisible(False)  # the View menu has an entry that remembers what is wanted
        self._tools.setMinimumHeight(HEIGHT)
        window.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self._tools)
        preferences.announcer.changed.connect(self._obey)
        self._obey()

    def toggle(self) -> None:
        preferences.TIMELINE.set(not self.wanted)

    def refresh(self, trainer: Trainer) -> None:
        """Keep it fresh while it is there, also where a remembered layout is of another mind."""
        self._show()
        if not self.wanted:
            return
        if self.bar is None:
            from app.timeline.bar import TimelineBar

            self.bar = TimelineBar(self._session, self._banner)
            self.bar.now.clicked.connect(self.to_now)
            self._tools.addWidget(self.bar)
        if self.bar.isVisible():
            self.bar.refresh(trainer)

    def to_now(self) -> None:
        """To the newest moment of the branch that the training is on, also where the bar is not wanted."""
        trainer = self._session.trainer
        here = None if trainer is None else trainer.here
        if trainer is None or here is None or here.newest:
            return
        own = trainer.timeline.of_branch(here.place.branch)
        if own and self.bar is not None and self.bar.isVisible():
            self.bar.go(own[-1])
        elif own:
            self._session.settle()
            self._session.travel(own[-1])
            self._session.settle()

    def _obey(self) -> None:
        self.wanted = preferences.TIMELINE.get()
        self._show()

    def _show(self) -> None:
        if self._tools.isHidden() == self.wanted:
            self._tools.setVisible(self.wanted)
