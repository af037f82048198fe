"""The placeholder of a layer that this version does not know: it keeps what the file said, word for word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from engine.layers.base import Layer, ShapeError, Spec


class Unknown(Layer):
    """A layer from a newer Netloom or from an extension that is not installed."""

    title: ClassVar[str] = "Unknown layer"
    summary: ClassVar[str] = "Kept as it is in the file; it cannot be trained here."
    arity: ClassVar[tuple[int, int | None]] = (0, None)

    # As text, so that the value stays immutable and hashable.
    text: str = Field(title="As in the file")
    written_by: int = Field(1, title="Version of the layer")

    @classmethod
    def keeping(cls, original: dict[str, Any], written_by: int = 1) -> Unknown:
        return cls(text=json.dumps(original, ensure_ascii=False, allow_nan=False), written_by=written_by)

    @property
    def original(self) -> dict[str, Any]:
        fields: dict[str, Any] = json.loads(self.text)
        return fields

    @property
    def type(self) -> str:
        return str(self.original.get("type", ""))

    def dump(self) -> dict[str, Any]:
        return self.original

    def output(self, inputs: Sequence[Spec]) -> Spec:
        raise ShapeError(
            f"this Netloom has no layer {self.type!r} of version {self.written_by}; "
            "it is kept as it is, and has to be replaced before the design can be trained"
        )

    def key_fields(self) -> str:
        return self.type


# Named after the class is made: a kind in the registry would show up in the palette.
Unknown.kind = "unknown"
