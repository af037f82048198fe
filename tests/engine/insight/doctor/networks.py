"""Made-up networks that are ill, one way each, and what the first cure makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import resources
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.exchange.design_json import load_design
from engine.layers import Layer
from engine.training.spec import DataSplit
from tests.builders import chain

FOLDER = Path(resources.__file__).parent / "examples"


@dataclass(frozen=True)
class Sick:
    """A row of the table.

    Attributes:
        kind: the one finding. cure: the first one's button.
        measure: "score" (accuracy, mean recall or R² on training rows), "loss", "validation" or "recall" (of the class
            that is found least). before, after: bounds from below and above.
    """

    kind: str
    cure: str
    measure: str
    before: tuple[float, float]
    after: tuple[float, float]
    design: Callable[[], Document]
    data: Callable[[], Prepared] | None = None


def example(stem: str) -> Document:
    return load_design(FOLDER / f"{stem}.json")


def layer(units: int, activation: str = "linear", **fields: Any) -> Layer:
    made: Layer = Layer.parse({"type": "dense", "units": units, "activation": activation, **fields})
    return made


def memory(**fields: Any) -> Layer:
    made: Layer = Layer.parse({"type": "simple_rnn", "units": 16, "activation": "relu", **fields})
    return made


def spread(std: float) -> dict[str, Any]:
    return {"initialiser": {"type": "normal", "std": std}}


def net(*layers: Layer, data: str, split: dict[str, Any] | None = None, **training: Any) -> Document:
    """100 epochs of Adam at 0.01 in batches of 20, and otherwise as told."""
    document = chain(*layers, data=data, split=DataSplit(**(split or {})))
    return document.but(
        training=document.training.but(**({"epochs": 100, "batch_size": 20, "learning_rate": 0.01} | training))
    )


def one_in_fifteen() -> Prepared:
    """Two clouds that overlap, with 560 and 40 points."""
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(0, 1, (560, 2)), rng.normal(1.2, 0.6, (40, 2))])
    return Prepared.from_arrays(x, np.repeat([0.0, 1.0], [560, 40]), "binary")


CLIFF, LIKE_ONE = (-1e3, 0.0), (0.94, 1.0)
SICK: dict[str, Sick] = {
    "six sigmoid layers": Sick(
        "vanishing", "Use ReLU and first weights that suit it in Hidden 1 … Hidden 6", "score", (0.4, 0.6), LIKE_ONE,
        lambda: example("vanishing"),
    ),
    "five tanh layers that begin tiny": Sick(
        "vanishing", "Use Glorot initialisation in dense_1 … dense_5, same seed", "score", (0.4, 0.6), LIKE_ONE,
        lambda: net(
            *[layer(10, "tanh", **spread(0.01))] * 5, layer(1), data="moons", optimizer="minibatch", learning_rate=0.1
        ),
    ),
    "a memory that grows with every step": Sick(
        "exploding", "Clip gradients at 1", "score", CLIFF, LIKE_ONE,
        lambda: net(
            memory(recurrent_initialiser={"type": "orthogonal", "gain": 1.8}), layer(1), data="sine_forecast",
            optimizer="minibatch", learning_rate=0.03,
        ),
    ),
    "six ReLU layers, each a little too loud": Sick(
        "exploding", "Clip gradients at 1", "score", CLIFF, (0.9, 1), lambda: example("exploding"),
    ),
    "a slope climbed in leaps": Sick(
        "divergence", "Set the learning rate to 0.1", "score", CLIFF, LIKE_ONE,
        lambda: net(layer(1), data="line", optimizer="gradient_descent", learning_rate=3),
    ),
    "a sine at rate 3": Sick(
        "divergence", "Set the learning rate to 0.03", "score", CLIFF, LIKE_ONE,
        lambda: net(layer(16, "relu"), layer(1), data="sine", optimizer="minibatch", learning_rate=3),
    ),
    "Adam at rate 1": Sick(
        "rate_high", "Set the learning rate to 0.01", "score", (0.4, 0.6), (0.9, 1),
        lambda: net(layer(16, "relu"), layer(16, "relu"), layer(1), data="spiral", learning_rate=1),
    ),
    "mini-batches at rate 30": Sick(
        "rate_high", "Set the learning rate to 0.03", "loss", (2, 50), (0, 0.5),
        lambda: net(layer(16, "tanh"), layer(1), data="circle", optimizer="minibatch", learning_rate=30),
    ),
    "Adam at rate 0.000001": Sick(
        "rate_low", "Set the learning rate to 0.001", "score", (0.3, 0.7), (0.8, 1),
        lambda: net(layer(16, "tanh"), layer(1), data="circle", learning_rate=1e-6),
    ),
    "mini-batches at rate 0.00001": Sick(
        "rate_low", "Set the learning rate to 0.03", "score", CLIFF, LIKE_ONE,
        lambda: net(layer(16, "relu"), layer(1), data="sine", optimizer="minibatch", learning_rate=1e-5),
    ),
    "weights held near zero": Sick(
        "restraint", "Switch off L1 and L2, dropout 0.1", "score", (0.4, 0.6), LIKE_ONE,
        lambda: net(layer(16, "tanh"), layer(1), data="circle", l2=0.3),
    ),
    "units that begin below zero": Sick(
        "dead", "Use Leaky ReLU in Hidden 1", "score", (0.4, 0.6), LIKE_ONE, lambda: example("dead_relu"),
    ),
    "units that begin far to the right": Sick(
        "saturation", "Use Glorot initialisation in dense_1, same seed", "score", (0.4, 0.6), LIKE_ONE,
        lambda: net(
            layer(12, "tanh", bias_initialiser={"type": "constant", "value": 6}), layer(1),
            data="circle", optimizer="minibatch", learning_rate=0.1,
        ),
    ),
    "weights that begin at zero": Sick(
        "alike", "Use Glorot initialisation in dense_1, same seed", "score", (0.4, 0.6), LIKE_ONE,
        lambda: net(layer(8, "tanh", initialiser="zeros"), layer(1, initialiser="zeros"), data="circle"),
    ),
    "weights that begin huge, tanh": Sick(
        "large", "Use Glorot initialisation in dense_1 … dense_3, same seed", "score", (0.5, 0.85), LIKE_ONE,
        lambda: net(*[layer(16, "tanh", **spread(10))] * 3, layer(1), data="circle"),
    ),
    "weights that begin huge, ReLU": Sick(
        "large", "Use He initialisation in dense_1 and dense_2, same seed", "score", CLIFF, (0.9, 1),
        lambda: net(
            *[layer(16, "relu", **spread(5))] * 2, layer(1), data="sine", optimizer="minibatch", learning_rate=0.03
        ),
    ),
    "wines in milligrams": Sick(
        "inputs", "Standardise the inputs", "score", (0.2, 0.5), LIKE_ONE,
        lambda: net(layer(16, "tanh"), layer(3), data="wine", split={"scaling": "none"}),
    ),
    "cells in micrometres": Sick(
        "inputs", "Standardise the inputs", "score", (0.4, 0.7), LIKE_ONE,
        lambda: net(
            layer(16, "relu"), layer(1), data="breast_cancer", split={"scaling": "none"}, optimizer="minibatch"
        ),
    ),
    "a target in the hundreds": Sick(
        "target", "Standardise the target", "score", CLIFF, (0.5, 0.8),
        lambda: net(layer(16, "relu"), layer(1), data="diabetes", split={"scale_target": False}, optimizer="minibatch"),
    ),
    "one row in fifteen": Sick(
        "imbalance", "Balance the class weights", "recall", (0.2, 0.5), (0.8, 1),
        lambda: net(layer(8, "tanh"), layer(1), data="moons", learning_rate=0.003, epochs=60), one_in_fifteen,
    ),
    "an answer that is never below zero": Sick(
        "answer", "Set activation to linear in dense_2", "score", (0.4, 0.6), LIKE_ONE,
        lambda: net(layer(32, "tanh"), layer(1, "relu"), data="sine"),
    ),
    "ten sigmoids before a softmax": Sick(
        "answer", "Set activation to linear in dense_2", "loss", (1.4, 1.6), (0, 0.1),
        lambda: net(
            layer(32, "relu"), layer(10, "sigmoid"), data="digits", epochs=20, batch_size=64, learning_rate=0.003
        ),
    ),
    "a circle by straight lines": Sick(
        "underfitting", "Use ReLU in dense_1", "score", (0.4, 0.7), LIKE_ONE,
        lambda: net(layer(16), layer(1), data="circle"),
    ),
    "a wave by a line": Sick(
        "underfitting", "Insert a hidden layer of 32 ReLU units", "score", (0.5, 0.65), (0.85, 1),
        lambda: example("straight_line"),
    ),
    "a line through a circle that has come to rest": Sick(
        "underfitting", "Insert a hidden layer of 32 ReLU units", "score", (0.4, 0.7), LIKE_ONE,
        lambda: net(layer(1), data="circle", optimizer="gradient_descent", learning_rate=0.5, epochs=2000),
    ),
    "a line through a wave that has come to rest": Sick(
        "underfitting", "Insert a hidden layer of 32 ReLU units", "score", (0.5, 0.65), (0.85, 1),
        lambda: net(layer(1), data="sine", optimizer="gradient_descent", learning_rate=0.1, epochs=2000),
    ),
    "the same slow slope, again and again": Sick(
        "plateau", "Use Adam, learning rate 0.01", "score", (0.8, 0.9), LIKE_ONE, lambda: example("optimizers"),
    ),
    "noise learnt by heart": Sick(
        "overfitting", "Use L2 regularisation 0.01", "validation", (1, 5), (0, 0.45), lambda: example("overfitting"),
    ),
}  # fmt: skip
HEALTHY = (
    "activations", "blobs", "branches", "breast_cancer", "bumps", "circle", "complex_curve", "iris", "parity",
    "shortcuts", "sine", "sine_forecast", "spiral", "vanishing_cured", "weight_decay", "wine", "xor",
)  # fmt: skip
