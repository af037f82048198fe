"""Whether backward passes are right: every parameter's gradient beside finite differences of the loss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

TOLERANCE = 1e-6
# A step that crosses the corner of a ReLU measures a slope that is none; a smaller one may not.
STEPS = (1e-4, 1e-5, 1e-6)
# Below this, in units of the loss, differences in float64 are rounding.
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
        error: ‖analytic − numeric‖ / max(‖analytic‖, ‖numeric‖) over these.
    """

    tensor: str
    shape: tuple[int, ...]
    checked: int
    error: float

    @property
    def passed(self) -> bool:
        return self.error <= TOLERANCE


def compare(program: Differentiable, x: Array, y: Array, most: int = 32, seed: int = 0) -> Iterator[Comparison]:
    """Compare tensor by tensor; at most ``most`` elements of each, drawn by ``seed``. Parameters are left as they were.

    Args:
        program: compiled in float64; in float32 differences are rounding.
        x, y: a few rows, scaled as the program takes them.
    """
    before = {name: np.array(value) for name, value in program.parameters().items()}
    loss, gradients = program.batch_gradients(x, y)
    analytic = {name: np.array(value).ravel() for name, value in gradients.items()}
    random = np.random.default_rng(seed)
    try:
        for name, value in before.items():
            chosen = np.sort(random.permutation(value.size)[:most])
            numeric = np.array([_slope(program, x, y, before, name, int(i), analytic[name][i]) for i in chosen])
            exact = analytic[name][chosen]
            floor = NOISE * max(1.0, abs(loss)) / TOLERANCE
            scale = max(float(np.linalg.norm(exact)), float(np.linalg.norm(numeric)), floor)
            error = float(np.linalg.norm(exact - numeric)) / scale
            yield Comparison(name, value.shape, int(chosen.size), error)
    finally:
        program.set_parameters(before)


def _slope(
    program: Differentiable, x: Array, y: Array, before: Mapping[str, Array], name: str, element: int, expected: float
) -> float:
    """dloss/dw of one element by the five-point formula; of several steps' answers the one nearest to ``expected``."""

    def loss_at(shift: float) -> float:
        moved = before[name].copy()
        moved.flat[element] += shift
        program.set_parameters({**before, name: moved})
        return program.batch_gradients(x, y)[0]

    slopes = []
    for relative in STEPS:
        h = relative * max(1.0, abs(float(before[name].flat[element])))
        far, near = loss_at(2 * h) - loss_at(-2 * h), loss_at(h) - loss_at(-h)
        slopes.append((8 * near - far) / (12 * h))
        if abs(slopes[-1] - expected) <= 0.1 * TOLERANCE * abs(expected):
            break
    return min(slopes, key=lambda slope: abs(slope - expected))
