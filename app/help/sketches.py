"""What the picture of a page shows, as plain numbers that the engine computes: curves, points, grids, a path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.data.dataset import Dataset

Array = NDArray[Any]
CURVE: Final = 241  # points of a curve: one per pixel or so
SHOWN: Final = 400  # points of data
TILES: Final = 12  # pictures, or sequences, of a set
LONGEST: Final = 4000  # rows that are read for a picture


@dataclass(frozen=True, eq=False)
class Line:
    """A curve. ``role``: "main" or "second" (thinner, in the dim colour); ``label`` stands in the key."""

    x: Array
    y: Array
    label: str
    role: str = "main"


@dataclass(frozen=True, eq=False)
class Sketch:
    """A picture with axes.

    Attributes:
        lines: curves. points: (n, 2) with ``colors``: (n,) class indices, or values where ``classes`` is 0.
        across, up: what the axes show. reach: (left, right, bottom, top); None: what is drawn.
        rings: semi-axes (n, 2) of ellipses around 0: the contours of a valley.
        tiles: (n, height, width) of grey values: pictures beside each other, in place of everything else.
        said: the picture in words, for those who do not see it.
    """

    said: str
    lines: tuple[Line, ...] = ()
    points: Array | None = None
    colors: Array | None = None
    classes: int = 0
    across: str = ""
    up: str = ""
    reach: tuple[float, float, float, float] | None = None
    rings: Array | None = None
    tiles: Array | None = None
    even: bool = False


def sketch_of(address: str) -> Sketch | None:
    """The picture of a page; None where a picture would say nothing. May take a second: not for the GUI thread."""
    family, _, kind = address.partition("/")
    return DRAWN[family](kind) if family in DRAWN else None


def _activation(name: str) -> Sketch | None:
    from engine.insight.functions import activation_curve

    z = np.linspace(-4, 4, CURVE)
    if name == "softmax":  # of two numbers, z and 0, it is the sigmoid of z
        lines = (
            Line(z, activation_curve("sigmoid", z)[0], "share of z"),
            Line(z, activation_curve("sigmoid", -z)[0], "share of 0", "second"),
        )
        return Sketch("Two outputs, z and 0: the share that softmax gives to each.", lines, across="z", up="share")
    y, slope = activation_curve(name, z)
    lines = (Line(z, slope, "f′(z)", "second"), Line(z, y, "f(z)"))
    low, high = min(-1.1, float(y.min()), float(slope.min())), max(1.2, float(y.max()), float(slope.max()))
    return Sketch(
        "The function and, thinner, its slope, between -4 and 4.", lines, across="z",
        reach=(-4.0, 4.0, max(low, -2.4), min(high, 3.2)), even=True,
    )  # fmt: skip


def _loss(kind: str) -> Sketch | None:
    from engine.insight.functions import activation_curve, loss_curve
    from engine.kernels import losses

    e = np.linspace(-3, 3, CURVE)
    error = {"mse": losses.squared, "mae": losses.absolute, "huber": losses.huber_value}
    if kind in error:
        lines = [Line(e, loss_curve(error[kind], e, 0.0, 1.0), "loss")]
        if kind != "mse":
            lines.insert(0, Line(e, loss_curve(losses.squared, e, 0.0), "squared", "second"))
        said = "The loss of one answer over its error; thinner, the square beside it."
        return Sketch(said, tuple(lines), across="error ŷ − y", up="loss", reach=(-3.0, 3.0, 0.0, 4.5))
    if kind == "hinge":
        lines = [
            Line(e, activation_curve("softplus", -e)[0], "cross-entropy", "second"),
            Line(e, loss_curve(losses.hinge_value, e, 1.0), "hinge"),
        ]
        said = "The loss over the output z of an example of class 1; thinner, cross-entropy beside it."
        return Sketch(said, tuple(lines), across="output z, class 1", up="loss", reach=(-3.0, 3.0, 0.0, 4.5))
    if kind == "multiclass_hinge":
        line = Line(e, loss_curve(losses.hinge_value, e, 1.0), "hinge")
        said = "The loss over the lead of the right class before its best rival."
        return Sketch(said, (line,), across="lead of the right class", up="loss", reach=(-3.0, 3.0, 0.0, 4.5))
    if kind in ("bce", "cce"):
        z = np.linspace(-6, 6, CURVE)
        chance, right = activation_curve("sigmoid", z)[0], activation_curve("softplus", -z)[0]
        lines = [Line(chance, right, "class 1" if kind == "bce" else "right class")]
        if kind == "bce":
            lines.append(Line(chance, activation_curve("softplus", z)[0], "class 0", "second"))
        said = "The loss over the probability that is given: it grows without end where a sure answer is wrong."
        across = "ŷ, the probability of class 1" if kind == "bce" else "probability of the right class"
        return Sketch(said, tuple(lines), across=across, up="loss", reach=(0.0, 1.0, 0.0, 4.5))
    return None


EPOCHS: Final = {"step": 400, "warm_up": 20}


def _schedule(kind: str) -> Sketch | None:
    from engine.training.schedules import Cosine, Schedule

    schedule, epochs = Schedule.kinds[kind](), EPOCHS.get(kind, 200)
    if kind == "plateau":  # falls when training stalls: there is no curve before there is a run
        return None
    lines = [Line(np.linspace(0, epochs, CURVE), schedule.curve(epochs, 20, CURVE), "as it begins")]
    if kind == "warm_up":
        then = schedule.but(then=Cosine()).curve(epochs, 20, CURVE)
        lines = [Line(lines[0].x, lines[0].y, "then constant"), Line(lines[0].x, then, "then cosine", "second")]
    said = f"The share of the learning rate over {epochs} epochs, with the usual settings."
    return Sketch(
        said, tuple(lines), across="epoch", up="share of α", reach=(0.0, float(epochs), 0.0, 1.1)
    )  # fmt: skip


# A rate for each at which its way of walking is seen; steps, and examples per step.
WALKS: Final = {
    "gradient_descent": (0.42, 40, 4), "sgd": (0.1, 90, 4), "minibatch": (0.2, 60, 2), "momentum": (0.06, 60, 4),
    "nesterov": (0.06, 60, 4), "rmsprop": (0.1, 60, 4), "adagrad": (0.5, 60, 4), "adadelta": (12.0, 90, 4),
    "adam": (0.2, 60, 4), "adamw": (0.2, 60, 4), "nadam": (0.2, 60, 4),
}  # fmt: skip


def _optimizer(kind: str) -> Sketch | None:
    from engine.insight.functions import CURVATURES, descend
    from engine.training.optimizers import Optimizer

    optimizer = Optimizer.kinds[kind]()
    rate, steps, batch = WALKS.get(kind, (optimizer.usual_rate, 60, 4))
    walk = descend(optimizer, rate, steps, batch)
    lines = [Line(walk.path[:, 0], walk.path[:, 1], f"{optimizer.title}, α = {walk.rate:g}")]
    if kind != "gradient_descent":
        plain = descend(Optimizer.kinds["gradient_descent"](), *WALKS["gradient_descent"]).path
        lines.insert(0, Line(plain[:, 0], plain[:, 1], "gradient descent", "second"))
    levels = np.array([0.05, 0.25, 0.7, 1.4, 2.4, 3.7, 5.3])
    rings = np.sqrt(2 * levels[:, None] / np.array(CURVATURES))
    said = "The way of the weights down a long valley, from the upper left to the lowest point in the middle."
    return Sketch(said, tuple(lines), across="w₁", up="w₂", reach=(-3.0, 1.6, -1.6, 1.6), rings=rings)


def _data(kind: str) -> Sketch | None:
    from engine.data import Source
    from engine.errors import DataError

    model = Source.kinds[kind]
    few = {"samples": SHOWN} if "samples" in model.model_fields else {}
    try:
        dataset: Dataset = model(**few).load(0)
    except DataError:  # a file that has yet to be chosen
        return None
    return drawn(dataset)


def drawn(dataset: Dataset) -> Sketch | None:
    """The picture of a set: its points, its curve, its pictures or its sequences."""
    x, y = dataset.x[:LONGEST], dataset.y[:LONGEST].reshape(min(dataset.rows, LONGEST), -1)[:, 0]
    flat, count = x.ndim == 2, len(dataset.classes)
    side = round(x.shape[1] ** 0.5) if flat else 0
    if dataset.tokens:
        return None
    if x.ndim == 4:
        return _tiles(x[:TILES, :, :, 0])
    if flat and side > 4 and side * side == x.shape[1] and not x.min() < 0:
        return _tiles(x[:TILES].reshape(-1, side, side))
    if x.ndim == 3:
        return _sequences(x, dataset)
    if flat and x.shape[1] == 1 and not count:
        said = f"The {dataset.rows} examples of {dataset.name}."
        return Sketch(said, points=np.column_stack([x[:, 0], y]), across=dataset.features[0], up=dataset.targets[0])
    if flat and x.shape[1] >= 2:
        return _scatter(x, y, dataset)
    return None


def _scatter(x: Array, y: Array, dataset: Dataset) -> Sketch:
    first, second = (0, 1) if x.shape[1] == 2 else _telling(x, y)
    chosen = np.linspace(0, len(x) - 1, min(SHOWN, len(x))).astype(int)
    names = dataset.features or tuple(f"x{i + 1}" for i in range(x.shape[1]))
    return Sketch(
        f"The examples of {dataset.name} over two of their inputs, coloured by what is asked.",
        points=x[chosen][:, [first, second]], colors=y[chosen], classes=len(dataset.classes),
        across=names[first], up=names[second], even=x.shape[1] == 2,
    )  # fmt: skip


def _telling(x: Array, y: Array) -> tuple[int, int]:
    """The two columns that go with the answer most closely."""
    spread = x.std(axis=0) * y.std()
    together = np.abs(((x - x.mean(axis=0)) * (y - y.mean())[:, None]).mean(axis=0))
    best = np.argsort(-together / np.where(spread > 0, spread, np.inf))
    return int(min(best[:2])), int(max(best[:2]))


def _tiles(pictures: Array) -> Sketch:
    low, high = float(pictures.min()), float(pictures.max())
    grey = (pictures - low) / (high - low or 1.0)
    return Sketch(f"The first {len(grey)} pictures of the set.", tiles=grey)


def _sequences(x: Array, dataset: Dataset) -> Sketch:
    steps = np.arange(x.shape[1])
    lines = [Line(steps, x[row, :, 0], "", "main" if row == 0 else "second") for row in (2, 1, 0)]
    if x.shape[2] > 1:  # the second feature says which steps count
        lines = [
            Line(steps, x[0, :, 0], dataset.features[0] if dataset.features else ""),
            Line(steps, x[0, :, 1], dataset.features[1] if dataset.features else "", "second"),
        ]
    return Sketch(f"The first sequences of {dataset.name}, step by step.", tuple(lines), across="step")


DRAWN: Final[dict[str, Callable[[str], Sketch | None]]] = {
    "activation": _activation, "loss": _loss, "schedule": _schedule, "optimizer": _optimizer, "data": _data,
}  # fmt: skip
