"""Declarations with a field of every type, for forms to be made of."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar, Literal

from pydantic import Field

from engine.design.declared import Declared, Value


class Shade(Enum):
    LIGHT = "light"
    DARK = "dark"


class Pet(Declared):
    family = "pet"


class Cat(Pet):
    kind = "cat"
    title = "Cat"
    lives: int = Field(9, ge=1, le=9, title="Lives")
    name: str = "Tom"


class Dog(Pet):
    kind = "dog"
    title = "Dog"
    name: str = "Rex"


class Bowl(Value):
    size: float = Field(1.0, gt=0, title="Size", json_schema_extra={"unit": "l"})


class Sample(Value):
    """Every type that a declared field has."""

    help_of: ClassVar[str] = "What it is for."
    count: int = Field(3, ge=1, le=100, title="Count", description="What it is for.")
    rate: float = Field(0.1, gt=0, le=1e12, title="Rate", json_schema_extra={"unit": "per step"})
    share: float = Field(0.5, ge=0, lt=1)
    most: float = Field(0.0, ge=0, json_schema_extra={"unit": "rows", "zero": "off"})
    on: bool = Field(True, title="On")
    mode: Literal["a", "b"] = "a"
    shade: Shade = Shade.LIGHT
    shape: tuple[int, ...] = (28, 28)
    limit: float | None = None
    title_text: str = Field("", max_length=5)
    function: str = Field("relu", json_schema_extra={"choices": "activations"})
    pet: Pet = Field(Cat(), title="Pet")
    bowl: Bowl = Bowl()
