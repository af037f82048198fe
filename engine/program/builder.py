"""What layers and losses are lowered with: tensors, parameters and operations, before anything has an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING
from zlib import crc32

from engine.errors import DesignError
from engine.kernels.combine import add_gradients
from engine.kernels.contract import Kernel

if TYPE_CHECKING:
    from engine.layers.base import Shape, Spec
    from engine.training.initialisers import Initialiser


@dataclass(frozen=True, eq=False)
class Area:
    """A piece of an arena; its offset is known when the plan is laid out.

    Attributes:
        size: reals; per example where ``per_example``.
        per_example: it grows with the batch.
    """

    size: int
    per_example: bool = True


@dataclass(eq=False)
class Tensor:
    """What flows between operations: values, and the gradient of the loss by them where somebody needs it."""

    spec: Spec
    value: Area
    grad: Area | None
    consumed: bool = False


@dataclass(frozen=True, eq=False)
class Parameter:
    """A trained tensor. ``decay``: L1, L2 and weight decay act on it (weights, not biases)."""

    key: str
    shape: Shape
    initialiser: Initialiser
    fan_in: int
    fan_out: int
    decay: bool
    value: Area
    grad: Area

    @property
    def size(self) -> int:
        return prod(self.shape)


@dataclass(frozen=True, eq=False)
class State:
    """A tensor that is saved but not trained, such as a running mean."""

    key: str
    shape: Shape
    fill: float
    value: Area


Argument = int | Area | None  # None: -1, "nobody needs it"


@dataclass(frozen=True, eq=False)
class Operation:
    node: str
    kernel: Kernel
    arguments: tuple[Argument, ...]


@dataclass
class NodeRecord:
    """What lowering a node gave: what it reads, port by port, its output, its tensors, its work."""

    output: Tensor
    inputs: tuple[Tensor, ...] = ()
    parameters: list[Parameter] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    multiply_adds: int = 0
    reals_per_example: int = 0


class Builder:
    """Collects what the nodes emit, in forward order; allocates nothing."""

    def __init__(self) -> None:
        self.node = ""
        self.forward_ops: list[Operation] = []
        self._backward_groups: list[list[Operation]] = []
        self.parameters: list[Parameter] = []
        self.states: list[State] = []
        self.constants: list[tuple[Area, tuple[float, ...]]] = []
        self.records: dict[str, NodeRecord] = {}
        self._streams = 0
        self._work = 0
        self._reals = 0

    @property
    def backward_ops(self) -> list[Operation]:
        return [operation for group in reversed(self._backward_groups) for operation in group]

    # -- what a layer may ask for

    def tensor(self, spec: Spec, grad: bool = True) -> Tensor:
        """A new tensor; ``grad``: the loss's gradient by it will be wanted."""
        self._reals += spec.size * (2 if grad else 1)
        return Tensor(spec, Area(spec.size), Area(spec.size) if grad else None)

    def alias(self, tensor: Tensor, spec: Spec) -> Tensor:
        """The same memory under another shape of the same size."""
        self.consume(tensor)
        return Tensor(spec, tensor.value, tensor.grad)

    def parameter(
        self, name: str, shape: Shape, initialiser: Initialiser, fan_in: int = 0, fan_out: int = 0, decay: bool = True
    ) -> Parameter:
        """A trained tensor, known outside as ``node/name``."""
        size = prod(shape)
        made = Parameter(
            f"{self.node}/{name}", shape, initialiser, fan_in, fan_out, decay, Area(size, False), Area(size, False)
        )
        self.parameters.append(made)
        return made

    def state(self, name: str, shape: Shape, fill: float = 0.0) -> State:
        made = State(f"{self.node}/{name}", shape, fill, Area(prod(shape), False))
        self.states.append(made)
        return made

    def constant(self, *values: float) -> Area:
        """Numbers that kernels read from ``par``, side by side."""
        area = Area(len(values), False)
        self.constants.append((area, values))
        return area

    def scratch(self, size: int, per_example: bool = True) -> Area:
        """Working memory of one batch."""
        if per_example:
            self._reals += size
        return Area(size, per_example)

    def stream(self) -> int:
        """A random stream of this node's own: other nodes draw the same numbers whether it is there or not."""
        self._streams += 1
        return crc32(f"{self.node}#{self._streams}".encode()) & 0x3FFFFFFF | 2

    def consume(self, *tensors: Tensor) -> None:
        for tensor in tensors:
            if tensor.consumed:
                raise RuntimeError(f"a tensor of {self.node} has two readers: fork it")
            tensor.consumed = True

    def op(
        self,
        inputs: Sequence[Tensor],
        forward: tuple[Kernel, Sequence[Argument]],
        backward: tuple[Kernel, Sequence[Argument]] | None = None,
        multiply_adds: int = 0,
    ) -> None:
        """One operation. ``backward`` is left out where nobody needs a gradient from it."""
        self.consume(*inputs)
        self._work += multiply_adds
        self.forward_ops.append(Operation(self.node, forward[0], tuple(forward[1])))
        if backward is not None:
            self._backward_groups.append([Operation(self.node, backward[0], tuple(backward[1]))])

    def fork(self, tensor: Tensor, readers: int) -> list[Tensor]:
        """As many names for a tensor as it has readers; their gradients are summed."""
        if readers == 1:
            return [tensor]
        self.consume(tensor)
        grad = tensor.grad
        forks = [Tensor(tensor.spec, tensor.value, Area(tensor.spec.size) if grad else None) for _ in range(readers)]
        if grad:
            self._reals += tensor.spec.size * readers
            group = [
                Operation(
                    self.node, add_gradients, (grad, forks[0].grad if i == 1 else grad, forks[i].grad, tensor.spec.size)
                )
                for i in range(1, readers)
            ]
            self._backward_groups.append(group)
        return forks

    # -- what the lowering of a document calls

    def enter(self, node: str) -> None:
        self.node, self._streams, self._work, self._reals = node, 0, 0, 0
        self._first_parameter, self._first_state = len(self.parameters), len(self.states)

    def leave(self, output: Tensor, inputs: Sequence[Tensor] = ()) -> None:
        keys = [p.key for p in self.parameters[self._first_parameter :]]
        if len(set(keys)) != len(keys):
            raise DesignError(self.node, "two parameters have one name")
        parameters, states = self.parameters[self._first_parameter :], self.states[self._first_state :]
        self.records[self.node] = NodeRecord(output, tuple(inputs), parameters, states, self._work, self._reals)
