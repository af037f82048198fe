"""Whether backward passes are right: every parameter's gradient beside finite differences of the loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.design.document import Document

Array = NDArray[Any]

TOLERANCE = 1e-6
ROWS = 16  # a gradient is right or wrong on a few rows as on many
MOST = 50  # elements of a tensor that are varied
# A step that crosses the corner of a ReLU measures a slope that is none; a smaller one may not.
STEPS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
SHAKE = 0.1
# Differences below this, in units of the loss, are rounding: float64 holds 16 digits, the step divides by 1e-4, and a
# normalisation may divide by a spread next to nothing.
NOISE = 1e-10


class Differentiable(Protocol):
    """The part of `engine.program.Program` that is needed here."""

    def batch_gradients(self, x: Array, y: Array) -> tuple[float, dict[str, Array]]: ...
    def parameters(self) -> dict[str, Array]: ...
    def set_parameters(self, values: dict[str, Array]) -> None: ...


@dataclass(frozen=True)
class Comparison:
    """One parameter tensor.

    Attributes:
        tensor: "node/parameter".
        checked: how many of its elements were varied.
        error: the largest |analytic - numeric| / max(|analytic|, |numeric|) of these; what is rounding in float64
            does not count.
        loss: of the rows at the parameters where gradients were compared.
    """

    tensor: str
    shape: tuple[int, ...]
    checked: int
    error: float
    loss: float

    @property
    def passed(self) -> bool:
        return self.error <= TOLERANCE


def check_gradients(
    document: Document, prepared: Prepared, seed: int | None = None, rows: int = ROWS
) -> Iterator[Comparison]:
    """Compile a design in float64 and compare every parameter tensor on the first training rows.

    Dropout and noise depend on seed and step alone, and the step stands still: every loss is of the same masks. Batch
    normalisation takes the statistics of these rows, as it does while training. The first weights are shaken a little:
    with biases of 0, a unit that gets nothing but zeros would sit on the very corner of its ReLU.

    Args:
        prepared: in float64, or digits are lost before the comparison begins.
        seed: of the first weights; None: the design's.
    """
    from engine.program.program import Program

    count = min(rows, prepared.train.stop - prepared.train.start)
    # one batch holds the rows, whatever batch and optimizer the design trains with
    training = document.training.but(batch_size=count, optimizer="minibatch")
    program = Program(document.but(training=training), prepared, seed, np.float64)
    random = np.random.default_rng(program.seed)
    program.set_parameters(
        {name: value + SHAKE * random.standard_normal(value.shape) for name, value in program.parameters().items()}
    )
    first = prepared.train.start
    yield from compare(program, prepared.x[first : first + count], prepared.y[first : first + count])


def compare(program: Differentiable, x: Array, y: Array, most: int = MOST, seed: int = 0) -> Iterator[Comparison]:
    """Compare tensor by tensor; at most ``most`` elements of each, drawn by ``seed``. Parameters are left as they were.

    Args:
        program: compiled in float64; in float32 differences are rounding.
        x, y: a few rows, scaled as the program takes them.
    """
    before = {name: np.array(value) for name, value in program.parameters().items()}
    loss, gradients = program.batch_gradients(x, y)
    analytic = {name: np.array(value).ravel() for name, value in gradients.items()}
    random = np.random.default_rng(seed)
    # an element this small has no digit that differences could confirm
    floor = NOISE * max(1.0, abs(loss)) / TOLERANCE
    try:
        for name, value in before.items():
            chosen = np.sort(random.permutation(value.size)[:most])
            exact = analytic[name][chosen]
            numeric = np.array(
                [_slope(program, x, y, name, value, int(i), a) for i, a in zip(chosen, exact, strict=True)]
            )
            scale = np.maximum(np.maximum(np.abs(exact), np.abs(numeric)), floor)
            with np.errstate(invalid="ignore"):
                errors = np.abs(exact - numeric) / scale
            # NaN is no agreement
            error = float(np.nan_to_num(errors, nan=np.inf).max(initial=0.0))
            yield Comparison(name, value.shape, int(chosen.size), error, loss)
    finally:
        program.set_parameters(before)


def _slope(
    program: Differentiable, x: Array, y: Array, name: str, value: Array, element: int, expected: float
) -> float:
    """dloss/dw of one element by the five-point formula; of several steps' answers the one nearest to ``expected``."""

    def loss_at(shift: float) -> float:
        moved = value.copy()
        moved.flat[element] += shift
        program.set_parameters({name: moved})
        return program.batch_gradients(x, y)[0]

    slopes = []
    for relative in STEPS:
        h = relative * max(1.0, abs(float(value.flat[element])))
        far, near = loss_at(2 * h) - loss_at(-2 * h), loss_at(h) - loss_at(-h)
        slopes.append((8 * near - far) / (12 * h))
        if abs(slopes[-1] - expected) <= 0.1 * TOLERANCE * abs(expected):
            break
    program.set_parameters({name: value})
    return min(slopes, key=lambda slope: abs(slope - expected))
