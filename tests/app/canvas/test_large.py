"""A design of 500 boxes: everything of it can be seen and done, at every zoom. How quickly, the benchmark says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.bench_canvas import COLUMNS, GESTURES, large_design, measure_canvas
from app.canvas.view import CanvasView
from engine.design.checks import check
from engine.design.document import Document

CanvasOf = Callable[[Document], CanvasView]


def test_that_the_design_of_the_benchmark_is_sound_and_large() -> None:
    document = large_design()
    assert len(document.nodes) == 500
    assert not check(document).errors
    assert len({(node.x, node.y) for node in document.nodes}) == 500
    assert {node.x for node in document.nodes} == {column * 224.0 for column in range(COLUMNS)}


def test_that_every_gesture_is_measured_and_leaves_the_canvas_as_it_was(canvas_of: CanvasOf) -> None:
    document = large_design(300)
    canvas = canvas_of(document)
    figures = measure_canvas(canvas, zooms=(0.2, 1.0), frames=2)
    assert set(figures) == {f"{name} at {zoom}" for name in GESTURES for zoom in ("0.2", "1")}
    assert all(spent > 0 for spent in figures.values())
    assert canvas.session.document is document
    assert all((item.x(), item.y()) == (document.node(id).x, document.node(id).y)
               for id, item in canvas.canvas_scene.nodes.items())  # fmt: skip
    assert not any(item.state.inputs or item.state.outputs for item in canvas.canvas_scene.nodes.values())


@pytest.mark.parametrize(("zoom", "seen"), [(0.2, False), (0.3, True), (1.0, True)])
def test_that_words_on_wires_are_there_where_they_can_be_read(canvas_of: CanvasOf, zoom: float, seen: bool) -> None:
    canvas = canvas_of(large_design(300))
    canvas.scale_by(zoom / canvas.zoom)
    canvas.session.edit("Cut", canvas.session.document.disconnect(canvas.session.document.wires[-1]))
    canvas.session.undo.undo()
    assert {item.label_item.isVisible() for item in canvas.canvas_scene.wires.values()} == {seen}
