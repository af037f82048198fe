"""Python's cycle collection on the GUI thread only: on another thread it would destroy widgets there, and crash."""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY: Final = 1000  # ms


class Collector(QObject):
    """Takes the place of automatic collection for as long as it lives.

    One generation at a time, oldest only when its count asks for it: a full collection takes tens of milliseconds.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        gc.collect()
        gc.freeze()  # what the imports made stays: never look at it again
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(EVERY)

    def collect(self) -> None:
        counts = gc.get_count()
        for generation in (0, 1, 2):
            if counts[generation] <= self._thresholds[generation]:
                return
            gc.collect(generation)

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
