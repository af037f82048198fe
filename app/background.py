"""Work that would hold up the window, done beside it: files read and written, data looked at."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from engine.errors import NetloomError

T = TypeVar("T")


class Background(QObject):
    """One worker thread; answers arrive on the GUI thread, in order."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="netloom-files")
        self._pool.submit(_nothing)  # the thread begins now: who starts one waits until it has had the interpreter
        self._stopped = False
        # queued also where the work was done before anyone waited for it: an answer never comes within the call
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[NetloomError], None]) -> None:
        """``work()`` beside the window, then ``done(result)``, or ``failed(error)`` for what a user can mend.

        Any other exception is raised again on the GUI thread, where the program's own hook takes it. After `stop`
        nothing begins any more: a window that is closed at once still has steps of its start to come.
        """
        if self._stopped:
            return

        def arrived(future: Future[T]) -> None:
            self._arrived.emit(lambda: _deliver(future, done, failed))

        self._pool.submit(work).add_done_callback(arrived)

    def stop(self) -> None:
        """Wait for what has begun; what arrives later is not delivered."""
        self._stopped = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _on_arrived(self, deliver: Callable[[], None]) -> None:
        if not self._stopped:
            deliver()


def _nothing() -> None:
    """Work for a thread that is only to begin."""


def _deliver(future: Future[T], done: Callable[[T], None], failed: Callable[[NetloomError], None]) -> None:
    try:
        result = future.result()
    except NetloomError as error:
        failed(error)
    else:
        done(result)
