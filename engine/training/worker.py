"""A thread that does what it is told in between what it does by itself, and that no fault ends."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

import numpy as np

from engine.errors import NetloomError

LOGGER = logging.getLogger("netloom")


class Worker:
    """One thread with a queue of commands. Whoever calls it never waits, except in `close`."""

    def __init__(
        self,
        name: str,
        turn: tuple[Callable[[], None], ...],
        patience: Callable[[], float | None],
        failed: Callable[[NetloomError], None],
    ) -> None:
        """Args:
        turn: what is done by itself, one after the other, whenever the commands have been taken.
        patience: seconds that it may wait for a command before the next turn; None: until one comes.
        failed: told what went wrong in a command or a turn, in words for the user.
        """
        self._turn, self._patience, self._failed = turn, patience, failed
        self._commands: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def tell(self, command: Callable[[], None]) -> None:
        """Have something done before the next turn."""
        self._commands.put(command)

    def wake(self) -> None:
        """Have the next turn now."""
        self._commands.put(None)

    def close(self) -> None:
        """Stop and join; afterwards nothing is done any more."""
        self._closing.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join()

    def _live(self) -> None:
        # what diverges is told in words; the thread's own NumPy must not warn about it
        with np.errstate(all="ignore"):
            while not self._closing.is_set():
                self._take_commands()
                if self._closing.is_set():
                    break
                for what in self._turn:
                    self._guard(what)

    def _take_commands(self) -> None:
        try:
            command = self._commands.get(timeout=self._patience())
        except Empty:
            return
        while True:
            if command is not None:
                self._guard(command)
            try:
                command = self._commands.get_nowait()
            except Empty:
                return

    def _guard(self, what: Callable[[], None]) -> None:
        """Do something; what goes wrong is told, and the thread lives on."""
        try:
            what()
        except NetloomError as error:
            self._failed(error)
        except MemoryError:
            self._failed(
                NetloomError("training", "the memory of this machine is not enough", "Use fewer units or examples")
            )
        except Exception as error:  # a fault of ours must not end the thread: it is said, and training waits
            LOGGER.exception("the thread %s met a fault", self._thread.name)
            self._failed(
                NetloomError("training", f"something went wrong inside ({error})", "Undo the last edit or reset")
            )
