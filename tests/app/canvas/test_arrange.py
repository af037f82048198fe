"""Automatic layout."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.canvas.arrange import arranged
from app.canvas.geometry import WIDTH, box_geometry, ports_by_node
from app.theme import GRID
from engine.design.document import Document, Node, Wire
from tests.app.designs import chain, layer


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any wiring, circles included, boxes anywhere."""
    count = draw(st.integers(1, 9))
    spots = st.integers(-20, 20).map(lambda step: step * 8.0)
    nodes = tuple(Node(id=f"n{i}", layer=layer("add"), x=draw(spots), y=draw(spots)) for i in range(count))
    pairs = draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=14))
    wires, ports = [], dict.fromkeys(range(count), 0)
    for source, target in sorted(pairs):
        if source != target:
            wires.append(Wire(source=f"n{source}", target=f"n{target}", port=ports[target]))
            ports[target] += 1
    return Document(nodes=nodes, wires=tuple(wires))


@given(documents())
def test_that_no_box_lies_on_another_and_all_stand_on_the_grid(document: Document) -> None:
    after = arranged(document)
    heights = {id: box_geometry(ports).box.height() for id, ports in ports_by_node(after).items()}
    for a, b in combinations(after.nodes, 2):
        upper, lower = sorted((a, b), key=lambda node: node.y)
        assert abs(a.x - b.x) >= WIDTH or upper.y + heights[upper.id] <= lower.y
    assert all(node.x % GRID == 0 and node.y % GRID == 0 for node in after.nodes)


@given(documents())
def test_that_only_places_change_and_wires_run_forward_where_they_can(document: Document) -> None:
    after = arranged(document)
    assert after.wires == document.wires
    assert [node.but(x=0, y=0) for node in after.nodes] == [node.but(x=0, y=0) for node in document.nodes]
    forward = set(document.order())
    for wire in document.wires:
        if {wire.source, wire.target} <= forward:
            assert after.node(wire.source).x < after.node(wire.target).x


@given(documents())
def test_that_the_whole_stays_where_it_was_and_is_arranged_once_for_all(document: Document) -> None:
    after = arranged(document)
    assert min(node.x for node in after.nodes) == min(node.x for node in document.nodes)
    assert min(node.y for node in after.nodes) == min(node.y for node in document.nodes)


def test_that_a_chain_lies_in_one_level_row() -> None:
    document = chain(4, 4, 1).move({"dense_1": (0.0, 300.0), "dense_2": (-500.0, 9.0), "dense_3": (8.0, 8.0)})
    after = arranged(document)
    assert len({node.y for node in after.nodes}) == 1


def test_that_two_branches_lie_to_both_sides_of_what_they_share() -> None:
    document = chain(4)
    for id in ("above", "below"):
        document = document.add(layer("dense"), id=id).connect("dense_1", id)
    document = document.add(layer("add"), id="sum").connect("above", "sum", 0).connect("below", "sum", 1)
    after = arranged(document)
    middle = after.node("dense_1").y
    assert after.node("above").y < middle < after.node("below").y
    assert abs((after.node("above").y + after.node("below").y) / 2 - middle) <= GRID


def test_that_crossed_branches_are_uncrossed() -> None:
    document = Document()
    for id in ("a", "b"):
        document = document.add(layer("input", shape=(2,)), id=id)
    for id, source in (("c", "b"), ("d", "a")):
        document = document.add(layer("dense"), id=id).connect(source, id)
    after = arranged(document)
    assert (after.node("a").y < after.node("b").y) == (after.node("d").y < after.node("c").y)


def test_that_boxes_without_wires_lie_below() -> None:
    document = chain(4).add(layer("dense"), 0, -500, id="lone")
    after = arranged(document)
    assert after.node("lone").y > after.node("dense_1").y


def test_that_an_empty_canvas_stays_empty() -> None:
    assert arranged(Document()) == Document()
