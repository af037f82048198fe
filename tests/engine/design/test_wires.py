"""Wires that may not be drawn are refused with the reason, and with a way to draw them all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.prepare import Prepared
from engine.design.checks import apply_fix, check, refuse_wire
from engine.design.document import Document, Wire
from engine.design.problems import Problem
from engine.layers import Layer, Spec
from engine.layers.unknown import Unknown
from tests.builders import chain, dense, documents


def data(features: int = 2) -> Prepared:
    rng = np.random.default_rng(0)
    return Prepared.from_arrays(rng.standard_normal((20, features)), rng.standard_normal((20, 1)))


def three() -> Document:
    """Input, and two dense layers without a wire."""
    return chain().add(dense(4)).add(dense(1))


def refused(document: Document, source: str, target: str, port: int = 0) -> Problem:
    problem = refuse_wire(document, source, target, port, data())
    assert problem is not None
    assert problem.severity == "error"
    return problem


def test_that_a_wire_that_fits_is_not_refused() -> None:
    assert refuse_wire(three(), "input_1", "dense_1", 0) is None
    assert refuse_wire(three(), "dense_1", "dense_2", 0, data()) is None


def test_that_a_layer_cannot_feed_itself() -> None:
    assert "dense_1 cannot feed itself" in refused(three(), "dense_1", "dense_1").reason


def test_that_a_circle_is_refused_with_the_way_round() -> None:
    document = three().connect("dense_1", "dense_2").replace("dense_2", name="last")
    problem = refused(document, "dense_2", "dense_1")
    assert "dense_1 → last → dense_1" in problem.reason
    assert problem.node == "dense_1"


def test_that_nothing_goes_into_an_input() -> None:
    assert "input_1 takes no input: the data enter there" in refused(three(), "dense_1", "input_1").reason


@pytest.mark.parametrize("port", [0, 1])
def test_that_a_second_wire_into_a_layer_with_one_input_is_joined_before_it(port: int) -> None:
    document = three().connect("input_1", "dense_1").connect("dense_1", "dense_2")
    problem = refused(document, "input_1", "dense_2", port)
    assert "dense_2 takes one input, and dense_1 feeds it already" in problem.reason
    again = apply_fix(document, problem)
    assert set(again.wires) == {
        Wire(source="input_1", target="dense_1"), Wire(source="dense_1", target="concat_1"),
        Wire(source="input_1", target="concat_1", port=1), Wire(source="concat_1", target="dense_2"),
    }  # fmt: skip
    assert check(again, data()).problems == ()


def test_that_an_input_that_is_taken_is_refused() -> None:
    document = chain("concat").add(dense(3))
    assert "input 1 of concat_1 is taken by input_1" in refused(document, "dense_1", "concat_1").reason
    assert refuse_wire(document, "dense_1", "concat_1", 1, data()) is None


@pytest.mark.parametrize("port", [-1, 2, 10**9])
def test_that_an_input_that_does_not_exist_is_refused(port: int) -> None:
    document = chain("concat").add(dense(3))
    assert "has no input" in refused(document, "dense_1", "concat_1", port).reason


def test_that_the_same_wire_is_not_drawn_twice() -> None:
    assert "already joined" in refused(chain(dense(1)), "input_1", "dense_1").reason


def test_that_one_output_may_feed_two_inputs_of_a_layer() -> None:
    assert refuse_wire(chain("concat"), "input_1", "concat_1", 1, data()) is None


def test_that_a_wrong_shape_is_refused_and_a_layer_put_between() -> None:
    document = chain(dense(4), {"type": "reshape", "shape": (2, 2)}).add(Layer.parse("concat"))
    assert refuse_wire(document, "reshape_1", "concat_1", 0, data()) is None  # a second wire is still to come
    document = document.connect("dense_1", "concat_1", 0)
    problem = refused(document, "reshape_1", "concat_1", 1)
    assert problem.reason == "4 and 2×2 have different numbers of axes"
    again = apply_fix(document, problem)
    assert [wire.source for wire in again.inputs("concat_1")] == ["dense_1", "flatten_1"]
    assert check(again, data()).specs["concat_1"] == Spec((8,))


def test_that_token_ids_are_refused_where_numbers_are_asked() -> None:
    tokens = replace(data(), input=Spec((4,), tokens=10))
    problem = refuse_wire(three(), "input_1", "dense_1", 0, tokens)
    assert problem is not None
    assert "token ids arrive" in problem.reason


def test_that_a_node_that_is_gone_is_refused() -> None:
    assert "there is no node 'gone'" in refused(three(), "gone", "dense_1").reason
    problem = refused(three(), "dense_1", "gone")
    assert problem.node == ""


def test_that_a_placeholder_can_be_wired_so_that_a_design_can_be_rebuilt_around_it() -> None:
    document = three().add(Unknown.keeping({"type": "hologram"}))
    assert refuse_wire(document, "dense_1", "unknown_1", 0, data()) is None
    assert refuse_wire(document, "unknown_1", "dense_2", 0, data()) is None


@settings(max_examples=80, deadline=None)
@given(documents(), st.data())
def test_that_a_wire_that_is_not_refused_brings_no_new_kind_of_fault(document: Document, draw: Any) -> None:
    if not document.nodes:
        return
    ids = [node.id for node in document.nodes]
    source, target = draw.draw(st.sampled_from(ids)), draw.draw(st.sampled_from(ids))
    problem = refuse_wire(document, source, target, draw.draw(st.integers(0, 2)), data())
    if problem is not None:
        assert problem.reason
        if problem.fix:
            apply_fix(document, problem)
        return
    free = {wire.port for wire in document.inputs(target)}
    port = next(port for port in range(len(free) + 1) if port not in free)
    after = check(document.connect(source, target, port), data()).problems
    before = check(document, data()).problems
    circles = [each.reason for each in after if "circle" in each.reason]
    assert circles == [each.reason for each in before if "circle" in each.reason]
