"""What happens between the backward pass and the next batch: penalties, clipping, the step, norms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.kernels import penalties
from engine.program.builder import Area, Operation, Parameter
from engine.training.optimizers import Update
from engine.training.spec import TrainingSpec


@dataclass(frozen=True)
class UpdateLayout:
    """Where the flat parameters and what an update keeps lie in par.

    Attributes:
        size: P: parameters at [0, P), gradients at [P, 2P).
        slots: start of every slot array. scalars: start of the optimizer's single numbers.
        memory: start of what the schedule keeps.
    """

    size: int
    slots: tuple[int, ...]
    scalars: int
    memory: int


@dataclass
class Updating:
    """The operations of an update.

    Attributes:
        rate: the learning rate that is in force; the settings' own where the schedule is constant.
        each: after every backward pass. closing: at the end of an epoch, before its meters are cleared.
        constants: the numbers that they read, and room to work in.
    """

    rate: Area
    each: list[Operation] = field(default_factory=list)
    closing: list[Operation] = field(default_factory=list)
    constants: list[tuple[Area, tuple[float, ...]]] = field(default_factory=list)

    def constant(self, *values: float) -> Area:
        self.constants.append((Area(len(values), False), values))
        return self.constants[-1][0]


def update_operations(training: TrainingSpec, layout: UpdateLayout, parameters: Sequence[Parameter]) -> Updating:
    """What an update does, in this order.

    L1 and L2 add to the gradient, which is then clipped, by value first; the schedule sets the learning rate; weights
    decay; the optimizer takes its step; max-norm shortens what has grown too long. Penalties, decay and max-norm act
    on weights (`Parameter.decay`), not on biases.
    """
    made = Updating(Area(1, False))
    made.constants.append((made.rate, (training.learning_rate,)))
    update = training.optimizer.update()
    weights = [p for p in parameters if p.decay]
    made.each += _penalties(training, made, weights)
    made.each += _clipping(training, made, layout)
    _schedule(training, made, layout)
    if update.decay:
        strength = made.constant(update.decay)
        made.each += [Operation("", penalties.decay, (p.value, p.size, made.rate, strength)) for p in weights]
    made.each.append(_step(update, made, layout))
    if training.max_norm:
        most = made.constant(training.max_norm)
        made.each += [_max_norm(p, most, made) for p in weights if len(p.shape) > 1]
    return made


def _penalties(training: TrainingSpec, made: Updating, weights: Sequence[Parameter]) -> Iterator[Operation]:
    for strength, kernel in ((training.l1, penalties.l1), (training.l2, penalties.l2)):
        if strength:
            constant = made.constant(strength)
            yield from (Operation("", kernel, (p.value, p.grad, p.size, constant)) for p in weights)


def _clipping(training: TrainingSpec, made: Updating, layout: UpdateLayout) -> Iterator[Operation]:
    for most, kernel in ((training.clip_value, penalties.clip_value), (training.clip_norm, penalties.clip_norm)):
        if most:
            yield Operation("", kernel, (layout.size, layout.size, made.constant(most)))


def _schedule(training: TrainingSpec, made: Updating, layout: UpdateLayout) -> None:
    stages = training.schedule.stages()
    before = made.constant(training.learning_rate) if stages else made.rate
    memory = layout.memory
    for stage in stages:
        constants = made.constant(*stage.constants)
        made.each.append(Operation("", stage.kernel, (made.rate, before, memory if stage.memory else None, constants)))
        if stage.judge is not None:
            made.closing.append(Operation("", stage.judge, (memory, constants)))
        before, memory = made.rate, memory + stage.memory


def _step(update: Update, made: Updating, layout: UpdateLayout) -> Operation:
    scalars = (layout.scalars,) if update.scalars else ()
    constants = (made.constant(*update.constants),) if update.constants else ()
    return Operation("", update.kernel, (0, layout.size, layout.size, made.rate, *layout.slots, *scalars, *constants))


def _max_norm(parameter: Parameter, most: Area, made: Updating) -> Operation:
    units = parameter.shape[-1]
    room = made.constant(*(0.0,) * units)
    arguments = (parameter.value, parameter.size // units, units, most, room)
    return Operation("", penalties.max_norm, arguments)
