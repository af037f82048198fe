"""Equal arrays of several moments are kept once; and how many bytes a set of moments really holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.program.state import State

if TYPE_CHECKING:
    from engine.training.timeline.moment import Moment

Array = NDArray[Any]
COPIES: Final = ("good/", "best/")  # what is kept besides the present numbers, under the same names
PER_ARRAY, PER_MOMENT, PER_ROW = 260, 2500, 600  # bytes of the objects around the numbers, as measured
SMALL: Final = 4096  # bytes: copying them is quicker than looking at them through NumPy
GLANCE: Final = 64  # numbers that are compared first: most arrays that differ do so everywhere


def shared(state: State, known: State | None) -> State:
    """The state with those of its arrays that equal others, bit for bit, replaced by them.

    Args:
        known: a state whose arrays may be taken, such as that of the moment before.
    """
    arrays = dict(state.arrays)
    for name, values in state.arrays.items():
        plain = next((name.removeprefix(prefix) for prefix in COPIES if name.startswith(prefix)), "")
        candidates = [known.arrays.get(name)] if known else []
        if plain:
            candidates += [state.arrays.get(plain), *([known.arrays.get(plain)] if known else [])]
        arrays[name] = next((other for other in candidates if other is not None and same_bits(values, other)), values)
    return replace(state, arrays=arrays)


def same_bits(a: Array, b: Array) -> bool:
    """Whether two arrays are equal bit for bit: no number equals another, and NaN equals itself."""
    if a is b:
        return True
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.nbytes <= SMALL:
        return a.tobytes() == b.tobytes()
    first, second = (np.ascontiguousarray(values).reshape(-1).view(np.uint8) for values in (a, b))
    glance = GLANCE * a.itemsize
    return np.array_equal(first[:glance], second[:glance]) and np.array_equal(first, second)


def equal_states(a: State, b: State) -> bool:
    """Whether two states go on alike: the same numbers under the same names, and the same counters."""
    passing = {"seconds", "ended"}  # how long it took, and how it ended there, changes nothing
    return (
        a.arrays.keys() == b.arrays.keys()
        and {k: v for k, v in a.counters.items() if k not in passing}
        == {k: v for k, v in b.counters.items() if k not in passing}
        and all(same_bits(values, b.arrays[name]) for name, values in a.arrays.items())
    )


class Ledger:
    """Counts the bytes that moments hold, shared arrays once."""

    def __init__(self) -> None:
        self._holders: Counter[int] = Counter()
        self.bytes = 0

    def add(self, moment: Moment) -> None:
        for key, size in _holdings(moment):
            self._holders[key] += 1
            if self._holders[key] == 1:
                self.bytes += size

    def remove(self, moment: Moment) -> None:
        for key, size in _holdings(moment):
            self._holders[key] -= 1
            if not self._holders[key]:
                del self._holders[key]
                self.bytes -= size


def _holdings(moment: Moment) -> list[tuple[int, int]]:
    """(identity, bytes) of everything that it holds."""
    found = [
        (id(array), array.nbytes + PER_ARRAY) for array in {id(a): a for a in moment.state.arrays.values()}.values()
    ]
    stats = moment.stats
    if stats is not None:
        found.append((id(stats), PER_ROW * (len(stats.tensors) + len(stats.layers))))
    return [*found, (id(moment), PER_MOMENT)]
