"""The networks that are timed, and one way of timing each contestant: seconds for so many steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Net:
    """Dense layers with ReLU between them, trained by Adam on random numbers.

    Attributes:
        widths: units from the input to the output. batch: examples per step.
        steps: how many make about a tenth of a second here.
    """

    widths: tuple[int, ...]
    batch: int
    steps: int

    @property
    def name(self) -> str:
        return "-".join(map(str, self.widths)) + f", {self.batch}"


ROWS = 2000
NETS = (
    Net((2, 8, 8, 1), 10, 60_000),
    Net((2, 32, 32, 32, 1), 32, 12_000),
    Net((1, 64, 64, 1), 64, 5_000),
    Net((784, 128, 10), 64, 500),
    Net((784, 512, 512, 10), 128, 40),
)
