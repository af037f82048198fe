"""What a layer is: declared fields, a shape rule, and how it is lowered to primitive operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from engine.design.declared import Declared

if TYPE_CHECKING:
    from engine.program.builder import Builder, Tensor

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Spec:
    """What flows through a wire, the batch axis left out.

    Attributes:
        shape: (features,), (time, features), (height, width, channels) …
        tokens: vocabulary size where the values are token ids; 0 where they are real numbers.
    """

    shape: Shape
    tokens: int = 0

    @property
    def size(self) -> int:
        return prod(self.shape)

    def __str__(self) -> str:
        return "×".join(map(str, self.shape)) + (f" tokens of {self.tokens}" if self.tokens else "")


@dataclass(frozen=True)
class Fix:
    """An edit that would mend a problem.

    Attributes:
        text: what the button says: "Insert Flatten", "Set units to 10".
        action: "set" (a field of the node), "insert" (a layer before the node), "append" (a layer behind it),
            "remove" (a wire, or the node).
        field, value: for "set"; `engine.design.fixes.apply_fix` says what the other actions make of a value.
        layer: the kind of the layer to put in.
    """

    text: str
    action: Literal["set", "insert", "append", "remove"]
    field: str = ""
    value: object = None
    layer: str = ""


class ShapeError(ValueError):
    """What arrives does not fit the layer; ``reason`` is a sentence for the user."""

    def __init__(self, reason: str, field: str = "", fix: Fix | None = None) -> None:
        super().__init__(reason)
        self.reason, self.field, self.fix = reason, field, fix


class Layer(Declared):
    """A layer of a design; one module of `engine.layers` declares it whole.

    Attributes:
        brief: what it does in two or three words: a line of the palette.
        category: the palette's group: "Core", "Activation", "Normalise", "Regularise", "Combine", "Shape", "Sequence".
        arity: (fewest, most) input wires; most = None for any number.
    """

    family = "layer"
    brief: ClassVar[str] = ""
    category: ClassVar[str] = "Core"
    arity: ClassVar[tuple[int, int | None]] = (1, 1)

    def output(self, inputs: Sequence[Spec]) -> Spec:
        """The shape rule.

        Raises:
            ShapeError: the inputs do not fit.
        """
        raise TypeError(f"{type(self).__name__} has no shape rule")

    def lower(self, build: Builder, inputs: Sequence[Tensor]) -> Tensor:
        """Emit the layer's parameters and operations; returns its output."""
        raise TypeError(f"{type(self).__name__} is not lowered")

    def key_fields(self) -> str:
        """The few words that tell this box from its neighbours on the canvas: "32, relu"."""
        return ""


def real(spec: Spec, layer: str) -> Spec:
    """``spec``, when it holds real numbers.

    Raises:
        ShapeError: it holds token ids.
    """
    if spec.tokens:
        raise ShapeError(
            f"{layer} computes with real numbers, and token ids arrive",
            fix=Fix("Insert Embedding", "insert", layer="embedding"),
        )
    return spec
