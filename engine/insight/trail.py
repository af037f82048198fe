"""How the statistics of every layer went over a whole run, in a few hundred columns however long it lasts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.insight.tensors import TensorStats

Array = NDArray[Any]
QUANTITIES: Final = (
    "norm", "mean", "largest", "update_ratio", "output_spread", "dead", "saturated", "output_mean",
)  # fmt: skip
OF_GRADIENTS: Final = QUANTITIES[:4]
MAGNITUDES: Final = QUANTITIES[:5]  # span many powers of ten: their means are those of the logarithms
COLUMNS: Final = 384  # at most; a screen shows no more, and half as many when it has just been thinned
LEAST: Final = 1e-30  # taken for zero: its logarithm is still a number
_versions = count(1)


@dataclass(frozen=True, eq=False)
class Course:
    """One quantity over the run.

    Attributes:
        layers: in forward order: for gradients those that learn, for outputs all but the input.
        steps, epochs: (columns,) where each column ends.
        values: (layers, columns); NaN where a layer was not there, or has none.
    """

    layers: tuple[str, ...]
    steps: Array
    epochs: Array
    values: Array


class Trail:
    """Written by the trainer's thread and read by the window's: short locks, and readers get copies.

    Every column stands for the same number of observations; when there are too many, pairs become one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._layers: tuple[str, ...] = ()
        self._values = np.empty((len(QUANTITIES), 0, COLUMNS), np.float32)
        self._sums = np.empty((len(QUANTITIES), 0))
        self._steps, self._epochs = np.zeros(COLUMNS, np.int64), np.zeros(COLUMNS, np.int64)
        self._columns, self._stride, self._taken = 0, 1, 0
        self.version = 0  # another one after every observation; no two trails share one but for the first

    def append(self, stats: TensorStats) -> None:
        """Take an observation."""
        shown = stats.layers[1:] if stats.layers and not stats.layers[0].learns else stats.layers
        layers = tuple(layer.node for layer in shown)
        rows = np.array([[getattr(layer, name) for layer in shown] for name in QUANTITIES])
        rows = rows.reshape(len(QUANTITIES), len(layers))
        with np.errstate(invalid="ignore"):
            rows[: len(MAGNITUDES)] = np.log10(np.maximum(rows[: len(MAGNITUDES)], LEAST))
        with self._lock:
            if layers != self._layers:
                self._follow(layers)
            if self._taken == 0:
                if self._columns == COLUMNS:
                    self._halve()
                self._columns += 1
                self._sums = np.zeros_like(rows)
            self._taken += 1
            self._sums += rows
            now = self._columns - 1
            self._values[:, :, now] = self._sums / self._taken
            self._steps[now], self._epochs[now] = stats.step, stats.epoch
            self._taken %= self._stride
            self.version = next(_versions)

    def course(self, quantity: str) -> Course:
        """One of `QUANTITIES`, as it was measured: no logarithms."""
        number = QUANTITIES.index(quantity)
        with self._lock:
            values = self._values[number, :, : self._columns].astype(np.float64)
            steps, epochs = self._steps[: self._columns].copy(), self._epochs[: self._columns].copy()
            layers = self._layers
            if quantity in OF_GRADIENTS:
                unknown = np.isnan(self._values[0, :, : self._columns])
                learn = [row for row in range(len(layers)) if not self._columns or not unknown[row].all()]
                layers, values = tuple(layers[row] for row in learn), values[learn]
        if quantity in MAGNITUDES:
            values = 10.0**values
            values[values <= 2 * LEAST] = 0.0
        return Course(layers, steps, epochs, values)

    def until(self, step: int) -> Trail:
        """The trail as it was at a step, to go on from there; nothing of it is shared."""
        cut = Trail()
        with self._lock:
            columns = int(np.searchsorted(self._steps[: self._columns], step, "right"))
            cut._layers, cut._values = self._layers, self._values.copy()
            cut._steps, cut._epochs = self._steps.copy(), self._epochs.copy()
            cut._columns, cut._stride = columns, self._stride
        cut.version = next(_versions)
        return cut

    def clear(self) -> None:
        """Begin again."""
        with self._lock:
            self._columns, self._stride, self._taken = 0, 1, 0
            self.version = next(_versions)

    def _follow(self, layers: tuple[str, ...]) -> None:
        """Another set of layers: those that stay keep what they have, new ones begin with nothing."""
        values = np.full((len(QUANTITIES), len(layers), COLUMNS), np.nan, np.float32)
        for row, layer in enumerate(layers):
            if layer in self._layers:
                values[:, row] = self._values[:, self._layers.index(layer)]
        self._layers, self._values, self._taken = layers, values, 0

    def _halve(self) -> None:
        half = COLUMNS // 2
        pairs = self._values.reshape(len(QUANTITIES), len(self._layers), half, 2)
        counts = np.isfinite(pairs).sum(axis=-1)
        known = np.where(np.isfinite(pairs), pairs, 0).sum(axis=-1) / np.maximum(counts, 1)
        # an explosion is not averaged away, and a layer that was not there stays away
        worst = np.where(np.isposinf(pairs).any(axis=-1), np.inf, np.where(counts > 0, known, np.nan))
        self._values[:, :, :half] = worst
        self._steps[:half], self._epochs[:half] = self._steps[1::2], self._epochs[1::2]
        self._columns, self._stride = half, 2 * self._stride
