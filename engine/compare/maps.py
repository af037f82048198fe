"""Where runs answer differently: the difference of two pictures, and how far several seeds are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compare.fan import disagreement
from engine.insight.pictures import BoundaryPicture, CurvePicture, Picture, Points
from engine.kernels.contract import STEP
from engine.program.program import Program
from engine.training.published import Question

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Map:
    """A number over one input or over a plane of two.

    Attributes:
        axes: the names of the inputs. span: (x low, x high, y low, y high); of a line y is the number itself.
        values: (rows, columns), row 0 at y low; of a line (n,), over ``x``, which is None for a plane.
        limit: the largest |value|. signed: whether below zero means something.
        words: what is shown, for the user.
        points: the training data that lie there; None for a line.
    """

    axes: tuple[str, ...]
    span: tuple[float, float, float, float]
    values: Array
    x: Array | None
    limit: float
    signed: bool
    words: str
    points: Points | None


def difference(first: Picture, second: Picture) -> Map | None:
    """The first answer less the second, everywhere; None where they are no pictures of the same inputs.

    Of two classes the probabilities of the second one are subtracted; of several classes it is the total variation
    ½·Σ|p - q|, from 0 (alike) to 1.
    """
    if isinstance(first, CurvePicture) and isinstance(second, CurvePicture):
        if not _same_line(first, second):
            return None
        what = f"P({first.classes[1]})" if first.classes else first.target
        return _line(first, first.y - second.y, True, f"difference in {what}")
    if isinstance(first, BoundaryPicture) and isinstance(second, BoundaryPicture):
        if not _same_plane(first, second):
            return None
        if first.values.ndim == 3:
            apart = 0.5 * np.abs(first.values - second.values).sum(axis=-1)
            return _plane(first, apart, False, "share of probability that differs")
        factor, what = (0.5, f"P({first.classes[1]})") if first.classes else (1.0, first.target)
        return _plane(first, factor * (first.values - second.values), True, f"difference in {what}")
    return None


def disagreement_of(pictures: Sequence[Picture]) -> Map | None:
    """How far several seeds are apart: the standard deviation of values, or the share that votes for another class.

    None where they are no pictures of the same inputs.
    """
    first, others = pictures[0], pictures[1:]
    classes = len(first.classes)
    words = "share of seeds that vote otherwise" if classes else f"standard deviation of {first.target} over the seeds"
    if isinstance(first, CurvePicture) and all(isinstance(each, CurvePicture) for each in others):
        lines = [each for each in pictures if isinstance(each, CurvePicture)]
        if not all(_same_line(first, each) for each in lines):
            return None
        answers = [2 * each.y - 1 if classes else each.y for each in lines]
        return _line(first, disagreement(answers, classes), False, words)
    if isinstance(first, BoundaryPicture) and all(isinstance(each, BoundaryPicture) for each in others):
        planes = [each for each in pictures if isinstance(each, BoundaryPicture)]
        if not all(_same_plane(first, each) for each in planes):
            return None
        return _plane(first, disagreement([each.values for each in planes], classes), False, words)
    return None


def _same_line(first: CurvePicture, second: CurvePicture) -> bool:
    return first.inputs == second.inputs and np.array_equal(first.x, second.x)


def _same_plane(first: BoundaryPicture, second: BoundaryPicture) -> bool:
    return (first.axes, first.span, first.values.shape) == (second.axes, second.span, second.values.shape)


def _line(picture: CurvePicture, values: Array, signed: bool, words: str) -> Map:
    limit = _limit(values)
    span = (float(picture.x[0]), float(picture.x[-1]), -limit if signed else 0.0, limit)
    return Map((picture.inputs[0],), span, values, picture.x, limit, signed, words, None)


def _plane(picture: BoundaryPicture, values: Array, signed: bool, words: str) -> Map:
    return Map(picture.axes, picture.span, values, None, _limit(values), signed, words, picture.train)


def _limit(values: Array) -> float:
    known = np.abs(values[np.isfinite(values)])
    return max(float(known.max(initial=0.0)), 1e-12)


@dataclass(frozen=True)
class Dated:
    """A question, answered with the step of which the answer is: (step, answer)."""

    question: Question

    def answer(self, program: Program) -> tuple[int, Any]:
        return int(program.ctx[STEP]), self.question.answer(program)


def table_of_map(shown: Map) -> dict[str, Array]:
    """A row per place: its inputs, and the value under what it means."""
    if shown.x is not None:
        return {shown.axes[0]: shown.x, shown.words: shown.values}
    left, right, bottom, top = shown.span
    rows, columns = shown.values.shape
    x, y = np.meshgrid(np.linspace(left, right, columns), np.linspace(bottom, top, rows))
    return {shown.axes[0]: x.ravel(), shown.axes[1]: y.ravel(), shown.words: shown.values.ravel()}
