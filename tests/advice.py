"""The examples, what training reaches in each, and what comes of the advice in their notes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

import resources
from engine.design.document import Document
from engine.exchange.design_json import load_design
from engine.insight.metrics import measure_parts
from engine.layers import Layer
from engine.training.run import Run
from engine.training.train import train

FOLDER = Path(resources.__file__).parent / "examples"


GROUPS: dict[str, list[str]] = json.loads(FOLDER.with_suffix(".json").read_text(encoding="utf-8"))


EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.json"))


PACE = 10  # epochs a second, at which a new window begins


BOX = (144, 168)  # a box on the canvas with its live strip and the sentence of a problem, at the most


# What training reaches: part, metric, from, to.
REACHES: dict[str, tuple[str, str, float, float]] = {
    "activations": ("validation", "r2", 0.97, 1),
    "blobs": ("validation", "accuracy", 0.97, 1),
    "branches": ("train", "accuracy", 0.95, 1),
    "breast_cancer": ("validation", "accuracy", 0.95, 1),
    "bumps": ("validation", "r2", 0.95, 1),
    "characters": ("validation", "accuracy", 0.9, 1),
    "circle": ("train", "accuracy", 0.99, 1),
    "complex_curve": ("validation", "r2", 0.97, 1),
    "dead_relu": ("train", "accuracy", 0.4, 0.6),
    "diabetes": ("train", "r2", 0.5, 0.7),
    "digits": ("validation", "accuracy", 0.97, 1),
    "dropout": ("validation", "log_loss", 0, 0.45),
    "exploding": ("train", "r2", -np.inf, 0),
    "folded": ("train", "accuracy", 0.99, 1),
    "iris": ("train", "accuracy", 0.97, 1),
    "line": ("train", "r2", 0.95, 1),
    "maxout": ("validation", "r2", 0.999, 1),
    "neuron": ("validation", "accuracy", 0.95, 1),
    "optimizers": ("train", "accuracy", 0.8, 0.93),
    "overfitting": ("train", "accuracy", 0.99, 1),
    "parity": ("train", "accuracy", 0.97, 1),
    "polynomial": ("train", "r2", 0.62, 0.72),
    "shortcuts": ("validation", "accuracy", 0.9, 1),
    "sine": ("validation", "r2", 0.999, 1),
    "sine_forecast": ("validation", "r2", 0.98, 1),
    "spiral": ("train", "accuracy", 0.99, 1),
    "straight_line": ("train", "r2", 0.55, 0.62),
    "vanishing": ("train", "accuracy", 0.4, 0.6),
    "vanishing_cured": ("validation", "accuracy", 0.9, 1),
    "weight_decay": ("validation", "log_loss", 0, 0.45),
    "wine": ("validation", "accuracy", 0.9, 1),
    "xor": ("train", "accuracy", 0.98, 1),
}


FAIL = ("dead_relu", "exploding", "vanishing")


def load(stem: str) -> Document:
    return load_design(FOLDER / f"{stem}.json")


@cache
def trained(stem: str) -> Run:
    return train(load(stem))


def measured(run: Run, part: str, metric: str) -> float:
    return measure_parts(run.program)[part][metric]


def hidden(document: Document) -> list[str]:
    """Ids of the dense layers but the output."""
    return [node.id for node in document.nodes if node.layer.kind == "dense" and document.outputs(node.id)]


def bent(stem: str, activation: str, count: int | None = None) -> Document:
    """Another activation in the first hidden layers, or in all."""
    document = load(stem)
    for id in hidden(document)[:count]:
        document = document.set_fields(id, activation=activation)
    return document


def wide(stem: str, units: int, *ids: str) -> Document:
    document = load(stem)
    for id in ids or hidden(document):
        document = document.set_fields(id, units=units)
    return document


def from_data(stem: str, **data: object) -> Document:
    return load(stem).but(data=data)


def setting(stem: str, **training: object) -> Document:
    document = load(stem)
    return document.but(training=document.training.but(**training))


def normed() -> Document:
    """BatchNorm on the wires between the layers whose gradients vanish."""
    document = load("vanishing")
    for id in hidden(document):
        document = document.insert(document.outputs(id)[0], Layer.parse("batch_norm"), 0, 0)
    return document


def in_one_row() -> Document:
    """Without the ways around: every second layer leads on where its box Add was."""
    document = load("shortcuts")
    for node in document.nodes:
        if node.layer.kind == "add":
            document = document.disconnect(document.inputs(node.id)[0]).remove([node.id])
    return document


def not_dropped() -> Document:
    return load("dropout").set_fields("dropout_1", rate=0).set_fields("dropout_2", rate=0)


def with_he() -> Document:
    document = load("exploding")
    for id in hidden(document):
        document = document.set_fields(id, initialiser="he_normal")
    return document


# What the notes advise to try, and what comes of it.
TRIED: dict[str, tuple[Callable[[], Document], str, str, float, float]] = {
    "a neuron ends at the circle": (lambda: from_data("neuron", type="circle"), "train", "accuracy", 0.4, 0.7),
    "no slope is right for a parabola": (lambda: from_data("line", type="parabola"), "train", "r2", -0.1, 0.1),
    "a line through noise": (lambda: from_data("line", type="line", noise=50), "train", "r2", 0.7, 0.95),
    "one unit fails at four quarters": (lambda: wide("xor", 1), "train", "accuracy", 0.4, 0.8),
    "three lines around a disc": (lambda: wide("circle", 3), "train", "accuracy", 0.97, 1),
    "two units lift nothing out of a ring": (lambda: wide("folded", 2, "dense_1"), "train", "accuracy", 0.8, 0.97),
    "linear layers cannot fold": (lambda: bent("folded", "linear"), "train", "accuracy", 0.4, 0.75),
    "linear units stay straight": (lambda: bent("circle", "linear"), "train", "accuracy", 0.4, 0.7),
    "three soft steps are a sine": (lambda: wide("sine", 3), "train", "r2", 0.98, 1),
    "linear activations are a line": (lambda: bent("activations", "linear"), "train", "r2", -0.1, 0.1),
    "tanh bends": (lambda: bent("activations", "tanh"), "train", "r2", 0.95, 1),
    "sin bends": (lambda: bent("activations", "sin"), "train", "r2", 0.95, 1),
    "sigmoid is slow": (lambda: bent("activations", "sigmoid"), "train", "r2", 0.2, 0.9),
    "tanh has not yet seen the ripple": (lambda: bent("complex_curve", "tanh"), "train", "r2", 0.5, 0.9),
    "a parabola of four lines": (
        lambda: from_data("maxout", type="parabola").set_fields("maxout", pieces=4), "train", "r2", 0.98, 1,
    ),
    "a maximum never bends downwards": (
        lambda: from_data("maxout", type="sine").set_fields("maxout", pieces=4), "train", "r2", 0.3, 0.85,
    ),
    "BatchNorm cures vanishing": (normed, "train", "accuracy", 0.9, 1),
    "two sigmoid layers are borne": (lambda: bent("vanishing_cured", "sigmoid", 2), "train", "accuracy", 0.9, 1),
    "three are not": (lambda: bent("vanishing_cured", "sigmoid", 3), "train", "accuracy", 0.4, 0.7),
    "without shortcuts": (in_one_row, "train", "accuracy", 0.4, 0.6),
    "clipping cures exploding": (lambda: setting("exploding", clip_norm=1), "train", "r2", 0.8, 1),
    "He weights do not explode": (with_he, "train", "r2", 0.5, 1),
    "leaky units come back to life": (lambda: bent("dead_relu", "leaky_relu"), "train", "accuracy", 0.97, 1),
    "without dropout, by heart": (not_dropped, "validation", "log_loss", 0.47, 5),
    "without L2 and stopping, by heart": (
        lambda: setting("weight_decay", l2=0, patience=0), "validation", "log_loss", 0.6, 5,
    ),
    "a wave in one unit": (lambda: wide("sine_forecast", 1, "rnn"), "train", "r2", 0, 0.8),
    "a memory of eight units": (lambda: wide("characters", 8, "rnn"), "train", "accuracy", 0.3, 0.8),
    "twelve bits by heart": (
        lambda: from_data("parity", type="parity", samples=1000, length=12), "validation", "accuracy", 0.4, 0.75,
    ),
    "patients by heart": (
        lambda: wide("diabetes", 64).but(training=load("diabetes").training.but(l2=0, patience=0)),
        "train", "r2", 0.7, 1,
    ),
    "one path is not enough": (lambda: load("branches").remove(["deep_2", "deep_1"], heal=False).remove(["concat_1"]),
        "train", "accuracy", 0.4, 0.8,
    ),
}  # fmt: skip
