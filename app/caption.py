"""The title of a window: which file, whether something is not saved, and how far the training is."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.training.trainer import Trainer

EVERY: Final = 1.0  # s: the desktop draws titles and task bars, and not for us alone


class Caption(QObject):
    """Keeps the title. Task bars and window lists show it: the progress is seen there while one works elsewhere."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._progress = ""
        self._at = 0.0
        window.unsaved.changed.connect(self.show)
        self.show()

    def show(self) -> None:
        window = self._window
        path = window.session.path
        window.setWindowFilePath(str(path) if path else "")
        window.setWindowTitle(f"{self._progress}{window.files.name}[*] – Netloom")
        window.setWindowModified(window.unsaved.any)

    def refresh(self, trainer: Trainer) -> None:
        """How far a run is that somebody waits for."""
        status = trainer.status
        runs = status.phase == "running" and status.epochs > 0
        if runs and self._progress and perf_counter() - self._at < EVERY:
            return
        progress = f"{100 * status.epoch // status.epochs} % – " if runs else ""
        if progress != self._progress:
            self._progress, self._at = progress, perf_counter()
            self.show()
