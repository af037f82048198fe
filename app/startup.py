"""From the command line to an open window: what must be there before it shows, and what can come after."""

from __future__ import annotations

import gc
import os
import sys
from functools import partial
from pathlib import Path
from typing import Final
from weakref import ref

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app import appearance, memory, preferences
from app.announcer import SOON
from app.collector import Collector
from app.examples import RESOURCES
from app.faults import Faults
from app.live import VIEWS, import_views
from app.main_window import MainWindow
from app.salvage import offer_abandoned
from app.session import Session
from engine.design.document import Document
from engine.errors import NetloomError
from engine.exchange.design_json import load_design

SWITCH: Final = 0.0005  # s
DRAWS_ALONE: Final = "QT_NO_GUI_THREADPOOL"  # read by Qt when it first draws
OFFSET: Final = QPoint(32, 32)
OPENING: Final = RESOURCES / "examples" / "spiral.json"


class Program:
    """The open windows, and what they share."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.windows: list[MainWindow] = []
        self._quitting = False
        memory.keep_together()
        self.faults = Faults()
        appearance.dress()
        appearance.follow_system()
        self.collector = Collector()
        # The trainer asks for the interpreter a hundred times a second, for microseconds: let it not wait for a frame.
        sys.setswitchinterval(SWITCH)

    def open_window(self, path: Path | None = None) -> MainWindow:
        """A window on a file, or on the design to begin with."""
        window = MainWindow(Session(opening()), self.open_window, self.faults.path)
        window.closed.connect(self._on_closed)
        window.quit_wanted.connect(self.quit)
        window.files.kept_open.connect(self._stay)
        if self.windows:  # beside the last one, so that both are seen
            window.move(self.windows[-1].pos() + OFFSET)
        self.windows.append(window)
        window.show()
        if path is not None:
            window.files.open(path)
        # What trains and what draws takes as long to import as all before: beside the window, once it can be seen.
        background = window.files.background
        QTimer.singleShot(0, window, lambda: background.run(_import_the_rest, lambda _: _furnish(window), _raise))
        return window

    def begin(self, paths: list[Path]) -> None:
        """The windows of a start, and what an earlier one has left."""
        last = QSettings().value("last", "")
        if not paths and preferences.START.get() == "last" and last and Path(last).is_file():
            paths = [Path(last)]
        for path in paths or [None]:
            self.open_window(path)
        first = self.windows[0]
        QTimer.singleShot(0, first, lambda: offer_abandoned(first, self.open_window))

    def quit(self) -> None:
        """Close one window after the other, for as long as the user does not say no."""
        self._quitting = True
        self._close_next()

    def stop(self) -> None:
        self.collector.stop()
        self.faults.stop()

    def _on_closed(self, window: MainWindow) -> None:
        self.windows.remove(window)
        if self._quitting:
            QTimer.singleShot(0, self._close_next)

    def _close_next(self) -> None:
        if self._quitting and self.windows:
            self.windows[-1].raise_()
            self.windows[-1].close()

    def _stay(self) -> None:
        self._quitting = False


def opening() -> Document:
    """The design that a new window shows, ready to Play."""
    return Document() if preferences.START.get() == "empty" else load_design(OPENING)


def make_application(argv: list[str]) -> QApplication:
    """The one application object.

    Qt would share the drawing of every larger picture out among threads, and wait for them. Pictures here are many and
    small, and a processor is the trainer's: 500 boxes took twice the work, and frames waited for it to be done.
    """
    os.environ.setdefault(DRAWS_ALONE, "1")
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, True)
    app = QApplication(argv)
    introduce(app)
    return app


def introduce(app: QApplication) -> None:
    """The names under which settings are kept and the desktop knows the program."""
    app.setApplicationName("netloom")
    app.setOrganizationName("netloom")
    app.setDesktopFileName("netloom")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)


def main(argv: list[str]) -> int:
    """Open the window; returns when the last one is closed.

    Args:
        argv: the program's name, then files to open.
    """
    app = make_application(argv)
    program = Program(app)
    paths = [Path(name) for name in app.arguments()[1:]]
    program.begin(paths)
    code = app.exec()
    program.stop()
    return code


def _import_the_rest() -> None:
    known = len(sys.modules)
    import_views()
    import engine.training.trainer  # noqa: F401

    if len(sys.modules) > known:  # modules stay: a collection need not look at them; it must at what windows drop
        gc.freeze()


def _furnish(window: MainWindow) -> None:
    """The trainer, then the views."""
    from engine.training.trainer import Trainer

    window.running.begin(Trainer(window.session.document))
    _make_views(ref(window), [view.key for view in VIEWS])


def _make_views(known: ref[MainWindow], keys: list[str]) -> None:
    """One after the other: timers that are due together go off together, and the window would not answer in between.

    The window by a weak reference: of a timer that never goes off, as its window is closed, Qt does not let go.
    """
    window = known()
    if window is not None and keys:
        try:
            window.make_view(keys[0])
        finally:  # one at fault does not cost the others
            QTimer.singleShot(SOON, window, partial(_make_views, known, keys[1:]))


def _raise(error: NetloomError) -> None:
    raise error


if __name__ == "__main__":
    sys.exit(main(sys.argv))
