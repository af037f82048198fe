"""Where a window asks for help: the page of what has the focus, all pages, all keys, all commands, About."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDockWidget

from app.help.about import About
from app.help.context import asked
from app.help.pages import INDEX, SHORTCUTS
from app.help.palette import CommandPalette
from app.help.viewer import HelpPanel
from app.theme import GRID

if TYPE_CHECKING:
    from app.main_window import MainWindow

NARROW: Final = 35 * GRID  # a dock that was never shown is given what its neighbour spares, which is nothing
WIDTH: Final = 45 * GRID


class HelpDesk(QObject):
    """One per window. ``panel`` goes into a dock called "help"."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.panel = HelpPanel(window)
        self._commands: CommandPalette | None = None

    def watch(self, dock: QDockWidget) -> None:
        """Take care of the dock that the panel has been put into."""
        dock.visibilityChanged.connect(self._on_visibility_changed)

    def _on_visibility_changed(self, _visible: bool) -> None:
        """What is beside help keeps its width when help goes; the canvas has the room."""
        window, dock = self._window, self._window.docks["help"]
        beside = window.docks["inspector"]
        alone = not dock.isHidden() or dock.isFloating()
        if alone or beside.isFloating() or window.dockWidgetArea(dock) != window.dockWidgetArea(beside):
            return
        width = self._width_beside()
        if width and dock not in window.tabifiedDockWidgets(beside):
            window.resizeDocks([beside], [width], Qt.Orientation.Horizontal)

    def _width_beside(self) -> int:
        """Of the inspector, or of the tab that lies on it; 0 where none can be seen."""
        beside = self._window.docks["inspector"]
        tabs = (beside, *self._window.tabifiedDockWidgets(beside))
        return next((tab.width() for tab in tabs if not tab.visibleRegion().isEmpty()), 0)

    def show(self, address: str) -> None:
        """Open a page beside the work; the focus stays where it is, so that one can go on."""
        window, dock, beside = self._window, self._window.docks["help"], self._window.docks["inspector"]
        kept = self._width_beside() or beside.sizeHint().width()
        dock.show()
        dock.raise_()
        if not dock.isFloating() and dock.width() < NARROW:
            window.resizeDocks([dock, beside], [WIDTH, kept], Qt.Orientation.Horizontal)
        self.panel.open(address)

    def show_this(self) -> None:
        """What F1 means: the field, the layer or the panel that has the focus."""
        self.show(asked(self._window))

    def show_index(self) -> None:
        self.show(INDEX)
        self.panel.search.setFocus()

    def show_shortcuts(self) -> None:
        self.show(SHORTCUTS)

    def show_commands(self) -> None:
        if self._commands is None:
            self._commands = CommandPalette(self._window)
        self._commands.ask()

    def show_about(self) -> None:
        About(self._window.log_path, self._window).open()
