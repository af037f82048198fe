"""The example designs: each opens, is well, can be seen learning, and does what its notes say, or fails as they say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import resources
from engine.data.prepare import prepare
from engine.design.checks import check
from engine.design.document import Document
from engine.exchange.design_json import dumps, load_design
from engine.insight.checkup import checkup
from engine.insight.metrics import measure_parts
from engine.insight.tensors import LayerStat
from engine.insight.warp import Warp
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


@pytest.mark.parametrize("stem", EXAMPLES)
def test_that_an_example_is_well_and_says_what_it_shows(stem: str) -> None:
    document = load(stem)
    assert check(document, prepare(document.data, document.split)).problems == ()
    assert 0 < len(document.title) <= 40
    assert len(re.findall(r"[.!?:;](?:\s|$)", document.notes)) >= 2, "what it shows, and what to try"
    assert len(document.notes) < 400
    assert (FOLDER / f"{stem}.json").read_text(encoding="utf-8") == dumps(document)


@pytest.mark.parametrize("stem", EXAMPLES)
def test_that_an_example_stands_in_order_with_names(stem: str) -> None:
    document = load(stem)
    names = [node.name for node in document.nodes]
    assert all(names)
    assert len(set(names)) == len(names)
    assert all(document.node(wire.source).x < document.node(wire.target).x for wire in document.wires)
    for one, other in combinations(document.nodes, 2):
        assert abs(one.x - other.x) > BOX[0] or abs(one.y - other.y) > BOX[1]


@pytest.mark.parametrize("stem", EXAMPLES)
def test_that_an_example_reaches_what_it_shows(stem: str) -> None:
    part, metric, least, most = REACHES[stem]
    assert least <= measured(trained(stem), part, metric) <= most


@pytest.mark.parametrize("stem", EXAMPLES)
def test_that_an_example_ends_in_half_a_minute_and_moves_within_seconds(stem: str) -> None:
    assert load(stem).training.epochs <= 30 * PACE
    if stem not in FAIL:
        loss = trained(stem).log.read()["loss"]
        assert loss[: 5 * PACE].min() < 0.9 * loss[0]


@pytest.mark.parametrize("told", TRIED)
def test_that_what_the_notes_advise_does_what_they_say(told: str) -> None:
    make, part, metric, least, most = TRIED[told]
    assert least <= measured(train(make()), part, metric) <= most


def test_that_learning_by_heart_does_not_help_with_new_rows() -> None:
    parts = measure_parts(trained("overfitting").program)
    assert parts["train"]["accuracy"] - parts["validation"]["accuracy"] > 0.1
    assert parts["validation"]["log_loss"] > 1


@pytest.mark.parametrize("remedy", ["dropout", "weight_decay"])
def test_that_a_remedy_brings_the_two_curves_together(remedy: str) -> None:
    parts = measure_parts(trained(remedy).program)
    assert parts["validation"]["log_loss"] - parts["train"]["log_loss"] < 0.2


def test_that_early_stopping_stops_early() -> None:
    run = trained("weight_decay")
    assert run.finished is not None
    assert run.finished.reason == "early"


def test_that_gradients_vanish_on_their_way_to_the_first_layer() -> None:
    first, last = ends("vanishing")
    assert first.norm < last.norm / 10_000
    first, last = ends("vanishing_cured")
    assert last.norm / 10 < first.norm < 10 * last.norm


def test_that_gradients_explode_in_the_first_steps() -> None:
    run = trained("exploding")
    assert run.finished is not None
    assert run.finished.reason == "diverged"
    assert 2 <= run.step <= 10
    assert run.log.read()["loss"].max() > 1e6


def test_that_dead_units_give_nothing_for_any_row() -> None:
    assert ends("dead_relu")[0].dead == 15 / 16, "a single unit sees a few rows at first"
    assert checkup(trained("dead_relu").program)["dense_1"].dead == 1


def ends(stem: str) -> tuple[LayerStat, LayerStat]:
    """What the first and the last hidden layer are like in the first step."""
    document = load(stem)
    stats = Run(document).observe()
    assert stats is not None
    layers = {layer.node: layer for layer in stats.layers}
    ids = hidden(document)
    return layers[ids[0]], layers[ids[-1]]


def test_that_the_ways_downhill_are_told_apart() -> None:
    smooth, batches, adaptive = (
        train(setting("optimizers", optimizer=name)).log.read()["loss"][-1]
        for name in ("gradient_descent", "minibatch", "adam")
    )
    assert smooth > 2 * batches > 4 * adaptive
    single = train(setting("optimizers", optimizer="sgd")).log.read()["loss"]
    assert single[10] < smooth, "one row at a time is further in a second than all rows at once in twenty"


def test_that_the_network_beats_the_polynomial_and_the_polynomial_the_line() -> None:
    network, polynomial, line = (
        measured(trained(stem), "train", "r2") for stem in ("complex_curve", "polynomial", "straight_line")
    )
    assert network > polynomial + 0.2
    assert polynomial > line + 0.03


def test_that_a_folded_plane_is_parted_by_a_straight_line() -> None:
    picture = Warp(("plane",)).answer(trained("folded").program)
    (line,) = picture.borders
    along = line[1] - line[0]
    away = picture.train.x - line[0]
    side = np.sign(along[0] * away[:, 1] - along[1] * away[:, 0])
    assert picture.straight
    assert abs(np.mean(side * (2 * picture.train.y - 1))) > 0.98


def test_that_titles_tell_the_examples_apart() -> None:
    titles = [load(stem).title for stem in EXAMPLES]
    assert len(set(titles)) == len(titles)


def test_that_every_example_stands_in_one_group() -> None:
    assert sorted(stem for stems in GROUPS.values() for stem in stems) == EXAMPLES
