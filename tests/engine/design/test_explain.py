"""Pydantic's refusals in words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from engine.design.document import Document
from engine.design.explain import explain, faults, refuse
from engine.layers import Layer
from engine.training.spec import TrainingSpec


def said(model: Any, **fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        model(**fields)
    return explain(caught.value, model, fields)


def test_that_field_reason_and_what_would_be_right_are_in_one_line() -> None:
    assert said(TrainingSpec, learning_rate=-3) == "learning_rate: must be greater than 0, and -3 is given"
    assert said(TrainingSpec, learning_rat=3) == "there is no field 'learning_rat'; near: learning_rate"
    assert said(TrainingSpec, restore_best="perhaps") == "restore_best: must be true or false, and 'perhaps' is given"
    assert said(TrainingSpec, epochs=2.5) == "epochs: must be a whole number, and 2.5 is given"
    assert said(TrainingSpec, optimizer={"type": "adam", "betta": 1}).startswith(
        "optimizer: there is no field 'betta'; near: beta"
    )
    assert said(TrainingSpec, l1=float("nan")) == "l1: must be a finite number, and nan is given"


def test_that_a_node_is_called_by_its_id() -> None:
    node = {"id": "dense_1", "layer": {"type": "dense", "units": 0}}
    assert said(Document, nodes=[node]) == "node dense_1, units: must be at least 1, and 0 is given"
    assert said(Document, nodes=[{"layer": "dense"}]) == "node number 1, id: is missing"


def test_that_further_faults_are_counted() -> None:
    assert said(TrainingSpec, epochs=0, batch_size=0).endswith("(and 1 more)")


def test_that_a_long_value_is_cut() -> None:
    line = said(TrainingSpec, epochs="x" * 1000)
    assert len(line) < 120
    assert "…" in line


def test_that_without_the_given_value_there_still_is_a_sentence() -> None:
    fields = {"nodes": [{"id": "a", "layer": {"type": "dense", "unitz": 0}}]}
    with pytest.raises(ValidationError) as caught:
        Document(**fields)
    assert explain(caught.value) == "node number 1: there is no field 'unitz'"


def test_that_a_refusal_names_the_file_first() -> None:
    with pytest.raises(ValidationError) as caught:
        TrainingSpec(learning_rat=3)  # type: ignore[call-arg]
    error = refuse(caught.value, TrainingSpec, {"learning_rat": 3}, "net.json")
    assert str(error) == "net.json: there is no field 'learning_rat'. Near: learning_rate"


WRONG: list[Any] = [None, True, -1, 0, 1e308, float("nan"), "", "x", [], [1], {}, {"type": "x"}, {"a": 1}, b"\xff"]


@pytest.mark.parametrize("kind", sorted(Layer.kinds))
def test_that_no_wrong_value_of_any_layer_s_field_is_beyond_words(kind: str) -> None:
    for name in Layer.kinds[kind].model_fields:
        for wrong in WRONG:
            given = {"nodes": [{"id": "a", "layer": {"type": kind, name: wrong}}]}
            try:
                Document(**given)
            except ValidationError as error:
                for fault in faults(error, Document, given):
                    assert fault.thing.startswith("node a")
                    assert fault.reason
                    assert "\n" not in str(fault)
                    assert "Value error" not in str(fault)
                    assert "Input should" not in str(fault)
