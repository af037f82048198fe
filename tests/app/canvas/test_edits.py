"""Edits of boxes, as values."""

from __future__ import annotations

import pytest

from app.canvas import edits
from app.canvas.geometry import COLUMN, WIDTH, box_geometry
from app.canvas.walk import neighbour
from engine.design.checks import Problem
from engine.design.document import Document, Wire
from engine.errors import DesignError
from engine.insight.doctor.cures import behind
from engine.layers.base import Fix
from tests.app.designs import chain, layer, loose


def places(document: Document) -> dict[str, tuple[float, float]]:
    return {node.id: (node.x, node.y) for node in document.nodes}


def overlapping(document: Document) -> list[tuple[str, str]]:
    height = box_geometry(1).box.height()
    return [
        (a.id, b.id)
        for number, a in enumerate(document.nodes)
        for b in document.nodes[number + 1 :]
        if abs(a.x - b.x) < WIDTH and abs(a.y - b.y) < height
    ]


def test_that_a_layer_added_between_two_makes_room_for_itself() -> None:
    document, id = edits.added_after(chain(4, 1), layer("activation"), "dense_1")
    assert not overlapping(document)
    assert places(document)[id] == (224 + COLUMN, 0)
    assert Wire(source=id, target="dense_2") in document.wires
    assert Wire(source="dense_1", target=id) in document.wires


def test_that_a_layer_added_again_and_again_never_lies_on_another() -> None:
    document = chain(4, 1)
    for _ in range(5):
        document, _id = edits.added_after(document, layer("dense"), "input")
        document, _id = edits.added_after(document, layer("input"), "dense_1")
        document, _id = edits.added_after(document, layer("add"), None)
    assert not overlapping(document)


def test_that_all_followers_are_fed_by_the_layer_between() -> None:
    document = chain(4, 1).add(layer("dense"), 448, 120, id="side").connect("dense_1", "side")
    document, id = edits.added_after(document, layer("dropout"), "dense_1")
    assert {wire.target for wire in document.outputs(id)} == {"dense_2", "side"}
    assert [wire.target for wire in document.outputs("dense_1")] == [id]


def test_that_pasted_boxes_lie_at_the_asked_place() -> None:
    text = edits.copied(chain(4, 1), ["dense_1", "dense_2"])
    pasted = edits.pasted(Document(), text, at=(16.0, 24.0))
    document, ids = pasted.document, pasted.ids
    assert ids == ("dense_1", "dense_2")
    assert places(document) == {"dense_1": (16, 24), "dense_2": (16 + 224, 24)}


def test_that_pasting_twice_does_not_stack_boxes() -> None:
    document = chain(4)
    text = edits.copied(document, ["dense_1"])
    for _ in range(3):
        document = edits.pasted(document, text).document
    assert len(set(places(document).values())) == len(document.nodes)


def test_that_nothing_copied_is_nothing() -> None:
    assert edits.copied(chain(4), []) == ""


def test_that_a_text_without_boxes_is_refused() -> None:
    with pytest.raises(DesignError, match="holds no boxes"):
        edits.pasted(chain(4), edits.dumps(Document()))


@pytest.mark.parametrize(
    ("edge", "lines"),
    [("left", {0}), ("right", {448}), ("center", {224})],
)
def test_that_boxes_are_aligned_in_a_column(edge: str, lines: set[float]) -> None:
    document = edits.aligned(loose("input", "dense", "dense"), ["input_1", "dense_1", "dense_2"], edge)
    assert {x for x, _ in places(document).values()} == lines


@pytest.mark.parametrize("edge", ["top", "middle", "bottom"])
def test_that_boxes_are_aligned_in_a_row_by_their_own_heights(edge: str) -> None:
    document = loose("dense", "add").move({"dense_1": (0.0, 40.0)})
    document = document.but(nodes=(*document.nodes,))
    for port in range(5):
        document = document.connect("dense_1", "add_1", port)
    heights = {"dense_1": box_geometry(1).box.height(), "add_1": box_geometry(6).box.height()}
    assert heights["add_1"] > heights["dense_1"]
    after = places(edits.aligned(document, ["dense_1", "add_1"], edge))
    share = {"top": 0.0, "middle": 0.5, "bottom": 1.0}[edge]
    lines = [after[id][1] + share * heights[id] for id in heights]
    assert abs(lines[0] - lines[1]) <= 4


def test_that_boxes_are_spread_evenly_between_the_outermost() -> None:
    document = loose("input", "dense", "dense", "dense").move({"dense_1": (30.0, 0.0), "dense_2": (50.0, 0.0)})
    after = places(edits.distributed(document, list(document.by_id), "x"))
    assert [after[id][0] for id in ("input_1", "dense_1", "dense_2", "dense_3")] == [0, 224, 448, 672]


def test_that_one_box_is_neither_aligned_nor_spread() -> None:
    document = chain(4)
    assert edits.aligned(document, ["input"], "left") == document
    assert edits.distributed(document, ["input", "dense_1"], "x") == document


def test_that_arrows_lead_along_wires_and_to_the_nearest_box_in_sight() -> None:
    document = chain(4, 1).add(layer("dense"), 224, 160, id="below").add(layer("dense"), 224, 500, id="far")
    assert neighbour(document, None, 1, 0) == "input"
    assert neighbour(document, "input", 1, 0) == "dense_1"
    assert neighbour(document, "dense_2", -1, 0) == "dense_1"
    assert neighbour(document, "dense_1", 0, 1) == "below"
    assert neighbour(document, "below", 0, 1) == "far"
    assert neighbour(document, "dense_2", 1, 0) is None
    assert neighbour(Document(), None, 1, 0) is None


@pytest.mark.parametrize("wire", [None, Wire(source="dense_1", target="dense_2")])
def test_that_a_layer_that_mends_does_not_lie_on_its_neighbours(wire: Wire | None) -> None:
    problem = Problem(
        "error", "dense_2", "", "it does not fit", Fix("Insert Flatten", "insert", value=wire, layer="flatten")
    )
    document = edits.mended(chain(4, 1), problem)
    assert Wire(source="flatten_1", target="dense_2") in document.wires
    assert not overlapping(document)
    xs = [document.node(id).x for id in ("input", "dense_1", "flatten_1", "dense_2")]
    assert xs == sorted(set(xs))


def test_that_a_layer_put_before_another_finds_a_free_place() -> None:
    problem = Problem("error", "dense_1", "", "nothing arrives", Fix("Put an Input before it", "insert", layer="input"))
    document = loose("dense", "dense").move({"dense_2": (-150.0, 0.0)})
    assert not overlapping(edits.mended(document, problem))


def test_that_layers_put_behind_others_have_columns_of_their_own() -> None:
    before = chain(8, 8, 1)
    after = behind(before, ["dense_1", "dense_2"], layer("batch_norm"))
    roomy = edits.with_room(before, after)
    assert overlapping(after)
    assert overlapping(roomy) == []
    order = ("input", "dense_1", "batch_norm_1", "dense_2", "batch_norm_2", "dense_3")
    assert roomy.order() == order
    assert [roomy.node(id).x for id in order] == sorted(roomy.node(id).x for id in order)
    assert {node.y for node in roomy.nodes} == {0.0}
    assert edits.with_room(before, before.set_fields("dense_1", units=3)).node("dense_2").x == before.node("dense_2").x


def test_that_a_fix_that_sets_a_field_moves_nothing() -> None:
    problem = Problem("error", "dense_2", "units", "too few", Fix("Set units to 3", "set", field="units", value=3))
    assert edits.mended(chain(4, 1), problem) == chain(4, 3)
