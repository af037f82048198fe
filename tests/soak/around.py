"""What is done with the window, the views and the files around the design."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QPageSize, QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import preferences, recovery
from app.examples import examples
from app.help.pages import pages
from app.main_window import MainWindow
from app.preferences_dialog import PreferencesDialog
from app.salvage import offer_abandoned
from tests.app.conftest import quick
from tests.soak.poke import pick, poke
from tests.soak.stage import Stage

ENDING: Final = ("file.close", "file.quit", "file.window")  # what a soak does otherwise
THEMES: Final = ("view.dark", "view.light", "view.system")
SIZES: Final = (90, 125, 100)  # % of letters
LETTERS: Final = ("dark", "dens", "undo", "learn", "layout", "seed", "align", "fit", "q")


class Around:
    """Docks, views, theme, help, preferences, files, other windows."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.chance = stage, stage.chance
        self.window, self.session = stage.window, stage.window.session

    def acts(self) -> list[tuple[float, Callable[[], object]]]:
        return [
            (14, self.view), (4, self.live_dock), (3, self.panel), (1, self.float), (2, self.solo), (2, self.restore),
            (3, self.theme), (2, self.letters), (2, self.resize), (1, self.full_screen), (2, self.palette_panel),
            (3, self.help_page), (1, self.help_panel), (1, self.print_page), (1, self.about), (2, self.commands),
            (3, self.menu), (2, self.preferences), (2, self.banner), (1, self.focus),
            (2, self.autosave), (2, self.save), (1, self.save_as), (1, self.load), (0.3, self.open_project),
            (0.5, self.example), (0.3, self.recover), (0.5, self.second_window),
        ]  # fmt: skip

    # Views

    def view(self) -> None:
        """Any control of a live view that can be seen."""
        seen = [view for view in self.window.views.values() if view.isVisible()]
        if seen:
            poke(self.chance.choice(seen), self.chance)

    def live_dock(self) -> None:
        """Bring a live view to the front."""
        dock = self.window.docks[self.chance.choice(list(self.window.views))]
        dock.show()
        dock.raise_()

    def panel(self) -> None:
        self.chance.choice(list(self.window.docks.values())).toggleViewAction().trigger()

    def float(self) -> None:
        dock = self.chance.choice(list(self.window.docks.values()))
        dock.setFloating(not dock.isFloating())

    def solo(self) -> None:
        self.window.solo.toggle(self.chance.choice(["", "canvas", *self.window.views]))

    def restore(self) -> None:
        self.window.actions_by_key["view.restore"].trigger()

    def theme(self) -> None:
        self.window.actions_by_key[self.chance.choice(THEMES)].trigger()

    def letters(self) -> None:
        preferences.FONT_SCALE.set(self.chance.choice([*SIZES, 100]))

    def resize(self) -> None:
        self.window.resize(self.chance.randrange(1000, 1600), self.chance.randrange(700, 1000))

    def full_screen(self) -> None:
        self.window.actions_by_key["view.full"].trigger()

    def palette_panel(self) -> None:
        poke(self.window.docks["palette"].widget(), self.chance)

    def focus(self) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, Qt.Key.Key_Tab)

    def banner(self) -> None:
        shown = [banner for banner in (self.window.banner, self.window.offers) if banner.isVisible()]
        if shown:
            poke(self.chance.choice(shown), self.chance)

    # Help, menus, preferences

    def help_page(self) -> None:
        self.window.help.show(self.chance.choice(list(pages())))

    def help_panel(self) -> None:
        key = self.chance.choice(["help.this", "help.index", "help.shortcuts"])
        self.window.actions_by_key[key].trigger()
        poke(self.window.help.panel, self.chance)

    def print_page(self) -> None:
        print_help(self.window)

    def about(self) -> None:
        self.window.actions_by_key["help.about"].trigger()

    def commands(self) -> None:
        """The command palette: letters, Enter, unless it would end the window."""
        self.window.actions_by_key["help.palette"].trigger()
        palette = self.window.help._commands
        QTest.keyClicks(palette.search, self.chance.choice(LETTERS))
        command = palette.list.currentIndex().data(Qt.ItemDataRole.UserRole)
        ends = command is None or command.title in ("Close", "Quit", "New window")
        QTest.keyClick(palette.search, Qt.Key.Key_Escape if ends else Qt.Key.Key_Return)

    def menu(self) -> None:
        """Open a menu of the menu bar, and do what can be done in it."""
        menu = self.chance.choice(self.window.menuBar().actions()).menu()
        menu.popup(self.window.pos())
        ending = [self.window.actions_by_key[key] for key in ENDING]
        for action in ending:
            action.setEnabled(False)
        try:
            pick(menu, self.chance)
        finally:
            for action in ending:
                action.setEnabled(True)
            menu.close()

    def preferences(self) -> None:
        self.window.actions_by_key["edit.preferences"].trigger()
        dialog = self.window.findChild(PreferencesDialog)
        poke(dialog, self.chance)
        if self.chance.random() < 0.7:
            dialog.close()

    # Files

    def autosave(self) -> None:
        self.window.autosave.save()

    def save(self) -> None:
        self.stage.write(self.stage.folder / self.chance.choice(["soak.netloom", "soak.json"]))

    def save_as(self) -> None:
        self.window.actions_by_key["file.save_as"].trigger()

    def load(self) -> None:
        """The design as the file has it; as an edit, so that undo still leads to the start."""
        path = self.stage.folder / "soak.netloom"
        self.stage.write(path)
        self.session.edit("Load", self.stage.read(path))

    def open_project(self) -> None:
        """With all that it has learnt, and with the question what is to become of what is open."""
        path = self.stage.folder / "soak.netloom"
        if path.exists():
            self.window.files.open(path)

    def example(self) -> None:
        self.window.files.open_example(self.chance.choice(examples()))

    # Other windows

    def second_window(self) -> None:
        """Open one, bring it what was copied here, train, and close it with an answer to its question."""
        stage, window = self.stage, self.window
        window.canvas.commands.actions["select_all"].trigger()
        window.canvas.commands.actions["copy"].trigger()
        window.actions_by_key["file.window"].trigger()
        other = stage.program.windows[-1]
        stage.furnished(other)
        other.session.edit("Begin with a chain", quick())  # it may have begun with an empty canvas
        other.canvas.commands.actions["paste"].trigger()
        other.session.undo.undo()
        other.actions_by_key["run.play"].trigger()
        stage.wait(lambda: other.session.trainer.status.step > 0, "a second window does not train")
        other.session.undo.redo()
        other.actions_by_key["file.close"].trigger()
        stage.answer()
        stage.close_others()

    def recover(self) -> None:
        """As after a crash: what another program has left is offered, and brought back or let go."""
        stage, window = self.stage, self.window
        stage.write(stage.folder / "left.netloom")
        recovery.folder().mkdir(parents=True, exist_ok=True)
        shutil.copy(stage.folder / "left.netloom", recovery.folder() / f"{uuid4().hex}.netloom")
        offer_abandoned(window, stage.program.open_window)
        stage.wait(lambda: not window.offers.isHidden(), "what was left is not offered")
        button = self.chance.choice([window.offers._offer, window.offers._other])
        button.click()
        for other in list(stage.program.windows):
            stage.furnished(other)
        QApplication.processEvents()
        stage.close_others()


def print_help(window: MainWindow) -> None:
    """The open page of help, on paper that nobody keeps."""
    paper = QBuffer()
    paper.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(paper)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    window.help.panel.print_to(writer)
