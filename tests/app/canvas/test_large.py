"""A design of 500 boxes: everything of it can be seen and done, at every zoom. How quickly, the benchmark says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from app.bench_canvas import COLUMNS, GESTURES, large_design, measure_canvas
from app.canvas.geometry import Port, distance, snapped
from app.canvas.grouping import grouped
from app.canvas.view import CanvasView
from engine.design.checks import check
from engine.design.document import Document
from tests.app.canvas.hand import Hand

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
    figures = measure_canvas(canvas, zooms=(0.2, 1.0), frames=2, rounds=1)
    assert set(figures) == {f"{name} at {zoom}" for name in GESTURES for zoom in ("0.2", "1")}
    assert all(spent > 0 for spent in figures.values())
    assert canvas.session.document is document
    assert all((item.x(), item.y()) == (document.node(id).x, document.node(id).y)
               for id, item in canvas.canvas_scene.nodes.items())  # fmt: skip
    assert not any(item.state.inputs or item.state.outputs for item in canvas.canvas_scene.nodes.values())


@pytest.mark.parametrize(("zoom", "seen"), [(0.2, False), (0.3, True), (1.0, True)])
def test_that_words_on_wires_are_there_where_they_can_be_read(
    canvas_of: CanvasOf, monkeypatch: pytest.MonkeyPatch, zoom: float, seen: bool
) -> None:
    written: list[str] = []
    monkeypatch.setattr("app.canvas.wire_item.paint_label", lambda *given: written.append(given[2].text.text()))
    canvas = canvas_of(large_design(30))
    written.clear()
    canvas.scale_by(zoom / canvas.zoom)
    canvas.viewport().repaint()
    assert bool(written) == seen


def test_that_lines_are_smooth_again_when_a_crowded_canvas_rests(canvas_of: CanvasOf, qtbot: QtBot) -> None:
    canvas = canvas_of(large_design(150))
    canvas.scale_by(0.5 / canvas.zoom)
    assert canvas.stirred
    moving = canvas.grab().toImage()
    qtbot.waitUntil(lambda: not canvas.stirred)
    resting = canvas.grab().toImage()
    assert resting != moving
    hand = Hand(canvas)
    canvas.commands.select_all()
    hand.press(canvas.canvas_scene.nodes["n62"].scene_box().center())
    hand.move(canvas.center)
    assert canvas.stirred
    hand.release(canvas.center)
    canvas.session.undo.undo()
    canvas.session.select(())
    qtbot.waitUntil(lambda: not canvas.stirred)
    assert canvas.grab().toImage() == resting


def test_that_a_design_of_a_few_boxes_is_smooth_at_every_moment(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(large_design(30))
    canvas.scale_by(0.9)
    assert not canvas.stirred


@pytest.mark.parametrize("keys", ["all", "some"])
def test_that_many_boxes_in_the_hand_take_their_wires_along(canvas_of: CanvasOf, keys: str) -> None:
    document, _ = grouped(large_design(60), ["n7", "n8"])
    canvas = canvas_of(document)
    scene, hand = canvas.canvas_scene, Hand(canvas)
    canvas.session.select([node.id for node in document.nodes if keys == "all" or int(node.id[1:]) < 30])
    start = scene.nodes["n4"].scene_box().center()
    hand.press(start)
    for step in (QPointF(40, 80), QPointF(64, 96)):
        hand.move(start + step)
        assert scene.nodes["n4"].pos() - snapped(scene.nodes["n4"].pos()) == QPointF()
        assert distance(scene.nodes["n4"].pos(), QPointF(document.node("n4").x, document.node("n4").y) + step) < 12
        for wire, item in scene.wires.items():
            ends = Port(wire.source, "output"), Port(wire.target, "input", wire.port)
            if item.isVisible():
                assert distance(item.point_at(0), scene.point_of(ends[0])) < 1e-6
                assert distance(item.point_at(1), scene.point_of(ends[1])) < 1e-6
    hand.release(start + QPointF(64, 96))
    canvas.session.undo.undo()
    assert canvas.session.document == document
    assert all(scene.nodes[node.id].pos() == QPointF(node.x, node.y) for node in document.nodes)
