"""Layers that see the same numbers in another shape, or fewer of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from pydantic import Field, field_validator

from engine.kernels.blocks import average, average_backward
from engine.layers.base import Fix, Layer, Shape, ShapeError, Spec, real
from engine.program.builder import Builder, Tensor


class Flatten(Layer):
    """All numbers of an example in one row."""

    kind = "flatten"
    title = "Flatten"
    brief = "All in one row"
    summary = "Puts all numbers of an example into one row, so that Dense sees them all."
    category = "Shape"

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        return Spec((spec.size,), spec.tokens)

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        return build.alias(x, self.output([x.spec]))


class Reshape(Layer):
    """The same numbers, in the same order, in another shape."""

    kind = "reshape"
    title = "Reshape"
    brief = "Another shape"
    summary = "The same numbers in another shape: a row of 784 becomes a picture of 28×28×1."
    category = "Shape"

    shape: Shape = Field(
        (-1,), min_length=1, max_length=4, title="Shape", description="One size may be -1: whatever is left."
    )

    @field_validator("shape")
    @classmethod
    def _sizes(cls, shape: Shape) -> Shape:
        if any(size < 1 and size != -1 for size in shape) or shape.count(-1) > 1:
            raise ValueError("every size must be at least 1; one may be -1, which stands for whatever is left")
        return shape

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        known = prod(size for size in self.shape if size != -1)
        if -1 in self.shape and spec.size % known == 0:
            return Spec(tuple(spec.size // known if size == -1 else size for size in self.shape), spec.tokens)
        if known != spec.size or -1 in self.shape:
            raise ShapeError(
                f"{Spec(spec.shape)} is {spec.size} numbers, and they do not fill {_written(self.shape)}",
                "shape",
                Fix(f"Set the shape to {spec.size}", "set", "shape", (spec.size,)),
            )
        return Spec(self.shape, spec.tokens)

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        return build.alias(x, self.output([x.spec]))

    def key_fields(self) -> str:
        return _written(self.shape)


def _written(shape: Shape) -> str:
    return "×".join("?" if size == -1 else str(size) for size in shape)


class GlobalAverage(Layer):
    """The mean of every feature over all places: (time, features) or (height, width, channels) to (features,)."""

    kind = "global_average"
    title = "Global average"
    brief = "Mean over all places"
    summary = "Averages every feature over all places, in time or in a picture: sequences of any length end alike."
    category = "Shape"

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        if len(real(spec, "Global average").shape) < 2:
            raise ShapeError(f"it averages over time or over a picture, and {spec} has no places to average over")
        return Spec(spec.shape[-1:])

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        (x,) = inputs
        m = x.spec.shape[-1]
        y = build.tensor(Spec((m,)), grad=x.grad is not None)
        shared = (x.value, y.value, x.spec.size // m, m)
        build.op([x], (average, shared), (average_backward, (*shared, x.grad, y.grad)) if x.grad else None)
        return y
