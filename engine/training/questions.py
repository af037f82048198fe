"""Questions put to a run from other threads, each answered on the run's own thread between two chunks."""

from __future__ import annotations

import logging
from typing import Any

from engine.training.published import Question
from engine.training.run import Run

LOGGER = logging.getLogger("netloom")


class Questions:
    """What is asked and what was answered, by key. Asking and reading are for any thread."""

    def __init__(self) -> None:
        self._asked: dict[str, Question] = {}
        self._answers: dict[str, Any] = {}

    def __bool__(self) -> bool:
        """Whether something waits for an answer."""
        return bool(self._asked)

    def ask(self, key: str, question: Question) -> None:
        """A newer question under the same key replaces the one that waits."""
        self._asked[key] = question

    def answer(self, key: str) -> Any:
        """The newest answer under ``key``, or None."""
        return self._answers.get(key)

    def forget_answers(self) -> None:
        """They are of another run."""
        self._answers.clear()

    def drop(self) -> None:
        """There is nothing that could answer."""
        self._asked.clear()

    def put_to(self, run: Run) -> None:
        """Have a run answer all that waits."""
        for key in list(self._asked):
            question = self._asked.pop(key, None)
            if question is None:
                continue
            try:
                self._answers[key] = run.ask(question.answer)
            except Exception:  # a picture that fails must not stop the training that it shows
                LOGGER.exception("the question %r could not be answered", key)
