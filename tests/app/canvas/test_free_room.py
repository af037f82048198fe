"""A new note lies in free room near the middle of what is seen, or near the mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from app.bench_canvas import large_design
from app.canvas.free_room import nearest
from app.canvas.geometry import STRIP, distance, snapped
from app.canvas.view import CanvasView
from engine.design.document import Document
from tests.app.designs import chain

CanvasOf = Callable[[Document], CanvasView]
SIZE = QSizeF(40, 20)
AREA = QRectF(0, 0, 400, 200)


def seen(canvas: CanvasView) -> QRectF:
    return QRectF(canvas.mapToScene(canvas.viewport().rect()).boundingRect())


def note_of(canvas: CanvasView) -> QRectF:
    canvas.commands.add_note()
    canvas.writing.leave()
    return canvas.canvas_scene.remarks[canvas.session.document.remarks[-1].id].sceneBoundingRect()


def hits(canvas: CanvasView, note: QRectF) -> bool:
    boxes = [box.sceneBoundingRect() for box in canvas.canvas_scene.boxes()]
    others = [item.sceneBoundingRect() for item in canvas.canvas_scene.remarks.values()]
    return any(note.intersects(area) for area in (*boxes, *others) if area != note)


def test_that_it_is_where_it_is_wanted_if_there_is_room() -> None:
    assert nearest(SIZE, QPointF(220, 98), AREA, [QRectF(0, 0, 100, 200)]) == QPointF(200, 88)


def test_that_it_goes_as_little_aside_as_it_has_to() -> None:
    place = nearest(SIZE, QPointF(200, 100), AREA, [QRectF(100, 0, 110, 200)])
    assert place is not None
    assert (place.x(), place.y()) == (216, 88)


def test_that_it_stays_within_the_area() -> None:
    place = nearest(SIZE, QPointF(1000, -1000), AREA, [])
    assert place is not None
    assert AREA.contains(QRectF(place, SIZE))


@pytest.mark.parametrize("taken", [[AREA], [QRectF(0, 0, 400, 90), QRectF(0, 110, 400, 90)]])
def test_that_there_may_be_no_room(taken: list[QRectF]) -> None:
    assert nearest(SIZE, AREA.center(), AREA, taken) is None


def test_that_notes_lie_beside_boxes_and_beside_each_other(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1))
    for _ in range(5):
        note = note_of(canvas)
        assert not hits(canvas, note)
        assert seen(canvas).contains(note)
        assert note.topLeft() == snapped(note.topLeft())
    boxes = [box.scene_box() for box in canvas.canvas_scene.boxes()]
    grown = [box.adjusted(0, 0, 0, STRIP) for box in boxes]
    notes = [item.sceneBoundingRect() for item in canvas.canvas_scene.remarks.values()]
    assert not any(note.intersects(box) for note in notes for box in grown), "boxes that learn grow below"


def test_that_it_is_near_the_mouse_or_near_the_middle_of_what_is_seen(
    canvas_of: CanvasOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = canvas_of(chain(4, 1))
    canvas.centerOn(3000, 2000)
    at = canvas.viewport().rect().center() / 2
    monkeypatch.setattr("app.canvas.view.QCursor.pos", lambda: canvas.viewport().mapToGlobal(at))
    for over, wanted in ((True, canvas.mapToScene(at)), (False, canvas.center)):
        monkeypatch.setattr(canvas, "underMouse", lambda over=over: over)
        assert distance(note_of(canvas).center(), wanted) < 12


def test_that_it_lies_beside_wires_too(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1))
    note = note_of(canvas)
    wires = [wire.sceneBoundingRect() for wire in canvas.canvas_scene.wires.values()]
    assert not any(note.intersects(wire) for wire in wires)


def test_that_it_does_not_lie_under_the_map(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(large_design(30))
    canvas.scale_by(1 / canvas.zoom)
    canvas.show_boxes(["n0"])
    assert canvas.minimap.isVisible()
    note = note_of(canvas)
    assert not canvas.mapFromScene(note).boundingRect().intersects(canvas.minimap.geometry())
    assert not hits(canvas, note)


def test_that_without_room_it_goes_beyond_what_is_seen_and_is_shown(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(large_design(500))
    canvas.scale_by(1 / canvas.zoom)
    canvas.centerOn(canvas.canvas_scene.nodes["n262"])
    before = seen(canvas)
    note = note_of(canvas)
    assert not before.contains(note)
    assert seen(canvas).contains(note)
    assert not hits(canvas, note)
