"""What is in sight when boxes take more room."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from app.canvas import grouping
from app.canvas.arrange import arranged
from app.theme import GRID
from tests.app.canvas.hand import HandOn
from tests.app.designs import chain


def test_that_nothing_leaves_the_view_for_a_group_that_opens_where_there_is_room_for_all(hand_on: HandOn) -> None:
    hand = hand_on(arranged(grouping.grouped(chain(4, 3, 1), ("dense_1", "dense_2"))[0]))
    canvas, scene = hand.canvas, hand.canvas.canvas_scene
    canvas.scale_by(0.8 / canvas.zoom)
    content = scene.content_rect()
    half = canvas.mapToScene(canvas.viewport().rect()).boundingRect().width() / 2
    canvas.centerOn(QPointF(content.right() + GRID - half, content.center().y()))
    box = scene.groups.boxes["group_1"].scene_box()
    QTest.mouseDClick(hand.viewport, Qt.MouseButton.LeftButton, pos=hand.at(box.center()))
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    whole = scene.content_rect()
    assert whole.width() < seen.width()
    assert seen.contains(whole)
