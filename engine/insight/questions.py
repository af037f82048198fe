"""Questions that are answered with pictures: curve, plane, predicted against true, confusion, the worst mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.insight.baseline import baseline
from engine.insight.judging import (
    SHOWN,
    WORK,
    affordable,
    answered,
    judge,
    judged_part,
    one_value,
    points,
    r2_of,
    sample,
    targets,
    work_of,
)
from engine.insight.pictures import (
    BoundaryPicture,
    ConfusionPicture,
    CurvePicture,
    Kind,
    Picture,
    Points,
    ScatterPicture,
    WorstPicture,
)
from engine.insight.places import coordinates, engineered, limits_of, reach_of, span_of
from engine.insight.thumbnails import image_shape

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.program.program import Program

Array = NDArray[Any]

JUDGED: Final = 5000  # rows that are judged: a sample as good as all of them for the eye
LISTED: Final = 24  # mistakes
NUMBERS: Final = 2_000_000  # in the inputs of a plane


@dataclass(frozen=True)
class Curve:
    """The curve of one input, over ``points`` places, and a polynomial beside it; ``degree`` 0 for none."""

    points: int = 400
    degree: int = 0

    def answer(self, program: Program) -> CurvePicture:
        began = perf_counter()
        prepared = program.prepared
        train, validation = points(prepared, prepared.train), points(prepared, prepared.validation)
        low, high = reach_of(np.concatenate([train.x[:, 0], validation.x[:, 0]]))
        x = np.linspace(low, high, self.points)
        line, r2, line_r2 = None, float("nan"), float("nan")
        if self.degree and prepared.task == "regression":
            polynomial = baseline(prepared, self.degree)
            judged = validation if len(validation.y) > 1 else train
            line = polynomial(x)
            r2 = r2_of(judged.y, one_value(program.predict(judged.x)))
            line_r2 = r2_of(judged.y, polynomial(judged.x[:, 0]))
        y = one_value(program.predict(x[:, None]))
        return CurvePicture(
            **_names(program, began), x=x, y=y, baseline=line, degree=self.degree, r2=r2, baseline_r2=line_r2,
            train=train, validation=validation,
        )  # fmt: skip


@dataclass(frozen=True)
class Boundary:
    """The answer over the plane of two inputs, at up to ``resolution`` × ``resolution`` places.

    Attributes:
        aspect: width over height of where it will be shown; two inputs of like range then fill it to one scale.
        features: which two of the inputs.
        held: the row of the prepared data at whose values the others are held; None for their means in training.
    """

    resolution: int = 80
    aspect: float = 1.0
    features: tuple[int, int] = (0, 1)
    held: int | None = None

    def answer(self, program: Program) -> BoundaryPicture:
        began = perf_counter()
        prepared = program.prepared
        source = engineered(program)
        width = prepared.input.size
        features = self.features if max(self.features) < width and source is None else (0, 1)
        held = self.held if width > 2 and self.held is not None and self.held < prepared.rows else None
        if source is not None:
            places = coordinates(source, program.document.split)
            train, validation = (
                Points(places[rows], targets(prepared, rows), rows)
                for rows in (sample(prepared.train, SHOWN), sample(prepared.validation, SHOWN))
            )
        else:
            train, validation = (points(prepared, part, features) for part in (prepared.train, prepared.validation))
        left, right, bottom, top = span_of(np.concatenate([train.x, validation.x]), self.aspect)
        n = int(min(self.resolution, max(np.sqrt(min(WORK / work_of(program), NUMBERS / width)), 16)))
        grid = np.empty((n, n, 2))
        grid[..., 0] = np.linspace(left, right, n)
        grid[..., 1] = np.linspace(bottom, top, n)[:, None]
        plane = grid.reshape(n * n, 2)
        answers = program.predict(source.inputs(plane) if source else _filled(prepared, plane, features, held))
        limits = (-1.0, 1.0)
        match prepared.task:
            case "multiclass":
                values: Array = answers.reshape(n, n, -1)
            case "binary":
                values = 2 * one_value(answers).reshape(n, n) - 1
            case _:
                values = one_value(answers).reshape(n, n)
                limits = limits_of(train.y)
        names = _names(program, began)
        first, second = ("x1", "x2") if source else (names["inputs"][i] for i in features)
        return BoundaryPicture(
            **names, axes=(first, second), features=() if source else features, held=held,
            span=(left, right, bottom, top), values=values, limits=limits, train=train, validation=validation,
        )  # fmt: skip


@dataclass(frozen=True)
class Scatter:
    """Predicted against true, of the first target."""

    def answer(self, program: Program) -> ScatterPicture:
        began = perf_counter()
        prepared = program.prepared
        most = affordable(program, SHOWN)
        train_rows, rows = sample(prepared.train, most), sample(prepared.validation, most)
        train_true, train_predicted = judge(program, train_rows)
        true, predicted = judge(program, rows)
        r2 = r2_of(true, predicted) if len(true) > 1 else r2_of(train_true, train_predicted)
        return ScatterPicture(
            **_names(program, began), train_true=train_true, train_predicted=train_predicted, validation_true=true,
            validation_predicted=predicted, train_rows=train_rows, validation_rows=rows, r2=r2,
        )  # fmt: skip


@dataclass(frozen=True)
class Confusion:
    """Which class is taken for which, on the validation part, or on the training part where there is none."""

    def answer(self, program: Program) -> ConfusionPicture:
        began = perf_counter()
        prepared = program.prepared
        part, rows = judged_part(prepared)
        true, predicted, _ = answered(program, sample(rows, affordable(program, JUDGED)))
        k = len(prepared.dataset.classes)
        counts = np.bincount(true * k + predicted, minlength=k * k).reshape(k, k)
        return ConfusionPicture(**_names(program, began), counts=counts, part=part)


@dataclass(frozen=True)
class Worst:
    """The worst mistakes on the validation part, or on the training part where there is none.

    ``of``: only those of one class that was taken for another, (true, answered); None for all.
    """

    of: tuple[int, int] | None = None

    def answer(self, program: Program) -> WorstPicture:
        began = perf_counter()
        prepared = program.prepared
        part, span = judged_part(prepared)
        rows = sample(span, affordable(program, JUDGED))
        if prepared.task == "regression":
            true, predicted = judge(program, rows)
            score = np.abs(true - predicted)
            wrong = rows.size
            order = np.argsort(-np.nan_to_num(score, nan=np.inf), kind="stable")
        else:
            true, predicted, probabilities = answered(program, rows)
            score = probabilities[np.arange(len(true)), true]
            missed = true != predicted
            wrong = int(missed.sum())
            if self.of is not None:
                missed = (true == self.of[0]) & (predicted == self.of[1])
            order = np.flatnonzero(missed)
            order = order[np.argsort(np.nan_to_num(score[order]), kind="stable")]
        chosen = order[:LISTED]
        values = np.asarray(prepared.unscale_x(prepared.x[rows[chosen]])).reshape(len(chosen), prepared.input.size)
        return WorstPicture(
            **_names(program, began), part=part, judged=len(rows), wrong=wrong, rows=rows[chosen],
            true=true[chosen], predicted=predicted[chosen], score=score[chosen], values=values,
            images=_images(prepared, values),
        )  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """A picture of the wished kind, or of the kind that says most where that one is impossible.

    The other attributes are those of the single questions.
    """

    resolution: int = 80
    aspect: float = 1.0
    kind: Kind | None = None
    degree: int = 0
    features: tuple[int, int] = (0, 1)
    held: int | None = None
    of: tuple[int, int] | None = None

    def answer(self, program: Program) -> Picture:
        kinds = possible(program)
        match self.kind if self.kind in kinds else kinds[0]:
            case "curve":
                return Curve(degree=self.degree).answer(program)
            case "plane":
                return Boundary(self.resolution, self.aspect, self.features, self.held).answer(program)
            case "scatter":
                return Scatter().answer(program)
            case "confusion":
                return Confusion().answer(program)
        return Worst(self.of).answer(program)


def possible(program: Program) -> tuple[Kind, ...]:
    """The kinds of pictures that the data allow, the most telling first."""
    prepared = program.prepared
    shape = prepared.input.shape if not prepared.input.tokens else ()
    judged: Kind = "scatter" if prepared.task == "regression" else "confusion"
    worst: tuple[Kind, ...] = ("worst",) if prepared.task == "regression" or prepared.target_shape == (1,) else ()
    if shape == (1,) and prepared.task != "multiclass" and engineered(program) is None:
        return ("curve", judged, *worst)
    if shape == (2,) or engineered(program) is not None:
        return ("plane", judged, *worst)
    if len(shape) == 1 and shape[0] > 2 and image_shape(prepared) is None:
        return (judged, "plane", *worst)
    return (judged, *worst)


def _filled(prepared: Prepared, plane: Array, features: tuple[int, int], held: int | None) -> Array:
    """Examples (n, inputs) that vary in two inputs alone."""
    width = prepared.input.size
    if width == 2 and features == (0, 1):
        return plane
    one = prepared.x[prepared.train].mean(axis=0, dtype=np.float64) if held is None else prepared.x[held]
    examples = np.empty((len(plane), width))
    examples[:] = np.asarray(prepared.unscale_x(one[None])).reshape(1, -1)
    examples[:, features] = plane
    return examples


def _images(prepared: Prepared, values: Array) -> Array | None:
    """(n, height, width) uint8 of examples that are pictures; all of them on one scale."""
    shape = image_shape(prepared)
    if shape is None:
        return None
    if not len(values):
        return np.empty((0, *shape), np.uint8)
    pixels = values.reshape(len(values), *shape, -1).mean(axis=-1)
    low, high = float(pixels.min()), float(pixels.max())
    images: Array = ((pixels - low) * (255 / ((high - low) or 1.0))).round().astype(np.uint8)
    return images


def _names(program: Program, began: float) -> dict[str, Any]:
    prepared = program.prepared
    dataset = prepared.dataset
    features = dataset.features or tuple(f"x{i + 1}" for i in range(prepared.input.size))
    return {
        "inputs": features,
        "target": dataset.targets[0] if dataset.targets else "y",
        "classes": dataset.shown_classes,
        "kinds": possible(program),
        "seconds": perf_counter() - began,
    }
