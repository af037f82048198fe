"""What training makes small: each loss with the link that turns outputs into answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from engine.design.declared import Declared
from engine.errors import DesignError
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

    @property
    def balanced(self) -> bool:
        """It wants to know how many training rows each class has: see `weighed`."""
        return False

    def weighed(self, counts: Sequence[int]) -> Loss:
        """The loss as it is emitted: ``balanced`` weights worked out from the training rows of each class."""
        return self

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        """Add the operation that sums the loss and starts the backward pass.

        Raises:
            DesignError: the loss's own settings do not fit the output.
        """
        raise TypeError(f"{type(self).__name__} is not lowered")


class Automatic(Loss):
    kind = "auto"
    title = "Automatic"
    summary = "Mean squared error for numbers, cross-entropy for classes."
    tasks = frozenset({"regression", "binary", "multiclass"})


def emit_elementwise(build: Builder, kernel: Kernel, output: Tensor, target: Area, *constants: float) -> None:
    """Emit a loss on every output by itself; the kernels read three constants."""
    row = (output.value, output.grad, target, output.spec.size, build.constant(*constants))
    build.op([output], (kernel, row))


class MeanSquaredError(Loss):
    """Mean of (ŷ - y)² (Gauss 1809)."""

    kind = "mse"
    title = "Mean squared error"
    summary = "The mean of (ŷ - y)²: large errors weigh most."

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        emit_elementwise(build, kernels.mse, output, target, 0.0, 1.0, 1.0)


class MeanAbsoluteError(Loss):
    """Mean of |ŷ - y|; its slope at 0 is taken as 0."""

    kind = "mae"
    title = "Mean absolute error"
    summary = "The mean of |ŷ - y|: a few wild values pull less than with the square."

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        emit_elementwise(build, kernels.mae, output, target, 0.0, 1.0, 1.0)


class Huber(Loss):
    """½e² for |e| <= δ, δ·(|e| - ½δ) beyond (Huber 1964)."""

    kind = "huber"
    title = "Huber"
    summary = "Square for small errors, straight for large ones: smooth, and calm about wild values."
    delta: float = Field(
        1.0,
        gt=0,
        le=1e6,
        title="δ",
        description="The error at which the curve turns straight, in units of the scaled target.",
    )

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        emit_elementwise(build, kernels.huber, output, target, self.delta, 1.0, 1.0)


class ClassLoss(Loss):
    """A loss on classes, in which some may count more than others.

    A row's loss is multiplied by its class's weight, and the mean is taken over the rows. Balanced weights are
    rows / (classes · rows of the class), so that every class has the same say and the mean weight is 1
    (King and Zeng 2001); classes without a training row are left out and weigh 1.
    """

    class_weights: Literal["none", "balanced", "own"] = Field(
        "none",
        title="Class weights",
        description="How much a mistake on each class costs. balanced: rare classes weigh more; own: as listed below.",
    )
    weights: tuple[float, ...] = Field(
        (),
        title="Own weights",
        description="A weight for each class, in the order of the classes; used where class weights are 'own'.",
    )

    @field_validator("weights")
    @classmethod
    def _not_negative(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if any(weight < 0 or weight > 1e6 for weight in value):
            raise ValueError("must lie between 0 and 1000000")
        if value and not any(value):
            raise ValueError("must not all be zero")
        return value

    @property
    def balanced(self) -> bool:
        return self.class_weights == "balanced"

    def weighed(self, counts: Sequence[int]) -> Loss:
        if not self.balanced:
            return self
        present = sum(count > 0 for count in counts)
        weights = tuple(sum(counts) / (present * count) if count else 1.0 for count in counts)
        return self.but(class_weights="own", weights=weights)

    def weight_of_each(self, classes: int) -> tuple[float, ...]:
        """The weights of ``classes`` classes.

        Raises:
            DesignError: another number of weights is listed.
        """
        if self.class_weights != "own" or not self.weights:
            return (1.0,) * classes
        if len(self.weights) != classes:
            listed = f"{len(self.weights)} own {'weight is' if len(self.weights) == 1 else 'weights are'} listed"
            raise DesignError("loss, weights", f"{listed}, and there are {classes} classes", "List one for each class")
        return self.weights


def class_counts(labels: NDArray[Any], classes: int) -> tuple[int, ...]:
    """How many of the labels, whole numbers held as real ones, name each class."""
    return tuple(int(n) for n in np.bincount(labels.reshape(-1).astype(np.int64), minlength=classes))


SMOOTHING = Field(
    0.0,
    ge=0,
    lt=1,
    title="Label smoothing",
    description="This share of the target is spread evenly over the classes: answers grow less sure. 0.1 is usual.",
)


class BinaryCrossEntropy(ClassLoss):
    """-[t ln ŷ + (1-t) ln(1-ŷ)] with ŷ = σ(z) and t = y·(1-ε) + ε/2 (Good 1952; smoothing: Szegedy et al. 2016)."""

    kind = "bce"
    title = "Binary cross-entropy"
    summary = "-[y ln ŷ + (1-y) ln(1-ŷ)]: a confident wrong answer is dear."
    link = "sigmoid"
    tasks = frozenset({"binary"})
    smoothing: float = SMOOTHING

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        weights = self.weight_of_each(2)
        emit_elementwise(build, kernels.binary_cross_entropy, output, target, self.smoothing, *weights)


class Hinge(ClassLoss):
    """max(0, 1 - s·z) with s = ±1 for the class (Cortes and Vapnik 1995).

    Answers are σ(z): above ½ for class 1, and in the order of the scores, but no calibrated probabilities.
    """

    kind = "hinge"
    title = "Hinge"
    summary = "Right by a margin costs nothing: the loss of support vector machines, for two classes."
    link = "sigmoid"
    tasks = frozenset({"binary"})

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        emit_elementwise(build, kernels.hinge, output, target, 0.0, *self.weight_of_each(2))


def emit_grouped(
    build: Builder, kernel: Kernel, output: Tensor, target: Area, smoothing: float, loss: ClassLoss
) -> None:
    """Emit a loss on groups of outputs, one per class: the last axis."""
    classes = output.spec.shape[-1]
    weights = None if loss.class_weights == "none" else build.constant(*loss.weight_of_each(classes))
    groups = output.spec.size // classes
    smooth, room = build.constant(smoothing), build.scratch(output.spec.size)
    row = (output.value, output.grad, target, groups, classes, smooth, weights, room)
    build.op([output], (kernel, row))


class CategoricalCrossEntropy(ClassLoss):
    """-Σ_j t_j ln ŷ_j with ŷ = softmax(z) and t = (1-ε) at the class + ε/classes (Bridle 1990; Szegedy et al. 2016)."""

    kind = "cce"
    title = "Categorical cross-entropy"
    summary = "-ln of the probability given to the right class."
    link = "softmax"
    tasks = frozenset({"binary", "multiclass"})
    smoothing: float = SMOOTHING

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        emit_grouped(build, kernels.softmax_cross_entropy, output, target, self.smoothing, self)


class MulticlassHinge(ClassLoss):
    """max(0, 1 + max_{j≠y} z_j - z_y) (Crammer and Singer 2001). Answers are softmax(z), not calibrated."""

    kind = "multiclass_hinge"
    title = "Multi-class hinge"
    summary = "The right class must lead its best rival by a margin; then it costs nothing."
    link = "softmax"
    tasks = frozenset({"binary", "multiclass"})

    def emit(self, build: Builder, output: Tensor, target: Area) -> None:
        emit_grouped(build, kernels.multiclass_hinge, output, target, 0.0, self)


def resolve(loss: Loss, task: str, units: int) -> Loss:
    """The loss itself, or the one that `Automatic` stands for: by the task, and for classes by the output's width."""
    if not isinstance(loss, Automatic):
        return loss
    if task == "regression":
        return MeanSquaredError()
    return BinaryCrossEntropy() if task == "binary" and units == 1 else CategoricalCrossEntropy()
