"""Runs as the eye takes them: each by itself, or several seeds of one design as one fan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.compare.standing import Standing


@dataclass(frozen=True)
class Group:
    """A run, or all runs of a fan. ``key``: that of its first."""

    name: str
    members: tuple[Standing, ...]

    @property
    def key(self) -> int:
        return self.members[0].key

    @property
    def is_fan(self) -> bool:
        return len(self.members) > 1


def groups_of(standings: Sequence[Standing]) -> list[Group]:
    """In the order of the list."""
    found: dict[object, list[Standing]] = {}
    for standing in standings:
        found.setdefault(standing.contestant.fan or standing.key, []).append(standing)
    return [
        Group(
            f"{members[0].contestant.fan} {members[0].contestant.seed}–{members[-1].contestant.seed}"
            if len(members) > 1
            else members[0].name,
            tuple(members),
        )
        for members in found.values()
    ]
