"""`--set`: what it reaches, what it takes, and what it says to what it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.commands.assignments import assign, assign_all
from engine.design.document import Document
from engine.errors import DesignError
from engine.layers import Layer


@pytest.fixture
def design() -> Document:
    document = Document().add(Layer.parse("input")).add(Layer.parse("dense"), name="hidden")
    return document.connect("input_1", "dense_1")


def refusal(design: Document, setting: str) -> str:
    with pytest.raises(DesignError) as caught:
        assign(design, setting)
    return str(caught.value)


def test_that_every_part_of_a_design_is_reached(design: Document) -> None:
    changed = assign_all(
        design,
        [
            "training.learning_rate=0.5",
            "training.epochs=7",
            "data.noise=20",
            "split.scaling=none",
            "dense_1.units=16",
            "dense_1.activation=tanh",
        ],
    )
    assert (changed.training.learning_rate, changed.training.epochs) == (0.5, 7)
    assert (changed.data.noise, changed.split.scaling) == (20, "none")
    assert (changed.node("dense_1").layer.units, changed.node("dense_1").layer.activation) == (16, "tanh")


def test_that_a_node_is_also_found_by_its_name(design: Document) -> None:
    assert assign(design, "hidden.units=3").node("dense_1").layer.units == 3


def test_that_a_name_shared_by_nodes_asks_for_an_id(design: Document) -> None:
    twice = design.add(Layer.parse("dense"), name="hidden")
    assert "dense_1, dense_2" in refusal(twice, "hidden.units=3")


def test_that_another_kind_comes_with_its_defaults(design: Document) -> None:
    assert assign(design, "data=circle").data.kind == "circle"
    assert assign(design, "training.optimizer=sgd").training.optimizer.kind == "sgd"


def test_that_a_kind_may_be_given_with_its_fields(design: Document) -> None:
    assert assign(design, 'data={"type": "circle", "noise": 30}').data.noise == 30


def test_that_a_field_of_the_chosen_optimizer_is_reached(design: Document) -> None:
    changed = assign_all(design, ["training.optimizer=adam", "training.optimizer.beta1=0.8"])
    assert changed.training.optimizer.beta1 == 0.8


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("training.learning_rate=-1", ["learning_rate", "greater than 0", "-1"]),
        ("training.learning_rate=fast", ["learning_rate", "a number", "fast"]),
        ("training.learning_rate=NaN", ["learning_rate", "finite"]),
        ("training.learningrate=1", ["learningrate", "learning_rate"]),
        ("dense_1.units=0", ["units", "at least 1", "0"]),
        ("dense_1.units=2.5", ["units", "whole number", "2.5"]),
        ("dense_1.unit=2", ["dense", "unit", "units"]),
        ("dense_1.activation=rellu", ["rellu", "relu"]),
        ("dense_1=4", ["dense_1", "units"]),
        ("dense_9.units=4", ["dense_9", "dense_1"]),
        ("data=spirl", ["spirl", "spiral"]),
        ("data.noise.x=1", ["noise", "no fields"]),
        ("data.noize=1", ["spiral", "noize", "noise"]),
        ('data={"type": "circle", "noise": -1}', ["noise", "at least 0"]),
        ("training=1", ["training", "learning_rate"]),
        ("training.learning_rate", ["has the form", "training.learning_rate=0.01"]),
        ("=1", ["form"]),
        (".=1", ["form"]),
    ],
)
def test_that_a_refusal_names_place_reason_and_what_is_right(design: Document, setting: str, words: list[str]) -> None:
    said = refusal(design, setting)
    assert said.startswith(f"--set {setting}")
    assert all(word in said for word in words), said
    assert "\n" not in said


@given(st.text(max_size=40))
def test_that_any_text_is_either_taken_or_refused_in_words(text: str) -> None:
    design = Document().add(Layer.parse("dense"))
    for place in ("", "dense_1.", "dense_1.units=", "training.epochs=", "data=", "split.scaling="):
        try:
            assert isinstance(assign(design, place + text), Document)
        except DesignError as error:
            assert error.reason
