"""What happens when the program itself is at fault: a log file, and a dialog that lets one go on."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from platformdirs import user_log_path
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

log = logging.getLogger("netloom")


class Faults(QObject):
    """Takes exceptions that nobody handled, from any thread; the run and the window go on."""

    _caught = Signal(str)

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        """``folder``: where the log is kept; the platform's own when None."""
        super().__init__(parent)
        self.path = (folder or user_log_path("netloom", appauthor=False, ensure_exists=True)) / "netloom.log"
        self._handler = RotatingFileHandler(self.path, maxBytes=1_000_000, backupCount=2, delay=True, encoding="utf-8")
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(self._handler)
        self._caught.connect(self._show)
        self._open: QMessageBox | None = None
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self.take
        threading.excepthook = lambda hook: self.take(hook.exc_type, hook.exc_value, hook.exc_traceback)

    def take(self, kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, where))
        log.error(details)
        self._caught.emit(details)

    def stop(self) -> None:
        """Give the hooks back and close the log."""
        sys.excepthook, threading.excepthook = self._before
        log.removeHandler(self._handler)
        self._handler.close()

    def _show(self, details: str) -> None:
        if self._open is not None:  # one at a time: a fault in a timer would fill the screen
            return
        box = QMessageBox(QApplication.activeWindow())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Something went wrong")
        box.setText("Netloom made a mistake. Your work is still there and the training goes on.")
        box.setInformativeText(f"Please save, and send us the details. They are also in\n{self.path}")
        box.setDetailedText(details)
        copy: QPushButton = box.addButton("Copy Details", QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()
        copy.clicked.connect(lambda: QApplication.clipboard().setText(details))
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Close))
        box.finished.connect(self._closed)
        self._open = box
        box.open()

    def _closed(self, _result: int) -> None:
        if self._open is not None:
            self._open.deleteLater()
            self._open = None
