"""What happens between the backward pass and the next batch: penalties, clipping, the step, norms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.program.builder import Area, Operation, Parameter
from engine.training.spec import TrainingSpec


@dataclass(frozen=True)
class UpdateLayout:
    """Where the flat parameters and the optimizer's slots lie in par.

    Attributes:
        size: P: parameters at [0, P), gradients at [P, 2P).
        slots: start of every slot array. scalars: start of the single numbers.
        rows, batch: training rows and rows per step, from which a schedule knows the steps of an epoch.
    """

    size: int
    slots: tuple[int, ...]
    scalars: int
    rows: int
    batch: int


def update_operations(
    training: TrainingSpec, layout: UpdateLayout, parameters: Sequence[Parameter]
) -> tuple[list[Operation], list[tuple[Area, float]], Area]:
    """The operations of an update, the constants that they read, and the place of the learning rate."""
    constants: list[tuple[Area, float]] = []

    def constant(value: float) -> Area:
        constants.append((Area(1, False), value))
        return constants[-1][0]

    rate = constant(training.learning_rate)
    update = training.optimizer.update()
    arguments = (
        0, layout.size, layout.size, rate, *layout.slots, *((layout.scalars,) if update.scalars else ()),
        *(constant(value) for value in update.constants),
    )  # fmt: skip
    return [Operation("", update.kernel, arguments)], constants, rate
