"""What a user adds to a design for people alone: notes on the canvas, and boxes taken together as one."""

from __future__ import annotations

from pydantic import Field

from engine.design.declared import Value

ID = Field(min_length=1, max_length=80, pattern=r"^[^/\x00-\x1f]+$")


class Remark(Value):
    """A text on the canvas. Place and size are in the canvas's pixels; it changes nothing that is computed."""

    id: str = ID
    text: str = Field("", max_length=20_000)
    x: float = 0.0
    y: float = 0.0
    width: float = Field(192.0, gt=0)
    height: float = Field(72.0, gt=0)


class Group(Value):
    """Nodes taken together; folded they are shown as one box. It changes nothing that is computed."""

    id: str = ID
    members: tuple[str, ...] = Field(min_length=1)
    name: str = Field("", max_length=80)
    folded: bool = True

    @property
    def label(self) -> str:
        return self.name or self.id.replace("_", " ").capitalize()


def without_member(groups: tuple[Group, ...], id: str) -> tuple[Group, ...]:
    """The groups without a node; a group of which nothing is left is gone."""
    if not any(id in group.members for group in groups):
        return groups
    rest = ((group, tuple(member for member in group.members if member != id)) for group in groups)
    return tuple(group.but(members=members) for group, members in rest if members)
