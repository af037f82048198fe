"""Sizes, ports and curves."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from app.canvas.geometry import box_geometry, curve, input_ports, snapped, touch_area
from app.theme import GRID
from engine.design.document import Node
from tests.app.designs import layer

PLACES = st.floats(-1e4, 1e4)


@given(st.integers(0, 20))
def test_that_ports_lie_on_the_edges_apart_from_each_other(ports: int) -> None:
    geometry = box_geometry(ports)
    assert len(geometry.inputs) == ports
    assert all(port.x() == 0 and 0 < port.y() < geometry.box.height() for port in geometry.inputs)
    ys = [port.y() for port in geometry.inputs]
    assert all(b - a >= 12 for a, b in pairwise(ys))
    assert geometry.output == QPointF(geometry.box.width(), geometry.box.height() / 2)


@given(st.integers(0, 20))
def test_that_a_box_stands_on_the_grid_and_holds_its_lines(ports: int) -> None:
    geometry = box_geometry(ports)
    assert geometry.box.width() % GRID == geometry.box.height() % GRID == 0
    for row in (geometry.name_row, geometry.fields_row, geometry.foot_row, geometry.badge):
        assert geometry.box.contains(row)
    assert geometry.sentence.top() > geometry.box.bottom()


@pytest.mark.parametrize(
    ("kind", "wired", "ports"),
    [("input", (), 0), ("dense", (), 1), ("dense", (0,), 1), ("add", (), 2), ("add", (0, 1), 3), ("add", (4,), 6)],
)
def test_that_a_layer_shows_the_ports_it_may_have(kind: str, wired: tuple[int, ...], ports: int) -> None:
    assert input_ports(Node(id="n", layer=layer(kind)), wired) == ports


@given(PLACES, PLACES)
def test_that_snapping_goes_to_the_nearest_place_of_the_grid(x: float, y: float) -> None:
    point = snapped(QPointF(x, y))
    assert point.x() % GRID == point.y() % GRID == 0
    assert abs(point.x() - x) <= GRID / 2
    assert snapped(point) == point


@given(PLACES, PLACES, PLACES, PLACES)
def test_that_a_wire_begins_and_ends_at_its_ports_and_leaves_level(x: float, y: float, u: float, v: float) -> None:
    path = curve(QPointF(x, y), QPointF(u, v))
    assert path.pointAtPercent(0) == QPointF(x, y)
    assert path.pointAtPercent(1) == QPointF(u, v)
    assert path.elementAt(1).y == y
    assert path.elementAt(2).y == v
    assert path.elementAt(1).x >= x


def test_that_a_wire_is_easier_to_hit_than_to_see() -> None:
    area = touch_area(curve(QPointF(0, 0), QPointF(100, 0)))
    assert area.contains(QPointF(50, 5))
    assert not area.contains(QPointF(50, 8))
