"""The maxout layer: every unit is the largest of several sums."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from engine.kernels.maxout import maxout, maxout_backward
from engine.layers.base import Layer, Spec, real
from engine.layers.dense import affine
from engine.program.builder import Builder, Tensor
from engine.training.initialisers import Automatic, Initialiser, Zeros


class Maxout(Layer):
    """y_j = max over pieces p of (x·W_p + b_p)_j, on the last axis (Goodfellow et al. 2013)."""

    kind = "maxout"
    title = "Maxout"
    brief = "The largest of sums"
    summary = "Every unit takes the largest of several sums, and so learns its own activation."
    category = "Core"

    units: int = Field(8, ge=1, le=1_000_000, title="Units", description="How many neurons, and so outputs.")
    pieces: int = Field(2, ge=2, le=64, title="Pieces", description="Among how many sums each unit chooses.")
    initialiser: Initialiser = Field(Automatic(), title="First weights", description="How the weights begin.")
    bias_initialiser: Initialiser = Field(Zeros(), title="First biases", description="How the biases begin.")

    def output(self, inputs: Sequence[Spec]) -> Spec:
        (spec,) = inputs
        return Spec((*real(spec, "Maxout").shape[:-1], self.units))

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        # the larger of two standard normals has a mean square of 1: nothing is lost that "he" would make up for
        initialiser = self.initialiser.suited_to("lecun")
        z = affine(
            build, inputs[0], self.units * self.pieces, "linear", initialiser, self.bias_initialiser, self.units
        )  # fmt: skip
        y = build.tensor(Spec((*z.spec.shape[:-1], self.units)))
        shared = (z.value, y.value, y.spec.size // self.units, self.pieces, self.units)
        build.op([z], (maxout, shared), (maxout_backward, (*shared, z.grad, y.grad)))
        return y

    def key_fields(self) -> str:
        return f"{self.units} of {self.pieces}"
