"""One question that a view asks the trainer again and again, as often as its answers are cheap."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from engine.program import Program
    from engine.training.trainer import Trainer

SHARE: Final = 0.015  # of the trainer's time that the answers may cost while it trains as fast as it can
IDLE_SHARE: Final = 0.2  # and while the pace leaves it time
BUSY: Final = 0.25  # of the time spent on training: from here on it is as fast as it can
SLOWEST: Final = 1.0  # s between two questions at most, however dear the answer


class Drawable(Protocol):
    """An answer, which says what it cost."""

    @property
    def seconds(self) -> float: ...


class Asks(Protocol):
    """A question that is answered with such a picture."""

    def answer(self, program: Program) -> Drawable: ...


@dataclass(frozen=True)
class Priced:
    """A question whose answer says how long its thread has worked so far: (picture, seconds)."""

    question: Asks

    def answer(self, program: Program) -> tuple[Drawable, float]:
        return self.question.answer(program), thread_time()


class Asker:
    """Holds the newest answer, and knows when the next question may be asked."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._asked = 0.0
        self._picture: object = None
        self._load = _Load()

    def newest(self, trainer: Trainer) -> Any:
        """The newest picture; None where there is none of this design yet."""
        answer = trainer.answer(self._key)
        if answer is None or (trainer.status.unfinished and not trainer.log.length):
            return None  # what an untrained network of another design answers says nothing of this one
        picture, worked = answer
        if picture is not self._picture:
            self._picture = picture
            self._load.take(worked)
        return picture

    def paid(self, picture: Drawable, pause: float = 0.0) -> bool:
        """Whether another picture may be asked for after this one, which stays for ``pause`` seconds at the least."""
        share = SHARE if self._load.share > BUSY else IDLE_SHARE
        return perf_counter() - self._asked >= max(min(picture.seconds / share, SLOWEST), pause)

    def ask(self, trainer: Trainer, question: Asks) -> None:
        self._asked = perf_counter()
        trainer.ask(self._key, Priced(question))

    def hurry(self) -> None:
        """What the user has just asked for is not put off."""
        self._asked = 0.0


class _Load:
    """How much of its time the trainer's thread works, over about the last quarter of a second."""

    def __init__(self) -> None:
        self._at, self._worked, self.share = 0.0, 0.0, 1.0

    def take(self, worked: float) -> None:
        now = perf_counter()
        if now - self._at > 0.25:
            self.share = (worked - self._worked) / (now - self._at)
            self._at, self._worked = now, worked
