"""What keeps a design from training is found, named and, where that is possible, mended."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.data.prepare import prepare
from engine.design.checks import apply_fix, check
from engine.design.document import Document, Node, Wire
from engine.errors import DesignError
from engine.layers import Fix, Layer, ShapeError, Spec
from engine.layers.unknown import Unknown
from engine.program.plan import Asked, lay_out, lower
from tests.builders import chain, dense, documents, values
from tests.engine.design.reports import data, mended, only


class Fussy(Layer):
    """Takes eight numbers."""

    title = "Fussy"
    width: int = 8

    def output(self, inputs: Sequence[Spec]) -> Spec:
        if inputs[0].shape != (self.width,):
            raise ShapeError(
                f"{inputs[0]} numbers arrive, not {self.width}", "width",
                Fix("Set width", "set", "width", inputs[0].shape[0]),
            )  # fmt: skip
        return inputs[0]

    def lower(self, build: Any, inputs: Any) -> Any:
        return inputs[0]


def test_that_the_design_that_a_new_window_shows_has_no_problem() -> None:
    document = chain(dense(8, "tanh"), dense(1))
    report = check(document, prepare(document.data, document.split))
    assert report.problems == ()
    assert report.sink == "dense_2"
    assert {id: spec.shape for id, spec in report.specs.items()} == {
        "input_1": (2,), "dense_1": (8,), "dense_2": (1,),
    }  # fmt: skip
    report.require()


def test_that_without_data_what_can_be_known_is_given() -> None:
    assert check(chain(dense(8))).specs == {}
    assert check(chain(dense(8))).problems == ()
    document = chain(dense(8)).set_fields("input_1", shape=(3,))
    assert check(document).specs == {"input_1": Spec((3,)), "dense_1": Spec((8,))}


def test_that_an_empty_canvas_says_what_to_do_next() -> None:
    problem = only(check(Document()))
    assert problem.node == ""
    assert "drag an Input" in problem.reason


def test_that_a_design_without_an_input_is_given_one() -> None:
    document = Document().add(dense(1))
    problem = check(document).problems[0]
    assert "no Input" in problem.reason
    assert check(mended(document, problem), data()).problems == ()


def test_that_a_second_input_is_to_be_removed() -> None:
    document = chain(dense(1)).add(Layer.parse("input"))
    problem = check(document, data()).problems[0]
    assert problem.node == "input_2"
    assert check(mended(document, problem), data()).problems == ()


def test_that_a_cycle_is_named_with_its_nodes_and_opened() -> None:
    document = chain("add", dense(4, "relu"), dense(1), data="spiral")
    middle, back = document.nodes[1].id, document.nodes[2].id
    document = document.connect(back, middle, 1).connect("input_1", middle, 2)
    problem = check(document, data()).problems[0]
    assert f"{middle} → {back} → {middle}" in problem.reason
    again = mended(document, problem)
    assert not any("circle" in each.reason for each in check(again).problems)


def test_that_two_cycles_are_two_problems() -> None:
    document = chain()
    for id in ("a", "b", "c", "d"):
        document = document.add(dense(1), id=id)
    for source, target in ("ab", "ba", "cd", "dc"):
        document = document.connect(source, target)
    circles = [problem.node for problem in check(document).problems if "circle" in problem.reason]
    assert circles == ["a", "c"]


def test_that_a_layer_without_its_wire_says_so() -> None:
    document = chain(dense(1)).add(dense(3))
    problem = only(check(document, data()))
    assert (problem.node, problem.severity) == ("dense_2", "error")
    assert "it takes one input, and no wire arrives" in problem.reason


def test_that_too_few_wires_are_counted() -> None:
    document = chain("add", dense(1))
    problem = check(document, data()).problems[0]
    assert "it takes at least 2 inputs, and only 1 arrives" in problem.reason


def test_that_a_gap_between_inputs_is_closed() -> None:
    document = chain("add", dense(1))
    meeting = document.nodes[1].id
    document = document.connect("input_1", meeting, 2)
    problem = only(check(document, data()))
    assert "input 2 is free while input 3 is wired" in problem.reason
    assert [wire.port for wire in mended(document, problem, data()).inputs(meeting)] == [0, 1]


def test_that_one_wire_too_many_is_to_be_removed() -> None:
    document = chain(dense(3, "relu"), dense(1))
    document = document.but(wires=(*document.wires, Wire(source="input_1", target="dense_2", port=1)))
    problem = only(check(document, data()))
    assert "it takes one input, and 2 wires arrive" in problem.reason
    assert check(mended(document, problem), data()).problems == ()


def test_that_two_ends_are_named() -> None:
    document = chain(dense(1)).add(dense(3)).connect("input_1", "dense_2")
    report = check(document, data())
    assert [problem.node for problem in report.problems] == ["dense_1", "dense_2"]
    assert "dense_1, dense_2" in report.problems[0].reason
    assert report.sink == ""
    assert check(mended(document, report.problems[1]), data()).problems == ()


def test_that_a_wrong_shape_is_given_with_field_and_fix() -> None:
    document = chain(Fussy(), dense(1))
    problem = only(check(document, data(features=3)))
    assert (problem.field, problem.reason) == ("width", "3 numbers arrive, not 8")
    assert check(mended(document, problem), data(features=3)).problems == ()


def test_that_an_input_of_another_shape_takes_the_data_s() -> None:
    document = chain(dense(1)).set_fields("input_1", shape=(5,))
    problem = only(check(document, data()))
    assert (problem.node, problem.field) == ("input_1", "shape")
    assert check(mended(document, problem), data()).problems == ()


def test_that_a_layer_is_put_into_the_one_wire_that_does_not_fit() -> None:
    document = chain(dense(4), {"type": "reshape", "shape": (2, 2)}, "concat", dense(1))
    document = document.connect("dense_1", "concat_1", 1)
    problem = only(check(document, data()))
    assert problem.fix is not None
    assert problem.fix.value == Wire(source="reshape_1", target="concat_1", port=0)
    assert check(mended(document, problem), data()).problems == ()


def test_that_a_network_without_weights_is_refused() -> None:
    document = chain("activation")
    problem = check(document, data(outputs=2)).problems[0]
    assert "nothing in this network can learn" in problem.reason
    mended(document, problem, data(outputs=2))


def test_that_an_unknown_layer_is_a_problem_that_can_be_removed() -> None:
    document = chain(dense(2, "tanh"), Unknown.keeping({"type": "hologram"}, 3), dense(1))
    problem = only(check(document, data()))
    assert "no layer 'hologram' of version 3" in problem.reason
    assert check(mended(document, problem), data()).problems == ()


def test_that_the_first_error_can_be_raised() -> None:
    with pytest.raises(DesignError) as caught:
        check(chain(dense(7)), data()).require()
    assert str(caught.value).startswith("dense_1, units: the network answers with 7 numbers")
    assert "To mend it: set units to 1" in str(caught.value)


def test_that_an_error_calls_a_box_as_its_user_does() -> None:
    named = chain(dense(7)).replace("dense_1", name="Answer")
    with pytest.raises(DesignError, match=r"^Answer, units: "):
        check(named, data()).require()


@settings(max_examples=150, deadline=None)
@given(documents(unknown=True))
def test_that_no_design_ends_in_a_traceback_and_every_fix_mends(document: Document) -> None:
    prepared = data()
    report = check(document, prepared)
    for problem in report.problems:
        assert problem.reason
        if problem.fix:
            again = apply_fix(document, problem)
            assert again != document
            assert problem not in check(again, prepared).problems


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(values(Layer), min_size=1, max_size=4), st.data())
def test_that_a_design_without_an_error_can_be_laid_out(layers: list[Layer], draw: st.DataObject) -> None:
    prepared = data()
    document = chain(*(layer for layer in layers if layer.kind != "input"))
    ids = [node.id for node in document.nodes]
    for target in ids:
        if document.node(target).layer.arity[1] is None:
            source = draw.draw(st.sampled_from(ids[: ids.index(target)]))
            document = document.connect(source, target)
    for _ in range(12):
        mendable = [problem for problem in check(document, prepared).errors if problem.fix]
        if not mendable:
            break
        document = apply_fix(document, mendable[0])
    assume(not check(document, prepared).errors)
    asked = Asked(prepared.input, prepared.y.shape[1], prepared.task, prepared.train.stop)
    plan = lay_out(lower(document, asked), document.training, asked)
    parameters = sum(cost.parameters for cost in check(document, prepared).costs.values())
    assert parameters <= plan.parameters_size <= parameters + 8 * 4 * len(document.nodes)


def test_that_a_design_of_500_layers_is_checked() -> None:
    layers = [Layer.parse("input"), *[dense(8, "tanh")] * 499, dense(8)]
    nodes = [Node(id=f"n{number}", layer=layer) for number, layer in enumerate(layers)]
    wires = [Wire(source=a.id, target=b.id) for a, b in pairwise(nodes)]
    document = Document(nodes=tuple(nodes), wires=tuple(wires))
    prepared = data(outputs=8)
    assert check(document, prepared).problems == ()
