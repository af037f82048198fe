"""Everything that a run needs to go on, bit for bit, as named arrays and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class State:
    """A moment of a run.

    Attributes:
        arrays: "parameters/dense_1/weight", "optimizer/m/dense_1/weight", "state/batchnorm_1/mean", "best/…", …
        counters: step, epoch, position, seed …: whole numbers; and the meters of the unfinished epoch.
        recipe: how the rows that were learnt from are named and scaled, `engine.data.prepare.Prepared.recipe`: weights
            mean nothing without it. None where nobody has noted it.
    """

    arrays: dict[str, NDArray[Any]]
    counters: dict[str, int | float | str]
    recipe: Mapping[str, Any] | None = None
