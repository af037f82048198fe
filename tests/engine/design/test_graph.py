"""The wires of a document: order, ways and circles."""

from __future__ import annotations

from hypothesis import given, settings

from engine.design.document import Document, Node, Wire
from engine.design.graph import Graph
from tests.builders import chain, dense, documents


def graph(wires: str) -> Graph:
    """ "ab bc": a feeds b, b feeds c."""
    ids = sorted(set(wires.replace(" ", "")))
    nodes = tuple(Node(id=id, layer=dense(1)) for id in ids)
    ports: dict[str, int] = {}
    made = []
    for source, target in wires.split():
        made.append(Wire(source=source, target=target, port=ports.setdefault(target, 0)))
        ports[target] += 1
    return Graph(Document(nodes=nodes, wires=tuple(made)))


def test_that_every_wire_goes_forward() -> None:
    assert graph("bc ab cd ad").order == ("a", "b", "c", "d")


def test_that_nodes_on_and_behind_a_circle_are_left_out_of_the_order() -> None:
    assert graph("ab bc cb cd").order == ("a",)


def test_that_a_way_is_the_shortest() -> None:
    assert graph("ab bc cd ad").path("a", "d") == ("a", "d")
    assert graph("ab bc").path("a", "c") == ("a", "b", "c")
    assert graph("ab bc").path("c", "a") == ()
    assert graph("ab").path("a", "a") == ("a",)


def test_that_circles_are_given_once_each_in_the_direction_of_the_wires() -> None:
    assert graph("ab bc ca cd").cycles() == [("a", "b", "c")]
    assert graph("ab ba cd dc").cycles() == [("a", "b"), ("c", "d")]
    assert graph("aa ab").cycles() == [("a",)]
    assert graph("ab bc").cycles() == []
    assert graph("ab ba bc cd dc").cycles() == [("a", "b"), ("c", "d")]


@settings(max_examples=60, deadline=None)
@given(documents(unknown=False))
def test_that_circles_are_found_just_where_no_order_is(document: Document) -> None:
    found = Graph(document)
    assert set(found.order) == set(document.order())
    assert bool(found.cycles()) == (len(found.order) < len(document.nodes))
    place = {id: number for number, id in enumerate(found.order)}
    joined = {(wire.source, wire.target) for wire in document.wires}
    for wire in document.wires:
        if wire.target in place:
            assert place[wire.source] < place[wire.target]
    for ring in found.cycles():
        assert all(step in joined for step in zip(ring, (*ring[1:], ring[0]), strict=True))


def test_that_a_chain_of_thousands_is_no_matter_of_recursion() -> None:
    document = chain(*["dense"] * 3)
    nodes = tuple(Node(id=str(number), layer=document.nodes[1].layer) for number in range(5000))
    wires = tuple(Wire(source=str(n), target=str((n + 1) % 5000)) for n in range(5000))
    assert len(Graph(Document(nodes=nodes, wires=wires)).cycles()[0]) == 5000
