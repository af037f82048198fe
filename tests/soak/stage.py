"""The program under soak: a window that lives on between actions, and somebody who answers what it asks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, sleep, thread_time
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QWidget

from app.live import VIEWS
from app.main_window import MainWindow
from app.startup import Program
from engine.design.document import Document
from engine.errors import NetloomError
from engine.exchange.project import load_project
from tests.soak.outcome import Outcome
from tests.soak.poke import poke
from tests.soak.watch import LONG, Pace, Watch

PATIENCE: Final = 60.0  # s
BREATH: Final = 0.001  # s, in which the trainer has the interpreter to itself
FILES: Final = 40  # names that are written again and again
QUESTIONS: Final = 8  # in a row that one action may lead to


class Stage:
    """What all hands share.

    Attributes:
        window: the one that stays; ``start`` is the design that was opened in it last.
        folder: for what is saved. watch: sees what the window is held up by. pace: whether the machine is slow.
    """

    def __init__(self, program: Program, chance: random.Random, folder: Path, outcome: Outcome, watch: Watch) -> None:
        self.program, self.chance, self.folder, self.outcome = program, chance, folder, outcome
        self.watch = watch
        self.pace = Pace()
        self.doing = "open"
        self._turn = perf_counter(), thread_time()
        self._files = 0
        self.window = self.open_window()
        self.start: Document = self.window.session.document
        self.window.session.opened.connect(self._on_opened)

    def _on_opened(self) -> None:
        self.start = self.window.session.document

    # Time

    def live(self) -> None:
        """One turn of the event loop, and how long the window was held up since the last one."""
        QApplication.processEvents()
        # outside of exec() nobody else deletes what was to be deleted later
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        now, before = (perf_counter(), thread_time()), self._turn
        seen, self._turn = self.watch.turn(), now
        clock, most = self.outcome.held.get(self.doing, (0.0, 0.0))
        work = now[1] - before[1]
        if work > max(most, LONG):
            work /= self.pace.slowness()
            self._turn = perf_counter(), thread_time()
        if seen and work > most:
            self.outcome.where[self.doing] = seen
        self.outcome.held[self.doing] = max(clock, now[0] - before[0]), max(most, work)

    def begin(self, name: str) -> None:
        """From here on it is this action that holds the window up."""
        self.watch.turn()
        self.doing, self._turn = name, (perf_counter(), thread_time())

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Let the window live until something holds.

        Raises:
            TimeoutError: it does not come to hold.
        """
        deadline = perf_counter() + PATIENCE
        while not until():
            if perf_counter() > deadline:
                raise TimeoutError(what)
            self.live()
            sleep(BREATH)

    def settle(self, window: MainWindow | None = None) -> None:
        """Until what trains and what works beside the window has done all that it was told so far."""
        window = window or self.window
        for _ in range(2):  # what arrives may ask for more
            through: list[object] = []
            window.running.snapshot(partial(_pass, window, through))
            self.wait(lambda through=through: bool(through), "the trainer or the worker does not answer")

    # Windows

    def open_window(self) -> MainWindow:
        """A window with all that belongs into it."""
        window = self.program.open_window()
        self.furnished(window)
        return window

    def furnished(self, window: MainWindow) -> None:
        self.wait(lambda: len(window.views) == len(VIEWS), "the window was not furnished")
        self.wait(lambda: window.session.trainer.status.phase != "preparing", "the trainer was not ready")

    def close_others(self) -> None:
        for window in [each for each in self.program.windows if each is not self.window]:
            window._close_now()
        self.wait(lambda: len(self.program.windows) == 1, "a window does not close")

    # Questions

    def answer(self) -> None:
        """Answer what is asked, and close what has popped up."""
        for _ in range(QUESTIONS):
            while (popup := QApplication.activePopupWidget()) is not None:
                popup.close()
            asking = QApplication.activeModalWidget()
            if asking is None:
                return
            self._answer(asking)
            self.live()
        while (asking := QApplication.activeModalWidget()) is not None:
            asking.close()

    def _answer(self, asking: QWidget) -> None:
        if isinstance(asking, QMessageBox):
            self.chance.choice(asking.buttons()).click()
        elif isinstance(asking, QFileDialog):
            self._choose_file(asking)
        elif self.chance.random() < 0.6:
            poke(asking, self.chance)
        elif isinstance(asking, QDialog):
            asking.reject()
        else:
            asking.close()

    def _choose_file(self, dialog: QFileDialog) -> None:
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        saves = dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
        suffixes = re.findall(r"\*(\.\w+)", dialog.selectedNameFilter())
        there = [path for path in sorted(self.folder.iterdir()) if path.suffix in suffixes]
        if self.chance.random() < 0.2 or not (saves or there):
            dialog.reject()
            return
        dialog.selectFile(str(self.file(self.chance.choice(suffixes)) if saves else self.chance.choice(there)))
        dialog.accept()

    def file(self, suffix: str) -> Path:
        """A name to write to; after some it begins again with the first."""
        self._files = (self._files + 1) % FILES
        return self.folder / f"soak-{self._files}{suffix}"

    def write(self, path: Path) -> None:
        """Save, and wait until it is written."""
        written: list[bool] = []
        self.window.files.write(path, lambda: written.append(True))
        self.wait(lambda: bool(written), f"{path.name} was not written")

    def read(self, path: Path) -> Document:
        """The design that a project file holds, read beside the window as the program does."""
        found: list[Document] = []
        self.window.files.background.run(lambda: load_project(path).document, found.append, _raise)
        self.wait(lambda: bool(found), f"{path.name} was not read")
        return found[0]


def _pass(window: MainWindow, through: list[object], _state: object, _history: object) -> None:
    """Between the trainer's chunks: on to the worker, who is done when it is this one's turn."""
    window.files.background.run(lambda: None, through.append, through.append)


def _raise(error: NetloomError) -> None:
    raise error
