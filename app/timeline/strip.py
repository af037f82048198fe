"""Shows the bar when there is somewhere to travel to, unless the user does not want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow, QToolBar

from app import preferences
from app.banner import Banner
from app.session import Session

if TYPE_CHECKING:
    from app.timeline.bar import TimelineBar
    from engine.training.trainer import Trainer


class TimelineStrip(QObject):
    """Over the whole width, below all docks. The bar is made when it is first shown: not before the window is.

    Attributes:
        wanted: whether the user wants to see it, where there is something to see.
    """

    def __init__(self, session: Session, banner: Banner, window: QMainWindow) -> None:
        super().__init__(window)
        self._session, self._banner = session, banner
        self.bar: TimelineBar | None = None
        self._tools = QToolBar("Timeline")
        self._tools.setObjectName("timeline")
        self._tools.setMovable(False)
        self._tools.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._tools.setStyleSheet("QToolBar { border: 0; padding: 0; spacing: 0; background: palette(window); }")
        self._tools.toggleViewAction().setVisible(False)  # the View menu has an entry that remembers what is wanted
        window.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self._tools)
        self._tools.hide()
        preferences.announcer.changed.connect(self._obey)
        self._obey()

    def toggle(self) -> None:
        preferences.TIMELINE.set(not self.wanted)

    def refresh(self, trainer: Trainer) -> None:
        """Show or hide it, and keep it fresh while it is there."""
        overview = trainer.timeline
        shows = self.wanted and (len(overview.moments) > 1 or overview.refused > 0)
        if shows and self.bar is None:
            from app.timeline.bar import TimelineBar

            self.bar = TimelineBar(self._session, self._banner)
            self._tools.addWidget(self.bar)
        if self._tools.isHidden() == shows:
            self._tools.setVisible(shows)
        if shows and self.bar is not None and self.bar.isVisible():
            self.bar.refresh(trainer)

    def _obey(self) -> None:
        self.wanted = preferences.TIMELINE.get()

    def to_now(self) -> None:
        if self.bar is not None:
            self.bar.to_now()
