"""Something long, done on a thread of its own in small steps, each of which gives a better answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import numpy as np

from engine.compare.contest import step_back
from engine.errors import NetloomError

T = TypeVar("T")
LOGGER = logging.getLogger("netloom")


class Task(Generic[T]):
    """Runs an iterator and keeps its newest value; between two values it can be stopped.

    Attributes:
        latest: the newest value, or None. done: nothing more will come.
        failure: why, for the user; "" where all is well.
    """

    def __init__(self, name: str, steps: Callable[[], Iterator[T]]) -> None:
        self._leaving = threading.Event()
        self.latest: T | None = None
        self.done, self.failure = False, ""
        # the thread alone holds what the steps are made of: with it all that goes
        self._thread = threading.Thread(target=self._run, args=(steps,), name=name, daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Nobody waits for it any more: it stops after the present step."""
        self._leaving.set()

    def close(self) -> None:
        """Stop and join."""
        self.leave()
        self._thread.join()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self, steps: Callable[[], Iterator[T]]) -> None:
        step_back()
        try:
            # what diverges is told in words; the thread's own NumPy must not warn about it
            with np.errstate(all="ignore"):
                for value in steps():
                    self.latest = value
                    if self._leaving.is_set():
                        return
        except NetloomError as error:
            self.failure = str(error)
        except MemoryError:
            self.failure = "The memory of this machine is not enough."
        except Exception as error:  # a fault of ours must not end in a traceback on a thread that nobody sees
            LOGGER.exception("a task met a fault")
            self.failure = f"Something went wrong inside ({error}). Try it again."
        finally:
            self.done = True


class Newest(Generic[T]):
    """Of tasks that follow each other the newest; those before it end in their own time.

    Attributes:
        task: None where there is none, or it was let go.
    """

    def __init__(self) -> None:
        self.task: Task[T] | None = None
        self._old: list[Task[T]] = []

    def begin(self, name: str, steps: Callable[[], Iterator[T]]) -> None:
        """Let go of the present task and begin another."""
        self.let_go()
        self.task = Task(name, steps)

    def let_go(self) -> None:
        if self.task is not None:
            self.task.leave()
            self._old = [task for task in self._old if task.alive] + [self.task]
            self.task = None

    def close(self) -> None:
        """Stop and join them all."""
        self.let_go()
        for task in self._old:
            task.close()
        self._old.clear()
