"""What training makes small: each loss with the link that turns outputs into answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from engine.design.declared import Declared
from engine.kernels import losses as kernels

if TYPE_CHECKING:
    from engine.kernels.contract import Kernel
    from engine.program.builder import Area, Builder, Tensor

Link = Literal["identity", "sigmoid", "softmax"]


class Loss(Declared):
    """A loss on the last layer's output.

    Attributes:
        link: what turns the output into an answer; sigmoid and softmax are part of the loss, which works from logits.
        tasks: what it can judge.
    """

    family = "loss"
    link: ClassVar[Link] = "identity"
    tasks: ClassVar[frozenset[str]] = frozenset({"regression"})

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        """Add the operation that sums the loss and starts the backward pass."""
        raise TypeError(f"{type(self).__name__} is not lowered")


class Automatic(Loss):
    kind = "auto"
    title = "Automatic"
    summary = "Mean squared error for numbers, cross-entropy for classes."
    tasks = frozenset({"regression", "binary", "multiclass"})


def emit_elementwise(build: Builder, kernel: Kernel, output: Tensor, target: Area, constant: float) -> None:
    grad = output.grad
    build.op([output], (kernel, (output.value, grad, target, output.spec.size, build.constant(constant))))


class MeanSquaredError(Loss):
    kind = "mse"
    title = "Mean squared error"
    summary = "The mean of (ŷ - y)²: large errors weigh most."

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        emit_elementwise(build, kernels.mse, output, target, 0.0)


class BinaryCrossEntropy(Loss):
    kind = "bce"
    title = "Binary cross-entropy"
    summary = "-[y ln ŷ + (1-y) ln(1-ŷ)]: a confident wrong answer is dear."
    link = "sigmoid"
    tasks = frozenset({"binary"})

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        emit_elementwise(build, kernels.bce, output, target, 0.0)


class CategoricalCrossEntropy(Loss):
    kind = "cce"
    title = "Categorical cross-entropy"
    summary = "-ln of the probability given to the right class."
    link = "softmax"
    tasks = frozenset({"binary", "multiclass"})

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        classes = output.spec.shape[-1]
        groups = output.spec.size // classes
        arguments = (output.value, output.grad, target, groups, classes, build.constant(0.0), None)
        build.op([output], (kernels.softmax_cross_entropy, arguments))


def resolve(loss: Loss, task: str, units: int) -> Loss:
    """The loss itself, or the one that `Automatic` stands for: by the task, and for classes by the output's width."""
    if not isinstance(loss, Automatic):
        return loss
    if task == "regression":
        return MeanSquaredError()
    return BinaryCrossEntropy() if task == "binary" and units == 1 else CategoricalCrossEntropy()
