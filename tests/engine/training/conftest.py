"""Trainers that are closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from engine.design.document import Document
from engine.training.trainer import Trainer
from tests.engine.training.trainers import until


@pytest.fixture
def start() -> Iterator[Callable[[Document], Trainer]]:
    begun: list[Trainer] = []

    def begin(document: Document) -> Trainer:
        trainer = Trainer(document)
        trainer.start()
        begun.append(trainer)
        until(lambda: trainer.status.phase != "preparing")
        return trainer

    yield begin
    for trainer in begun:
        trainer.close()
