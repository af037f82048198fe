"""Python's cycle collection on the GUI thread only: on another thread it would destroy widgets there, and crash."""

from __future__ import annotations

import gc
import sys
from time import perf_counter, thread_time
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY: Final = 200  # ms
SHARE: Final = 0.01  # of the time that such looks may take
LIBRARY: Final = 32  # modules: that many at a time are no dialog of ours but a library, with all that it is made of


class Collector(QObject):
    """Takes the place of automatic collection for as long as it lives: one generation at a time, when it is due.

    What imports have made stays, and is never looked at: most of the heap. That of a library that is imported late is
    let out before the first look at it, not after: that one look would hold the window up. Nothing else is exempt, or
    the circles of a closed window would be held for ever.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        gc.freeze()
        self._modules = len(sys.modules)
        self._rest = 0.0  # until when all that lives is not looked at again
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(EVERY)

    def collect(self) -> None:
        """Collect as far as Python itself would, and all that lives as seldom as it is dear."""
        if len(sys.modules) > self._modules + LIBRARY:
            self._modules = len(sys.modules)
            gc.freeze()
        for generation, threshold in enumerate(self._thresholds):
            if gc.get_count()[generation] <= threshold:
                return
            if generation < len(self._thresholds) - 1:
                gc.collect(generation)
            elif perf_counter() > self._rest:
                self._collect_all()

    def _collect_all(self) -> None:
        began = thread_time()
        gc.collect()
        self._rest = perf_counter() + (thread_time() - began) / SHARE

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
