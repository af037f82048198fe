"""The example designs: each opens, is well, can be seen learning, and does what its notes say, or fails as they say."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from engine.data.prepare import prepare
from engine.design.checks import check
from engine.exchange.design_json import dumps
from engine.insight.checkup import checkup
from engine.insight.metrics import measure_parts
from engine.insight.tensors import LayerStat
from engine.insight.warp import Warp
from engine.training.run import Run
from engine.training.train import train
from tests.advice import (
    BOX,
    EXAMPLES,
    FAIL,
    FOLDER,
    GROUPS,
    PACE,
    REACHES,
    TRIED,
    hidden,
    load,
    measured,
    setting,
    trained,
)


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
