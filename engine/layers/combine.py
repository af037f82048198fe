"""Layers that make one tensor of several."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import ClassVar

from pydantic import Field

from engine.kernels.blocks import copy_blocks
from engine.kernels.combine import add, add_backward, multiply, multiply_backward
from engine.kernels.contract import Kernel
from engine.layers.base import Fix, Layer, ShapeError, Spec, real
from engine.program.builder import Builder, Tensor


class Pairwise(Layer):
    """What is combined number by number; any number of inputs is taken two at a time."""

    category = "Combine"
    arity = (2, None)
    pair: ClassVar[tuple[Kernel, Kernel]]

    def output(self, inputs: Sequence[Spec]) -> Spec:
        first = real(inputs[0], self.title)
        for spec in inputs[1:]:
            if real(spec, self.title) != first:
                flat = spec.size == first.size and 1 in (len(spec.shape), len(first.shape))
                raise ShapeError(
                    f"it combines number by number, and {first} and {spec} are not of one shape",
                    fix=Fix("Insert Flatten", "insert", layer="flatten") if flat else None,
                )
        return first

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        forward, backward = self.pair
        total = inputs[0]
        for b in inputs[1:]:
            a, wanted = total, bool(total.grad or b.grad)
            total = build.tensor(a.spec, grad=wanted)
            shared = (a.value, b.value, total.value, a.spec.size)
            build.op([a, b], (forward, shared), (backward, (*shared, a.grad, b.grad, total.grad)) if wanted else None)
        return total


class Add(Pairwise):
    """y = a + b + …"""

    kind = "add"
    title = "Add"
    brief = "Sums what arrives"
    summary = "Adds what arrives, number by number: the shortcut of a residual network ends here."
    pair = (add, add_backward)


class Multiply(Pairwise):
    """y = a·b·…"""

    kind = "multiply"
    title = "Multiply"
    brief = "One gates the other"
    summary = "Multiplies what arrives, number by number: one branch opens and closes the other like a gate."
    pair = (multiply, multiply_backward)


class Concat(Layer):
    """One behind the other along an axis."""

    kind = "concat"
    title = "Concat"
    brief = "Puts side by side"
    summary = "Puts what arrives side by side."
    category = "Combine"
    arity = (2, None)

    axis: int = Field(
        -1, ge=-4, le=3, title="Axis", description="Along which axis: -1 is the last, the features; 0 the first."
    )

    def output(self, inputs: Sequence[Spec]) -> Spec:
        first = real(inputs[0], "Concat").shape
        rank = len(first)
        if not -rank <= self.axis < rank:
            raise ShapeError(
                f"{inputs[0]} has {rank} {'axis' if rank == 1 else 'axes'}, and there is no axis {self.axis}",
                "axis",
                Fix("Join along the last axis", "set", "axis", -1),
            )
        axis = self.axis % rank
        for spec in inputs[1:]:
            shape = real(spec, "Concat").shape
            if len(shape) != rank:
                raise ShapeError(
                    f"{inputs[0]} and {spec} have different numbers of axes",
                    fix=Fix("Insert Flatten", "insert", layer="flatten"),
                )
            if shape[:axis] != first[:axis] or shape[axis + 1 :] != first[axis + 1 :]:
                raise ShapeError(f"{inputs[0]} and {spec} may differ only along axis {axis}, where they are joined")
        length = sum(spec.shape[axis] for spec in inputs)
        return Spec((*first[:axis], length, *first[axis + 1 :]))

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        spec = self.output([x.spec for x in inputs])
        axis = self.axis % len(spec.shape)
        blocks, stride, start = prod(spec.shape[:axis]), prod(spec.shape[axis:]), 0
        y = build.tensor(spec, grad=any(x.grad for x in inputs))
        for x in inputs:
            span = prod(x.spec.shape[axis:])
            forward = (x.value, span, 0, y.value, stride, start, span, blocks, 0)
            backward = (y.grad, stride, start, x.grad, span, 0, span, blocks, 0)
            build.op([x], (copy_blocks, forward), (copy_blocks, backward) if x.grad else None)
            start += span
        return y
