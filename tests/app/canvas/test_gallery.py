"""What ready pictures show looks as if it were painted, on every screen, and is painted no oftener than needed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app import theme
from app.bench_canvas import large_design
from app.canvas import export, gallery
from app.canvas.node_item import NodeItem
from app.canvas.ready import Pictured
from app.canvas.view import CanvasView
from engine.design.document import Document
from tests.app.designs import chain

CanvasOf = Callable[[Document], CanvasView]


@pytest.fixture
def shots(monkeypatch: pytest.MonkeyPatch) -> list[Pictured]:
    """The items of which pictures were made, one by one."""
    made: list[Pictured] = []
    shoot = Pictured.shoot

    def noted(item: Pictured, zoom: float, ratio: float, smooth: bool) -> object:
        made.append(item)
        return shoot(item, zoom, ratio, smooth)

    monkeypatch.setattr(Pictured, "shoot", noted)
    return made


def pixels(canvas: CanvasView) -> np.ndarray:
    image = canvas.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8).astype(int)
    return flat.reshape(image.height(), image.width(), 4)[:, :, :3].copy()


def scales(canvas: CanvasView) -> set[float]:
    """For which scales the pictures in sight were made; 0 where an item paints itself."""
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    return {round(item.picture_scale, 6) for item in canvas.canvas_scene.pictured(seen)}


def settled(canvas: CanvasView, qtbot: QtBot, zoom: float) -> None:
    canvas.scale_by(zoom / canvas.zoom)
    canvas.centerOn(canvas.canvas_scene.nodes["n62"])
    qtbot.waitUntil(lambda: not canvas.stirred and scales(canvas) == {zoom * canvas.devicePixelRatioF()})


def painted(canvas: CanvasView, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """What is seen when everything paints itself."""
    with monkeypatch.context() as patch:
        patch.setattr(Pictured, "hang", lambda *_: None)
        patch.setattr(NodeItem, "rehang", lambda *_: True)
        canvas.canvas_scene.release_pictures()
        seen = pixels(canvas)
    canvas.gallery.look()
    return seen


@pytest.mark.parametrize("zoom", [0.25, 1.0, 2.0])
def test_that_pictures_look_as_what_they_stand_for(
    canvas_of: CanvasOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, zoom: float
) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, zoom)
    pictured = pixels(canvas)
    differing = np.abs(pictured - painted(canvas, monkeypatch)).max(axis=2)
    assert differing.max() <= 3
    assert len(np.unique(pictured.reshape(-1, 3), axis=0)) > 5, "there is something to be seen"


@pytest.mark.parametrize("zoom", [0.25, 0.5, 1.0])
def test_that_what_the_hand_does_is_seen_at_once_and_undone(
    canvas_of: CanvasOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, zoom: float
) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, zoom)
    before = pixels(canvas)
    canvas.session.select(["n62"])
    chosen = pixels(canvas)
    box = canvas.mapFromScene(canvas.canvas_scene.nodes["n62"].scene_box()).boundingRect()
    accent = np.array(QColor(theme.current().accent).getRgb()[2::-1])
    edge = chosen[box.top() + 1 : box.bottom(), box.left() - 2 : box.left() + 4]
    assert np.abs(edge - accent).max(axis=2).min() < 40
    qtbot.waitUntil(lambda: canvas.canvas_scene.nodes["n62"].picture_scale > 0)
    upon = np.abs(pixels(canvas) - painted(canvas, monkeypatch)).max(axis=2)
    assert (upon > 40).mean() < 1e-4, "drawn upon the picture it looks as if it were painted"
    canvas.session.select(())
    settled(canvas, qtbot, zoom)
    assert (pixels(canvas) == before).all()


def test_that_a_crowd_in_the_hand_keeps_its_pictures_until_there_are_others(
    canvas_of: CanvasOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, 0.5)
    bare: list[NodeItem] = []
    paint_itself = NodeItem.paint
    monkeypatch.setattr(gallery, "HANGING", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(NodeItem, "paint", lambda item, *rest: (bare.append(item), paint_itself(item, *rest))[1])
        canvas.session.select(list(canvas.canvas_scene.nodes))
        canvas.viewport().repaint()
    assert 0.0 in scales(canvas), "not all have been drawn upon"
    assert bare == [], "to paint all anew takes longer than a frame"
    qtbot.waitUntil(lambda: scales(canvas) == {0.5})
    upon = np.abs(pixels(canvas) - painted(canvas, monkeypatch)).max(axis=2)
    assert (upon > 40).mean() < 2e-3, "of forty boxes; without their outlines it would be a tenth of all"


def test_that_a_zoom_there_and_back_makes_nothing_anew(
    canvas_of: CanvasOf, qtbot: QtBot, shots: list[Pictured]
) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, 0.5)
    shots.clear()
    canvas.scale_by(1.21)
    canvas.viewport().repaint()
    canvas.scale_by(1 / 1.21)
    canvas.viewport().repaint()
    qtbot.waitUntil(lambda: not canvas.stirred)
    assert shots == []


def test_that_while_all_moves_pictures_of_nearly_the_size_will_do(canvas_of: CanvasOf, qtbot: QtBot) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, 0.5)
    canvas.scale_by(1.2)
    canvas.viewport().repaint()
    assert canvas.moving
    assert 0.5 in scales(canvas)
    qtbot.waitUntil(lambda: not canvas.stirred)
    assert scales(canvas) == {0.6}


def test_that_what_goes_on_zooming_gets_pictures_of_few_sizes_and_what_is_dragged_exact_ones(
    canvas_of: CanvasOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = canvas_of(large_design(150))
    monkeypatch.setattr(gallery, "HANGING", 1.0)  # all at once,
    monkeypatch.setattr(gallery, "PERIOD", 0.0)  # and now
    for gone_on, zoom, expected in ((False, 0.55, 0.55), (True, 1.3, round(2**0.5, 6))):
        settled(canvas, qtbot, 0.2)
        canvas.gallery.release()
        if gone_on:
            canvas.scale_by(2.7)
        canvas.scale_by(zoom / canvas.zoom)
        canvas.viewport().repaint()
        assert canvas.moving
        assert scales(canvas) == {expected}


def test_that_what_is_scrolled_on_is_not_sharpened_before_it_rests(canvas_of: CanvasOf, qtbot: QtBot) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, 0.5)
    canvas.scale_by(1.2)
    for _ in range(10):
        qtbot.wait(20)
        canvas.bring(canvas.center + QPointF(4, 0), canvas.viewport().rect().center())
        assert canvas.moving
    qtbot.waitUntil(lambda: not canvas.stirred)


def test_that_a_frame_makes_some_pictures_and_the_next_ones_the_others(
    canvas_of: CanvasOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, 1.0)
    whole = pixels(canvas)
    monkeypatch.setattr(gallery, "HANGING", 0.0)
    canvas.gallery.release()
    assert (np.abs(pixels(canvas) - whole).max(axis=2) <= 3).all(), "what has no picture yet paints itself"
    assert 0.0 in scales(canvas)
    settled(canvas, qtbot, 1.0)
    assert (pixels(canvas) == whole).all()


def test_that_wires_with_the_same_words_share_a_picture(
    canvas_of: CanvasOf, qtbot: QtBot, shots: list[Pictured]
) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, 0.5)
    labels = {wire.label_item for wire in canvas.canvas_scene.wires.values()}
    assert len(labels & set(shots)) < len(labels) / 5
    shots.clear()
    settled(canvas, qtbot, 0.2)
    assert len(set(shots) & set(canvas.canvas_scene.nodes.values())) < 10, "from afar boxes look alike too"


def test_that_another_theme_is_seen_at_once(canvas_of: CanvasOf, qtbot: QtBot, qapp: object) -> None:
    canvas = canvas_of(large_design(150))
    dark = theme.current().dark
    settled(canvas, qtbot, 1.0)
    before = pixels(canvas)
    try:
        theme.apply(qapp, not dark)  # type: ignore[arg-type]
        box = canvas.mapFromScene(canvas.canvas_scene.nodes["n62"].scene_box()).boundingRect()
        ground = QColor(theme.current().raised).getRgb()[2::-1]
        assert tuple(pixels(canvas)[box.bottom() - 6, box.center().x()]) == ground
    finally:
        theme.apply(qapp, dark)  # type: ignore[arg-type]
    settled(canvas, qtbot, 1.0)
    assert (pixels(canvas) == before).all()


def test_that_a_crowd_is_saved_as_lines_and_letters(canvas_of: CanvasOf, qtbot: QtBot) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, 0.5)
    drawing = export.svg(canvas.canvas_scene)
    assert b"<image" not in drawing
    assert b"n62" in drawing
    settled(canvas, qtbot, 0.5)


def test_that_what_becomes_a_crowd_is_pictured_and_no_longer_when_it_is_none(canvas_of: CanvasOf, qtbot: QtBot) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, 0.5)
    canvas.session.edit("Delete", canvas.session.document.remove([f"n{number}" for number in range(60, 150)]))
    canvas.centerOn(canvas.canvas_scene.nodes["n10"])
    qtbot.waitUntil(lambda: {box.picture_scale for box in canvas.canvas_scene.nodes.values()} == {0.0})
    canvas.session.undo.undo()
    settled(canvas, qtbot, 0.5)


def test_that_pictures_out_of_sight_are_let_go_when_they_take_much_room(
    canvas_of: CanvasOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "MEMORY", 2_000_000)
    canvas = canvas_of(large_design(150))
    for node in ("n0", "n24", "n149", "n125", "n62"):
        settled(canvas, qtbot, 1.0)
        canvas.centerOn(canvas.canvas_scene.nodes[node])
        qtbot.waitUntil(lambda: scales(canvas) == {1.0})
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    everything, in_sight = canvas.canvas_scene.pictured(), canvas.canvas_scene.pictured(seen)
    away = sum(item.picture_bytes for item in everything) - sum(item.picture_bytes for item in in_sight)
    assert away <= 2_000_000


def test_that_a_box_may_go_before_its_turn_comes(
    canvas_of: CanvasOf, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = canvas_of(large_design(150))
    settled(canvas, qtbot, 0.5)
    monkeypatch.setattr(gallery, "HANGING", 0.0)
    canvas.commands.select_all()
    canvas.commands.delete()
    canvas.viewport().repaint()
    canvas.session.undo.undo()
    settled(canvas, qtbot, 0.5)


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
