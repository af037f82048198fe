"""Python's cycle collection on the GUI thread only: on another thread it would destroy widgets there, and crash."""

from __future__ import annotations

import gc
from time import perf_counter
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY: Final = 200  # ms
DEAR: Final = 0.008  # s: what lives after so long a look is not looked at again


class Collector(QObject):
    """Takes the place of automatic collection for as long as it lives: one generation at a time, when it is due."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        gc.freeze()  # what the imports made stays
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(EVERY)

    def collect(self) -> None:
        """Collect as far as Python itself would, but never the same large heap twice."""
        for generation, threshold in enumerate(self._thresholds):
            if gc.get_count()[generation] <= threshold:
                return
            began = perf_counter()
            gc.collect(generation)
            if perf_counter() - began > DEAR:
                gc.freeze()

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
