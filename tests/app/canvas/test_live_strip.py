"""Boxes show how they learn, and only when there is something to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import theme
from app.canvas.geometry import GAP, STRIP
from app.canvas.strip_item import StripItem
from app.canvas.tiles import told
from app.canvas.view import CanvasView
from engine.design.document import Document
from engine.insight.tiles import Thumbnail
from tests.app.canvas.live import LiveHand, in_a_row
from tests.app.canvas.strips import NAN, Told, layer, tiles
from tests.app.conftest import quick
from tests.builders import chain, dense

Make = Callable[[Document], CanvasView]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The strips' time: [seconds]."""
    now = [1000.0]
    monkeypatch.setattr("app.canvas.live_strip.perf_counter", lambda: now[0])
    return now


@pytest.fixture
def beat(clock: list[float]) -> Callable[[CanvasView, Any], None]:
    """One beat, long enough after the one before."""

    def once(canvas: CanvasView, trainer: Any) -> None:
        clock[0] += 2.0
        canvas.refresh(trainer)

    return once


Beat = Callable[[CanvasView, Any], None]


def design() -> Document:
    return in_a_row(chain(dense(4, "relu"), dense(1)))


def strip_of(canvas: CanvasView, id: str) -> StripItem:
    strip = canvas.canvas_scene.nodes[id].strip
    assert strip is not None
    return strip


def test_that_boxes_are_small_until_something_has_been_learnt(canvas_of: Make, beat: Beat) -> None:
    canvas, trainer = canvas_of(design()), Told(step=0)
    heights = {id: item.scene_box().height() for id, item in canvas.canvas_scene.nodes.items()}
    beat(canvas, trainer)
    assert not trainer.asked
    assert {id: item.scene_box().height() for id, item in canvas.canvas_scene.nodes.items()} == heights
    trainer.status = replace(trainer.status, step=1)
    trainer.tells(layer("input_1", norm=NAN), layer("dense_1"))
    beat(canvas, trainer)
    grown = {id: item.scene_box().height() for id, item in canvas.canvas_scene.nodes.items()}
    assert grown == heights | {"input_1": heights["input_1"] + STRIP, "dense_1": heights["dense_1"] + STRIP}
    assert STRIP < GAP, "a box must not grow over the one below"


def test_that_growing_moves_no_wire(canvas_of: Make, beat: Beat) -> None:
    canvas, trainer = canvas_of(design()), Told()
    before = [(wire.pos(), wire.path()) for wire in canvas.canvas_scene.wires.values()]
    trainer.tells(layer("input_1"), layer("dense_1"), layer("dense_2"))
    beat(canvas, trainer)
    assert [(wire.pos(), wire.path()) for wire in canvas.canvas_scene.wires.values()] == before


@pytest.mark.parametrize(
    ("norm", "judgement"),
    [(0.1, "healthy"), (1e-9, "low"), (1e3, "high"), (float("inf"), "high"), (NAN, "")],
)
def test_that_the_chip_judges_the_gradient_as_the_bars_do(
    canvas_of: Make, beat: Beat, norm: float, judgement: str
) -> None:
    canvas, trainer = canvas_of(design()), Told()
    trainer.tells(layer("dense_1", norm=norm))
    beat(canvas, trainer)
    assert strip_of(canvas, "dense_1").judgement == judgement


def test_that_dead_units_are_told_only_where_there_are_some(canvas_of: Make, beat: Beat) -> None:
    canvas, trainer = canvas_of(design()), Told()
    trainer.tells(layer("dense_1", dead=0.25), layer("dense_2"))
    beat(canvas, trainer)
    assert strip_of(canvas, "dense_1").said[1] == "25 % dead"
    assert "dead" not in strip_of(canvas, "dense_2").said[1]


def test_that_saturated_units_are_told_where_they_are_many(canvas_of: Make, beat: Beat) -> None:
    canvas, trainer = canvas_of(design()), Told()
    trainer.tells(layer("dense_1", saturated=0.75), layer("dense_2", saturated=0.25))
    beat(canvas, trainer)
    assert strip_of(canvas, "dense_1").said[1] == "75 % flat"
    assert "flat" not in strip_of(canvas, "dense_2").said[1]
    trainer.tells(layer("dense_1", saturated=0.75, dead=0.5))
    beat(canvas, trainer)
    assert strip_of(canvas, "dense_1").said[1] == "50 % dead"


def test_that_the_boxes_in_sight_are_asked_for_and_the_answer_is_shown(canvas_of: Make, beat: Beat) -> None:
    document = design().add(dense(3), 100_00.0, 0.0, id="far_away")
    canvas, trainer = canvas_of(document), Told()
    canvas.centerOn(canvas.canvas_scene.nodes["dense_1"])
    canvas.scale_by(1.0 / canvas.zoom)
    canvas.centerOn(canvas.canvas_scene.nodes["dense_1"])
    beat(canvas, trainer)
    assert set(trainer.asked[-1].nodes) == {"input_1", "dense_1", "dense_2"}
    shown = Thumbnail(tiles())
    trainer.answers(dense_1=shown)
    beat(canvas, trainer)
    assert strip_of(canvas, "dense_1").thumbnail is shown
    assert strip_of(canvas, "dense_1").toolTip() == told(shown.picture)


def test_that_the_box_that_waited_longest_comes_first(canvas_of: Make, beat: Beat) -> None:
    canvas, trainer = canvas_of(design()), Told()
    beat(canvas, trainer)
    trainer.answers(input_1=Thumbnail(tiles()), dense_1=Thumbnail(tiles()))
    beat(canvas, trainer)
    assert trainer.asked[-1].nodes[0] == "dense_2"


def test_that_many_pictures_are_shown_in_turns(canvas_of: Make, beat: Beat) -> None:
    document = Document()
    names = [f"dense_{number}" for number in range(1, 13)]
    for number, name in enumerate(names):
        document = document.add(dense(2), 200.0 * number, 0.0, id=name)
    canvas, trainer = canvas_of(document), Told()
    beat(canvas, trainer)
    trainer.answers(**{name: Thumbnail(tiles()) for name in names})
    shown = []
    for _ in range(3):
        beat(canvas, trainer)
        shown.append(sum(item.strip is not None for item in canvas.canvas_scene.nodes.values()))
    assert 0 < shown[0] < shown[1] == shown[2] == len(names)


def test_that_it_asks_seldom_when_answers_are_dear_and_when_nothing_is_learnt(
    canvas_of: Make, clock: list[float]
) -> None:
    canvas, trainer = canvas_of(design()), Told()

    def asked_within(seconds: float) -> int:
        before = len(trainer.asked)
        for _ in range(round(seconds * 30)):
            clock[0] += 1 / 30
            trainer.status = replace(trainer.status, step=trainer.status.step + stride)
            canvas.refresh(trainer)
        return len(trainer.asked) - before

    stride = 1
    trainer.answers(seconds=0.0)
    assert 12 <= asked_within(1) <= 16
    trainer.answers(seconds=0.004)
    assert 3 <= asked_within(1) <= 6
    trainer.answers(seconds=1.0)
    assert 2 <= asked_within(3) <= 3
    trainer.answers(seconds=0.0)
    stride = 0
    asked_within(1)
    assert asked_within(3) <= 6


def test_that_nothing_is_asked_where_nothing_could_be_seen(canvas_of: Make, beat: Beat) -> None:
    canvas, trainer = canvas_of(design()), Told()
    canvas.scale_by(0.4 / canvas.zoom)
    beat(canvas, trainer)
    assert not trainer.asked
    trainer.tells(layer("dense_1"))
    beat(canvas, trainer)
    assert strip_of(canvas, "dense_1").judgement == "healthy", "a chip can be seen from further away"
    canvas.scale_by(0.2 / canvas.zoom)
    trainer.tells(layer("dense_1", norm=1e9))
    beat(canvas, trainer)
    assert strip_of(canvas, "dense_1").judgement == "healthy"


def test_that_only_what_has_changed_is_painted_anew(canvas_of: Make, beat: Beat, qtbot: QtBot) -> None:
    canvas, trainer = canvas_of(design()), Told()
    pictures = {"input_1": Thumbnail(tiles()), "dense_1": Thumbnail(tiles()), "dense_2": Thumbnail(tiles(1))}
    trainer.tells(*(layer(id) for id in pictures))
    trainer.answers(**pictures)
    beat(canvas, trainer)
    QApplication.processEvents()
    changed: list[QRectF] = []
    canvas.canvas_scene.changed.connect(changed.extend)
    QApplication.processEvents()
    changed.clear()
    trainer.tells(*(layer(id) for id in pictures))
    trainer.answers(**{id: Thumbnail(tiles(1) if id == "dense_2" else tiles()) for id in pictures})
    beat(canvas, trainer)
    QApplication.processEvents()
    assert changed == []
    trainer.answers(**pictures | {"dense_1": Thumbnail(tiles(value=-5))})
    beat(canvas, trainer)
    qtbot.waitUntil(lambda: changed != [])
    boxes = {id: item.scene_box() for id, item in canvas.canvas_scene.nodes.items()}
    assert all(boxes["dense_1"].contains(area.center()) for area in changed)
    assert not any(area.intersects(boxes[id]) for area in changed for id in ("input_1", "dense_2"))


def test_that_another_design_begins_with_small_boxes(canvas_of: Make, beat: Beat) -> None:
    canvas, trainer = canvas_of(design()), Told()
    trainer.tells(layer("dense_1"))
    beat(canvas, trainer)
    canvas.session.open(design())
    assert canvas.canvas_scene.nodes["dense_1"].strip is None
    beat(canvas, Told(step=0))
    assert canvas.canvas_scene.nodes["dense_1"].strip is None


def test_that_a_reset_takes_the_chips_and_leaves_the_room(canvas_of: Make, beat: Beat) -> None:
    canvas, trainer = canvas_of(design()), Told()
    trainer.tells(layer("dense_1", dead=0.5))
    beat(canvas, trainer)
    trainer.tensors = None
    beat(canvas, trainer)
    assert strip_of(canvas, "dense_1").judgement == ""
    assert strip_of(canvas, "dense_1").dead == 0


def test_that_a_change_of_theme_paints_tiles_anew(canvas_of: Make, beat: Beat, qapp: QApplication) -> None:
    canvas, trainer = canvas_of(design()), Told()
    trainer.answers(dense_1=Thumbnail(tiles(1, 127)))
    beat(canvas, trainer)
    dark = theme.current().dark
    try:
        theme.apply(qapp, not dark)
        shot = canvas.grab().toImage()
        assert _holds(shot, theme.current().positive)
    finally:
        theme.apply(qapp, dark)


def _holds(image: QImage, color: str) -> bool:
    wanted = QColor(color).getRgb()[:3]
    pixels = (image.pixelColor(x, y).getRgb()[:3] for x in range(image.width()) for y in range(0, image.height(), 4))
    return any(max(abs(a - b) for a, b in zip(pixel, wanted, strict=True)) <= 3 for pixel in pixels)


def test_that_a_training_network_fills_its_boxes(canvas_of: Make, qtbot: QtBot) -> None:
    hand = LiveHand(canvas_of(in_a_row(quick())), qtbot)
    try:
        assert all(item.strip is None for item in hand.canvas.canvas_scene.nodes.values())
        hand.trainer.play()
        boxes = hand.canvas.canvas_scene.nodes.values()
        hand.until(lambda: all(item.strip is not None and item.strip.thumbnail is not None for item in boxes))
        hand.until(lambda: hand.strip_of("dense_1").judgement)
        picture = hand.strip_of("dense_1").thumbnail
        assert picture is not None
        hand.until(lambda: hand.strip_of("dense_1").thumbnail is not picture)
    finally:
        hand.trainer.close()


def test_that_from_afar_the_chip_of_an_unfolded_box_too_is_below_its_name(canvas_of: Make, qtbot: QtBot) -> None:
    hand = LiveHand(canvas_of(in_a_row(chain(dense(8, "tanh"), dense(1)))), qtbot)
    try:
        hand.unfold("dense_1")
        canvas, item = hand.canvas, hand.canvas.canvas_scene.nodes["dense_1"]
        strip = hand.strip_of("dense_1")
        assert strip.height > 2 * STRIP
        strip.show_layer(layer("dense_1"))
        canvas.scale_by(0.4 / canvas.zoom)
        canvas.centerOn(item)
        shot = canvas.viewport().grab().toImage()
        box = canvas.mapFromScene(item.scene_box()).boundingRect()
        wanted = QColor(theme.current().healthy).getRgb()[:3]
        rows = [
            y
            for y in range(box.top(), box.bottom())
            for x in range(box.left() + 3, box.right())
            if max(abs(a - b) for a, b in zip(shot.pixelColor(x, y).getRgb()[:3], wanted, strict=True)) <= 3
        ]
        assert rows
        assert min(rows) > box.center().y() + 10
    finally:
        hand.trainer.close()
