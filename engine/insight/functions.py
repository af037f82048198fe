"""The engine's own functions as points to draw: activations, losses, and the path of an optimizer down a valley."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.kernels.activations import ACTIVATIONS
from engine.kernels.contract import Formula

if TYPE_CHECKING:
    from engine.training.optimizers import Optimizer

Array = NDArray[np.float64]
START: Final = (-2.4, 1.3)  # where a path begins: far along the valley, high on its side
CURVATURES: Final = (0.2, 4.0)  # of the valley: flat along the first weight, steep along the second


def activation_curve(name: str, z: Array) -> tuple[Array, Array]:
    """f(z) and f'(z), with the activation's usual parameter.

    Raises:
        ValueError: the activation looks at several numbers at once (softmax) and has no curve.
    """
    row = ACTIVATIONS[name]
    if row.value is None or row.slope is None:
        raise ValueError(f"{row.title} has no curve of one variable")
    value, slope = row.value, row.slope
    y = [float(value(float(at), row.default)) for at in z]
    return np.array(y), np.array([float(slope(float(at), out, row.default)) for at, out in zip(z, y, strict=True)])


def loss_curve(formula: Formula, z: Array, target: float, constant: float = 0.0) -> Array:
    """An element-wise loss over the output z; ``constant`` is its own (δ)."""
    return np.array([float(formula(float(at), target, constant, 1.0, 1.0)) for at in z])


@dataclass(frozen=True, eq=False)
class Descent:
    """A path down a valley.

    Attributes:
        path: (steps + 1, 2), the two weights before the first step and after every step.
        rate: the learning rate that was used.
    """

    path: Array
    rate: float


def descend(optimizer: Optimizer, rate: float, steps: int, batch: int = 4) -> Descent:
    """Train two weights by the real optimizer; the loss is a valley, ½(0.2·w₁² + 4·w₂²), its lowest point 0.

    The valley is the mean squared error of one linear unit over four rows, all of whose targets are 0; a smaller
    ``batch`` makes the steps noisy.
    """
    from engine.data.prepare import Prepared
    from engine.design.document import Document
    from engine.layers import Layer
    from engine.training.run import Run
    from engine.training.spec import DataSplit, TrainingSpec

    split = DataSplit(validation=0.0, scaling="none", scale_target=False)
    corners = np.array([(1, 1), (1, -1), (-1, 1), (-1, -1)], np.float64)
    rows = corners * np.sqrt(np.array(CURVATURES) / 2)
    data = Prepared.from_arrays(rows, np.zeros(4), split=split)
    training = TrainingSpec(optimizer=optimizer, learning_rate=rate, batch_size=batch, epochs=max(steps, 1))
    document = Document(training=training, split=split).add(Layer.parse("input"))
    document = document.add(Layer.parse({"type": "dense", "units": 1}), id="unit").connect("input_1", "unit")
    run = Run(document, data)
    weights: dict[str, Any] = {"unit/weight": np.array(START).reshape(2, 1), "unit/bias": np.zeros(1)}
    run.program.set_parameters(weights)
    path = [np.array(START)]
    while len(path) <= steps and run.finished is None:
        run.advance(1)
        path.append(np.asarray(run.program.parameters()["unit/weight"], np.float64).reshape(2).copy())
    return Descent(np.array(path), rate)
