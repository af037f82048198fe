"""Ctrl-C while training: asked for at any moment, heeded where the state is whole."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self


class Interrupts:
    """Within it Ctrl-C sets ``asked`` once training is under way; before that, and the second time, it acts at once."""

    def __init__(self) -> None:
        self.asked = False
        self._held = False
        self._before: Any = None

    def hold(self) -> None:
        """From now on there is a state worth saving."""
        self._held = True

    def __enter__(self) -> Self:
        # Only the main thread may set a handler; in another nobody presses Ctrl-C.
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.asked or not self._held:
            raise KeyboardInterrupt
        self.asked = True
