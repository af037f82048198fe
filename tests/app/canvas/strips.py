"""What a trainer would tell of boxes, and pictures for them."""

from __future__ import annotations

import numpy as np

from engine.design.document import Document
from engine.insight.tensors import LayerStat, TensorStats
from engine.insight.thumbnails import Sheet, Thumbnails
from engine.insight.tiles import Thumbnail, Tiles
from engine.training.published import Status

NAN = float("nan")


def layer(node: str, **values: float) -> LayerStat:
    usual = {"norm": 0.1, "mean": 0.01, "largest": 0.1, "update_ratio": 1e-3, "dead": 0.0, "saturated": 0.0,
             "output_mean": 0.0, "output_spread": 1.0}  # fmt: skip
    return LayerStat(node, **(usual | values))


def tiles(count: int = 3, value: int = 100, of: int = 0) -> Tiles:
    return Tiles(tuple(range(count)), of or count, np.full((count, 4, 4), value, np.int8), "plane", 2.0)


class Told:
    """A trainer that says what the test lets it say."""

    def __init__(self, step: int = 1) -> None:
        self.status = Status(phase="running", step=step)
        self.tensors: TensorStats | None = None
        self.asked: list[Thumbnails] = []
        self._answer: Sheet | None = None

    def tells(self, *layers: LayerStat) -> None:
        self.tensors = TensorStats(1, 1, (), layers)

    def answers(self, seconds: float = 0.0, **boxes: Thumbnail) -> None:
        self._answer = Sheet(boxes, seconds)

    def answer(self, _key: str) -> Sheet | None:
        return self._answer

    def ask(self, _key: str, question: Thumbnails) -> None:
        self.asked.append(question)

    def edit(self, _document: Document) -> None: ...

    def open(self, _document: Document) -> None: ...
