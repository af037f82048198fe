"""Boxes that learn: how soon all in sight show it, and which of them are shown by ready pictures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.bench_canvas import Learning, large_design
from app.canvas.view import CanvasView
from engine.design.document import Document

CanvasOf = Callable[[Document], CanvasView]


def test_that_few_boxes_paint_themselves_and_only_strips_have_pictures(
    canvas_of: CanvasOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = canvas_of(large_design(30))
    canvas.scale_by(1 / canvas.zoom)
    learning = Learning(tuple(canvas.canvas_scene.nodes))
    now = [100.0]
    monkeypatch.setattr("app.canvas.live_strip.perf_counter", lambda: now[0])
    for _ in range(6):
        learning.go_on()
        now[0] += 0.3
        canvas.refresh(learning)  # type: ignore[arg-type]
    boxes = canvas.live._seen()
    strips = [box.strip for box in boxes]
    qtbot.waitUntil(lambda: all(strip is not None and strip.picture_scale == 1.0 for strip in strips))
    assert {box.picture_scale for box in boxes} == {0.0}


def test_that_every_box_in_sight_shows_how_it_learns_within_some_beats(
    canvas_of: CanvasOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("app.canvas.live_strip.perf_counter", lambda: now[0])
    canvas = canvas_of(large_design(60))
    canvas.scale_by(0.3 / canvas.zoom)
    canvas.centerOn(canvas.canvas_scene.nodes["n5"])
    learning = Learning(tuple(canvas.canvas_scene.nodes))
    seen = set(canvas.live._seen())
    counts = []
    while len(counts) < 5 and not all(item.strip for item in seen):
        learning.go_on()
        now[0] += 0.1
        canvas.refresh(learning)  # type: ignore[arg-type]
        counts.append(sum(item.strip is not None for item in seen))
    assert 32 <= counts[0] < len(seen), "as many as there is time for"
    assert counts[-1] == len(seen)
    assert all(item.strip is None for item in canvas.canvas_scene.nodes.values() if item not in seen)
