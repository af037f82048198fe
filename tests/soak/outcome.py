"""What a soak has found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Look:
    """The memory at one moment, with the same design freshly opened and nothing else open.

    Attributes:
        actions: done before it. resident: MB. kinds: how many objects of each kind there are.
    """

    actions: int
    resident: float
    kinds: Counter[str]


@dataclass
class Outcome:
    """What a soak has found.

    Attributes:
        faults: tracebacks and sentences of what went wrong; none when all is well.
        done: how often each action was done. trained: actions during which it trained.
        held: seconds for which each action held the window up at the most, in one go: (by the clock, of the processor
            as fast as it has been at its best).
        where: what the window was seen doing during the longest of these, for those that lasted.
        looks: at the memory, one before every round. highest: MB in between.
        steps: undo steps that were on the stack at the most.
    """

    faults: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    trained: int = 0
    held: dict[str, tuple[float, float]] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)
    highest: float = 0.0
    steps: int = 0

    @property
    def actions(self) -> int:
        return self.done.total()
