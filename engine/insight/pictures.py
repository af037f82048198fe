"""What a network has learnt so far, as plain arrays that a view can draw: curve, boundary, scatter, confusion."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.program.program import Program

Array = NDArray[Any]

SHOWN = 1000  # points of data in a picture: more hide each other on a screen
JUDGED = 5000  # rows that a confusion matrix counts: a sample as good as all of them for the eye
ALIKE = 2.0  # two inputs whose ranges differ by less are drawn to one scale
MARGIN = 0.08  # how far a picture reaches beyond the data, as a share of their range


@dataclass(frozen=True, eq=False)
class Points:
    """Rows of data in the user's own units.

    Attributes:
        x: (n, inputs). y: (n,) values, or class indices.
    """

    x: Array
    y: Array


@dataclass(frozen=True, eq=False)
class Picture:
    """What every picture says about itself.

    Attributes:
        inputs, target: names for the axes. classes: a name per class; empty for regression.
        seconds: what the answer cost, so that the one who asks can ask less often.
    """

    inputs: tuple[str, ...]
    target: str
    classes: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, eq=False)
class CurvePicture(Picture):
    """y over one input. ``x``, ``y``: (points,). For two classes ``y`` is the probability of the second."""

    x: Array
    y: Array
    train: Points
    validation: Points


@dataclass(frozen=True, eq=False)
class BoundaryPicture(Picture):
    """The answer over a plane of two inputs.

    Attributes:
        span: (x low, x high, y low, y high).
        values: (rows, columns), row 0 at y low: regression: the answer; two classes: 2·p - 1 in [-1, 1].
            Several classes: (rows, columns, classes), their probabilities.
        limits: the values at which the colours end, around the middle one; (-1, 1) for classes.
    """

    span: tuple[float, float, float, float]
    values: Array
    limits: tuple[float, float]
    train: Points
    validation: Points


@dataclass(frozen=True, eq=False)
class ScatterPicture(Picture):
    """Predicted against true, ``(n,)`` each; ``r2`` of the validation part, or of the training part without one."""

    train_true: Array
    train_predicted: Array
    validation_true: Array
    validation_predicted: Array
    r2: float


@dataclass(frozen=True, eq=False)
class ConfusionPicture(Picture):
    """``counts``: (classes, classes), true by predicted; ``part`` says of which rows."""

    counts: Array
    part: str

    @property
    def recall(self) -> Array:
        """(classes,) the share of each class that was found; NaN for a class without rows."""
        rows = self.counts.sum(axis=1)
        return np.where(rows > 0, np.diag(self.counts) / np.maximum(rows, 1), np.nan)

    @property
    def accuracy(self) -> float:
        return float(np.trace(self.counts) / max(self.counts.sum(), 1))


@dataclass(frozen=True)
class Curve:
    """The curve of one input, over ``points`` places."""

    points: int = 400

    def answer(self, program: Program) -> CurvePicture:
        began = perf_counter()
        prepared = program.prepared
        train, validation = _points(prepared, prepared.train), _points(prepared, prepared.validation)
        low, high = _reach(np.concatenate([train.x[:, 0], validation.x[:, 0]]))
        x = np.linspace(low, high, self.points)
        y = _one_value(program.predict(x[:, None]))
        return CurvePicture(**_names(prepared, began), x=x, y=y, train=train, validation=validation)


@dataclass(frozen=True)
class Boundary:
    """The answer over the plane of two inputs, at ``resolution`` × ``resolution`` places.

    ``aspect``: width over height of where it will be shown; two inputs of like range then fill it to one scale.
    """

    resolution: int = 80
    aspect: float = 1.0

    def answer(self, program: Program) -> BoundaryPicture:
        began = perf_counter()
        prepared = program.prepared
        train, validation = _points(prepared, prepared.train), _points(prepared, prepared.validation)
        seen = np.concatenate([train.x, validation.x])
        left, right, bottom, top = _span(seen, self.aspect)
        n = self.resolution
        grid = np.empty((n, n, 2))
        grid[..., 0] = np.linspace(left, right, n)
        grid[..., 1] = np.linspace(bottom, top, n)[:, None]
        answers = program.predict(grid.reshape(n * n, 2))
        limits = (-1.0, 1.0)
        match prepared.dataset.task:
            case "multiclass":
                values: Array = answers.reshape(n, n, -1)
            case "binary":
                values = 2 * _one_value(answers).reshape(n, n) - 1
            case _:
                values = _one_value(answers).reshape(n, n)
                limits = _spread(train.y)
        return BoundaryPicture(
            **_names(prepared, began),
            span=(left, right, bottom, top),
            values=values,
            limits=limits,
            train=train,
            validation=validation,
        )


@dataclass(frozen=True)
class Scatter:
    """Predicted against true, of the first target."""

    def answer(self, program: Program) -> ScatterPicture:
        began = perf_counter()
        prepared = program.prepared
        train_true, train_predicted = _judge(program, prepared.train)
        true, predicted = _judge(program, prepared.validation)
        r2 = _r2(true, predicted) if len(true) > 1 else _r2(train_true, train_predicted)
        return ScatterPicture(
            **_names(prepared, began),
            train_true=train_true,
            train_predicted=train_predicted,
            validation_true=true,
            validation_predicted=predicted,
            r2=r2,
        )


@dataclass(frozen=True)
class Confusion:
    """Which class is taken for which, on the validation part, or on the training part where there is none."""

    def answer(self, program: Program) -> ConfusionPicture:
        began = perf_counter()
        prepared = program.prepared
        part, rows = ("validation", prepared.validation)
        if rows.stop <= rows.start:
            part, rows = "training", prepared.train
        chosen = _sample(rows, JUDGED)
        answers = np.asarray(program.predict(prepared.unscale_x(prepared.x[chosen])))
        binary = prepared.dataset.task == "binary"
        predicted = _one_value(answers) >= 0.5 if binary else answers.argmax(axis=-1)
        true = np.asarray(prepared.y[chosen]).ravel().astype(np.int64)
        k = len(prepared.dataset.classes)
        counts = np.bincount(true * k + predicted.ravel().astype(np.int64), minlength=k * k).reshape(k, k)
        return ConfusionPicture(**_names(prepared, began), counts=counts, part=part)


@dataclass(frozen=True)
class Fit:
    """The picture that suits the data: curve, boundary, confusion matrix or scatter."""

    resolution: int = 80
    aspect: float = 1.0

    def answer(self, program: Program) -> Picture:
        return suited(program.prepared, self.resolution, self.aspect).answer(program)


def suited(prepared: Prepared, resolution: int = 80, aspect: float = 1.0) -> Curve | Boundary | Scatter | Confusion:
    """The question whose picture says most about these data."""
    task = prepared.dataset.task
    width = prepared.input.shape if not prepared.input.tokens else ()
    if width == (1,) and task != "multiclass":
        return Curve()
    if width == (2,):
        return Boundary(resolution, aspect)
    return Scatter() if task == "regression" else Confusion()


def _sample(rows: slice, most: int) -> Array:
    """At most ``most`` row numbers, evenly over the slice, so that the same rows are shown every time."""
    count = rows.stop - rows.start
    if count <= most:
        return np.arange(rows.start, rows.stop)
    return np.linspace(rows.start, rows.stop - 1, most).astype(np.int64)


def _points(prepared: Prepared, rows: slice) -> Points:
    chosen = _sample(rows, SHOWN)
    x = np.asarray(prepared.unscale_x(prepared.x[chosen]))
    return Points(x.reshape(len(chosen), -1), _targets(prepared, chosen))


def _targets(prepared: Prepared, chosen: Array) -> Array:
    """(n,) the first target in the user's units, or class indices."""
    y = np.asarray(prepared.y[chosen])
    if prepared.dataset.task == "regression":
        y = np.asarray(prepared.unscale_y(y))
    return y.reshape(len(chosen), -1)[:, 0]


def _judge(program: Program, rows: slice) -> tuple[Array, Array]:
    """(n,) true and predicted values of the first target, for some rows of a part."""
    prepared = program.prepared
    chosen = _sample(rows, SHOWN)
    if not len(chosen):
        return np.empty(0), np.empty(0)
    return _targets(prepared, chosen), _one_value(program.predict(prepared.unscale_x(prepared.x[chosen])))


def _one_value(answers: Array) -> Array:
    """(n,) the first column of what a network answers."""
    answers = np.asarray(answers)
    return answers.reshape(len(answers), -1)[:, 0]


def _reach(values: Array) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * MARGIN or 1.0
    return low - margin, high + margin


def _span(points: Array, aspect: float) -> tuple[float, float, float, float]:
    """(left, right, bottom, top) around points (n, 2); of like ranges, the shorter side is widened to ``aspect``."""
    (left, right), (bottom, top) = _reach(points[:, 0]), _reach(points[:, 1])
    width, height = right - left, top - bottom
    if 1 / ALIKE <= width / height <= ALIKE:
        extra_x, extra_y = max(height * aspect - width, 0.0) / 2, max(width / aspect - height, 0.0) / 2
        left, right, bottom, top = left - extra_x, right + extra_x, bottom - extra_y, top + extra_y
    return left, right, bottom, top


def _spread(values: Array) -> tuple[float, float]:
    """Limits around zero where the values lie on both sides of it, else around their middle."""
    low, high = float(values.min()), float(values.max())
    if low < 0 < high:
        widest = max(-low, high)
        return -widest, widest
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def _r2(true: Array, predicted: Array) -> float:
    """1 - residual / total sum of squares; NaN where the truth does not vary."""
    total = float(((true - true.mean()) ** 2).sum()) if len(true) else 0.0
    return 1.0 - float(((true - predicted) ** 2).sum()) / total if total > 0 else float("nan")


def _names(prepared: Prepared, began: float) -> dict[str, Any]:
    dataset = prepared.dataset
    features = dataset.features or tuple(f"x{i + 1}" for i in range(prepared.input.size))
    return {
        "inputs": features,
        "target": dataset.targets[0] if dataset.targets else "y",
        "classes": dataset.classes,
        "seconds": perf_counter() - began,
    }
