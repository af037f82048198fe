"""What is drawn as a ready picture looks as if it were drawn, on every screen, and is drawn no oftener than needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QImage, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import QWidget

from app.bench_canvas import Learning, large_design
from app.canvas.ready import Ready
from app.canvas.surface import PICTURES
from app.canvas.view import CanvasView
from engine.design.document import Document
from tests.app.designs import chain

CanvasOf = Callable[[Document], CanvasView]
ROOM = QRectF(1, 0, 40, 20)


class Pencil:
    """Draws a frame with a diagonal, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, painter: QPainter) -> None:
        self.times += 1
        painter.drawRect(ROOM.adjusted(2, 2, -2, -2))
        inner = ROOM.adjusted(4, 4, -4, -4)
        painter.drawLine(inner.topLeft(), inner.bottomRight())


def put_down(
    ready: Ready, pencil: Pencil, zoom: float = 1.0, ratio: float = 1.0, view: QWidget | None = None
) -> QImage:
    image = QImage(round(200 * ratio), round(100 * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(zoom, zoom)
    ready.put_down(painter, ROOM, pencil, view)
    painter.end()
    return image


@pytest.mark.parametrize(("zoom", "ratio"), [(1.0, 1.0), (2.0, 1.0), (1.0, 2.0), (2.0, 2.0)])
def test_that_it_is_the_same_to_the_pixel_and_drawn_once(qapp: object, zoom: float, ratio: float) -> None:
    ready, pencil = Ready(), Pencil()
    pictures = [put_down(ready, pencil, zoom, ratio) for _ in range(3)]
    assert pencil.times == 1
    drawn = QImage(pictures[0].size(), pictures[0].format())
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(0)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(zoom, zoom)
    pencil(painter)
    painter.end()
    assert all(picture == drawn for picture in pictures)


def test_that_it_is_drawn_again_in_another_size_or_when_it_has_changed(qapp: object) -> None:
    ready, pencil = Ready(), Pencil()
    for zoom in (1.0, 2.0, 2.0 * 1.1 / 1.1 * (1 + 1e-12)):
        put_down(ready, pencil, zoom)
    assert pencil.times == 2
    ready.drop()
    put_down(ready, pencil, 2.0)
    assert pencil.times == 3
    QPixmapCache.clear()  # as when others need the room
    put_down(ready, pencil, 2.0)
    assert pencil.times == 4


def test_that_while_all_moves_a_picture_of_another_size_will_do(canvas_of: CanvasOf) -> None:
    canvas, ready, pencil = canvas_of(large_design(150)), Ready(), Pencil()
    put_down(ready, pencil, 1.0, view=canvas)
    canvas.stir()
    assert put_down(ready, pencil, 1.5, view=canvas) != put_down(Ready(), Pencil(), 1.5)
    assert pencil.times == 1


def test_that_a_frame_makes_some_pictures_and_the_next_ones_the_others(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(large_design(30))
    canvas.viewport().repaint()
    pencils = [Pencil() for _ in range(PICTURES + 5)]
    for pencil in pencils:
        put_down(Ready(), pencil, view=canvas)
    assert sum(pencil.times for pencil in pencils) == PICTURES
    canvas.viewport().repaint()
    put_down(Ready(), pencils[-1], view=canvas)
    assert pencils[-1].times == 1


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


def test_that_a_fine_screen_shows_all_that_a_coarse_one_shows(
    canvas_of: CanvasOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = canvas_of(chain(4, 1))
    canvas.scale_by(1 / canvas.zoom)
    zooms: list[float] = []
    monkeypatch.setattr("app.canvas.node_item.paint_box", lambda *given: zooms.append(given[-1]))
    picture = QPixmap(canvas.size() * 2)
    picture.setDevicePixelRatio(2)
    QWidget.render(canvas, picture, QPoint())
    assert set(zooms) == {1.0}
