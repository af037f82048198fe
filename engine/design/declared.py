"""What every choice of a design is made of: a frozen declaration from which form, file format and docs follow."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_plain_validator_function, plain_serializer_function_ser_schema


class Value(BaseModel):
    """An immutable value: equal by content, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)

    def but(self, **changes: Any) -> Self:
        """A validated copy with some fields changed."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**(fields | changes))


class Declared(Value):
    """One kind of a family (a layer, an optimizer, a data source …), declared in one place.

    A family is a direct subclass, which sets ``family``; a kind is a subclass of a family that sets ``kind``.
    ``Field(title=…, description=…, ge=…, le=…, json_schema_extra={"unit": …})`` of a kind's fields is all that the
    inspector, the checks, the file format and the pages of help know about it.
    """

    family: ClassVar[str] = ""
    kinds: ClassVar[dict[str, Any]] = {}
    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    version: ClassVar[int] = 1

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("family"):
            cls.kinds = {}
        elif cls.__dict__.get("kind"):
            if cls.kind in cls.kinds:
                raise TypeError(f"two kinds of {cls.family} are called {cls.kind!r}")
            cls.kinds[cls.kind] = cls

    @classmethod
    def parse(cls, value: Any) -> Any:
        """A kind of this family from its dump: ``{"type": …, field: …}``, or its type name alone for the defaults.

        Raises:
            ValueError: the type is not of this family (the message lists near names), or a field is wrong.
        """
        if isinstance(value, cls):
            return value
        if not isinstance(value, str | Mapping):
            raise ValueError(f"must be a {cls.family}: its name, or an object with a type and fields")
        fields = {"type": value} if isinstance(value, str) else dict(value)
        name = fields.pop("type", None)
        kind = cls.kinds.get(name) if isinstance(name, str) else None
        if kind is None:
            near = get_close_matches(str(name), cls.kinds, n=3) or sorted(cls.kinds)
            raise ValueError(f"there is no {cls.family} called {name!r}; near: {', '.join(near)}")
        return kind(**fields)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A field annotated with the family holds any of its kinds; a kind itself is an ordinary model."""
        if not cls.__dict__.get("family"):
            return handler(source)
        return no_info_plain_validator_function(
            cls.parse, serialization=plain_serializer_function_ser_schema(lambda value: value.dump())
        )

    def dump(self) -> dict[str, Any]:
        """The readable form that ``parse`` takes back."""
        return {"type": self.kind, **self.model_dump(mode="json")}
