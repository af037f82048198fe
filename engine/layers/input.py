"""Where the examples enter."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, field_validator

from engine.layers.base import Layer, Shape, ShapeError, Spec


class Input(Layer):
    """The network's input; without a shape of its own it takes the data's."""

    kind = "input"
    title = "Input"
    brief = "Where examples enter"
    summary = "Where the examples enter."
    category = "Core"
    arity = (0, 0)

    shape: Shape | None = Field(None, title="Shape", description="Empty: as the data are.", min_length=1, max_length=4)

    @field_validator("shape")
    @classmethod
    def _sizes(cls, shape: Shape | None) -> Shape | None:
        if shape is not None and min(shape) < 1:
            raise ValueError("every size must be at least 1")
        return shape

    def output(self, inputs: Sequence[Spec]) -> Spec:
        """The data's spec arrives as the only element of ``inputs``; without data the declared shape is all there is.

        Raises:
            ShapeError: data and declared shape disagree, or neither is known.
        """
        data = inputs[0] if inputs else None
        if self.shape is None:
            if data is None:
                raise ShapeError("the shape is unknown until data are chosen", "shape")
            return data
        if data is not None and data.shape != self.shape:
            raise ShapeError(f"the data have the shape {data}, and {Spec(self.shape)} is asked for", "shape")
        return data or Spec(self.shape)

    def key_fields(self) -> str:
        return str(Spec(self.shape)) if self.shape else ""
