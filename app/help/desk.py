"""Where a window asks for help: the page of what has the focus, all pages, all keys, all commands, About."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.help.about import About
from app.help.context import asked
from app.help.pages import INDEX, SHORTCUTS
from app.help.palette import CommandPalette
from app.help.viewer import HelpPanel

if TYPE_CHECKING:
    from app.main_window import MainWindow


class HelpDesk(QObject):
    """One per window. ``panel`` goes into a dock called "help"."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.panel = HelpPanel(window)
        self._commands: CommandPalette | None = None

    def show(self, address: str) -> None:
        """Open a page beside the work; the focus stays where it is, so that one can go on."""
        dock = self._window.docks["help"]
        dock.show()
        dock.raise_()
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
