"""Which moments go when there are too many: those whose loss leaves the smallest gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from engine.training.timeline.moment import Overview

# How much dearer than an ordinary one a moment is. They are factors, and not orders of rank: of a thousand edits in a
# row some may go before the only moment of a long time.
MARKED: Final = 8.0  # an edit, or a fork
RECENT: Final = 1e5  # the last dozen of the branch that is trained
OWN: Final = 1e6  # the first, the best and the last of every branch
KEPT: Final = 1e12  # the very first, the best of this branch, and the newest: these go only where nothing else is left
FEWEST_RECENT, MOST_RECENT = 1, 16


@dataclass(frozen=True)
class Lane:
    """The moments of one branch for judging: their numbers, steps and worths, and the step of its fork."""

    numbers: tuple[int, ...]
    steps: tuple[int, ...]
    worths: tuple[float, ...]
    fork: int = 0


def lanes(overview: Overview, here: int, newest: int) -> list[Lane]:
    """Every branch with the worth of its moments.

    Args:
        here: the branch on which the run stands. newest: the number of the moment that is never given up.
    """
    forks = {(branch.parent, branch.fork_step) for branch in overview.branches}
    made = []
    for branch in overview.branches:
        own = overview.of_branch(branch.number)
        best = overview.best(branch.number)
        worths = []
        for place, moment in enumerate(own):
            worth = MARKED if moment.edited or (branch.number, moment.step) in forks else 1.0
            if branch.number == here and len(own) - place <= min(max(len(own) // 4, FEWEST_RECENT), MOST_RECENT):
                worth = max(worth, RECENT)
            if place in (0, len(own) - 1) or moment is best:
                worth = OWN
            very_first = not place and branch is overview.branches[0]
            if very_first or moment.number == newest or (moment is best and branch.number == here):
                worth = KEPT
            worths.append(worth)
        made.append(
            Lane(tuple(m.number for m in own), tuple(m.step for m in own), tuple(worths), branch.fork_step)
        )  # fmt: skip
    return made


def victims(given: Sequence[Lane], enough: Callable[[int], bool], never: int = -1) -> list[int]:
    """Numbers of moments to give up, one after the other, until ``enough(number)`` says so after it was given up.

    The next to go is the one whose neighbours then are nearest to each other, as a share of its branch, times its
    worth: so an old course becomes sparser evenly, by halves, and every branch has its share.
    """
    before: dict[int, int | None] = {}
    after: dict[int, int | None] = {}
    step: dict[int, int] = {}
    worth: dict[int, float] = {}
    start: dict[int, int] = {}
    span: dict[int, int] = {}
    for lane in given:
        for place, number in enumerate(lane.numbers):
            before[number] = lane.numbers[place - 1] if place else None
            after[number] = lane.numbers[place + 1] if place + 1 < len(lane.numbers) else None
            step[number], worth[number], start[number] = lane.steps[place], lane.worths[place], lane.fork
            span[number] = max(1, lane.steps[-1] - lane.fork)

    def cost(number: int) -> float:
        earlier, later = before[number], after[number]
        left = start[number] if earlier is None else step[earlier]
        right = step[number] if later is None else step[later]
        return worth[number] * max(right - left, 1) / span[number]

    heap = [(cost(number), number) for number in step if number != never]
    heapify(heap)
    gone: list[int] = []
    current = {number: value for value, number in heap}
    while heap:
        value, number = heappop(heap)
        if current.get(number) != value:
            continue  # its neighbours have gone since
        del current[number]
        gone.append(number)
        earlier, later = before[number], after[number]
        for neighbour, side, other in ((earlier, after, later), (later, before, earlier)):
            if neighbour is not None:
                side[neighbour] = other
                if neighbour in current:
                    current[neighbour] = cost(neighbour)
                    heappush(heap, (current[neighbour], neighbour))
        if enough(number):
            break
    return gone
