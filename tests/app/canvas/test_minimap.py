"""The map in the corner: when it shows, and that it leads about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import theme
from app.canvas.view import CanvasView
from engine.data.prepare import prepare
from engine.design.document import Document
from tests.app.designs import chain

CanvasOf = Callable[[Document], CanvasView]


def wide(canvas_of: CanvasOf) -> CanvasView:
    canvas = canvas_of(chain(*[4] * 20))
    canvas.scale_by(1 / canvas.zoom)
    return canvas


def test_that_the_map_shows_when_something_is_out_of_sight_and_m_puts_it_away(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1))
    assert not canvas.minimap.isVisible()
    canvas.session.open(chain(*[4] * 20))
    assert not canvas.minimap.isVisible(), "all of it has been brought into sight"
    canvas.scale_by(3)
    assert canvas.minimap.isVisible()
    QTest.keyClick(canvas, Qt.Key.Key_M)
    assert not canvas.minimap.isVisible()
    QTest.keyClick(canvas, Qt.Key.Key_M)
    assert canvas.minimap.isVisible()
    canvas.fit()
    assert not canvas.minimap.isVisible()


def test_that_the_map_stays_in_its_corner_when_the_canvas_scrolls_or_grows(canvas_of: CanvasOf) -> None:
    canvas = wide(canvas_of)
    QApplication.processEvents()
    corner = canvas.minimap.geometry().bottomRight()
    assert canvas.viewport().rect().bottomRight() - corner == QPoint(9, 9)
    canvas.centerOn(2000, 300)
    QApplication.processEvents()
    assert canvas.minimap.geometry().bottomRight() == corner
    canvas.resize(1200, 800)
    assert canvas.minimap.geometry().bottomRight() == corner + QPoint(200, 100)


def test_that_a_canvas_with_its_map_is_scrolled_and_not_drawn_anew(canvas_of: CanvasOf) -> None:
    canvas = wide(canvas_of)
    QApplication.processEvents()
    drawn = Drawn()
    canvas.viewport().installEventFilter(drawn)
    middle = canvas.viewport().rect().center()
    canvas.bring(canvas.mapToScene(middle), middle + QPoint(12, 5))
    QApplication.processEvents()
    assert canvas.minimap.isVisible()
    assert not any(region.contains(middle) for region in drawn.regions)
    assert any(region.contains(QPoint(3, 300)) for region in drawn.regions)


class Drawn(QObject):
    """Notes what is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.regions: list[QRegion] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.regions.append(QRegion(event.region()))
        return False


def test_that_a_click_and_a_drag_on_the_map_move_the_view_there(canvas_of: CanvasOf) -> None:
    canvas = wide(canvas_of)
    last = canvas.canvas_scene.nodes["dense_20"].scene_box().center()
    at = canvas.minimap.to_map(last).toPoint()
    QTest.mousePress(canvas.minimap, Qt.MouseButton.LeftButton, pos=at)
    near = 3 / canvas.minimap.scale
    assert abs(canvas.center.x() - last.x()) < near
    to = at - QPoint(60, 0)
    QTest.mouseMove(canvas.minimap, to)
    QTest.mouseRelease(canvas.minimap, Qt.MouseButton.LeftButton, pos=to)
    assert canvas.session.undo.count() == 0
    assert canvas.session.selection == frozenset()


def test_that_places_on_the_map_are_places_of_the_scene(canvas_of: CanvasOf) -> None:
    canvas = wide(canvas_of)
    for place in (QPointF(0, 0), QPointF(3000, 40)):
        back = canvas.minimap.to_scene(canvas.minimap.to_map(place))
        assert (back.x(), back.y()) == pytest.approx((place.x(), place.y()))


def test_that_the_map_shows_boxes_in_the_colour_of_their_kind_and_problems_in_theirs(canvas_of: CanvasOf) -> None:
    canvas = wide(canvas_of)
    spot = canvas.minimap.to_map(canvas.canvas_scene.nodes["dense_20"].scene_box().center()).toPoint()

    def seen() -> QColor:
        return canvas.minimap.grab().toImage().pixelColor(spot)

    assert seen().name() == theme.current().category("Core")
    wires = canvas.session.document.inputs("dense_20")
    canvas.session.edit("Cut", canvas.session.document.disconnect(wires[0]))
    assert seen().name() == theme.current().sick


def test_that_an_opened_design_stays_whole_when_the_data_say_what_they_are(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(*[4] * 20))
    document = canvas.session.document
    canvas.session.use(prepare(document.data, document.split))
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.canvas_scene.content_rect())
    assert not canvas.minimap.isVisible()


def test_that_the_view_that_the_user_has_chosen_is_left_alone_when_data_arrive(canvas_of: CanvasOf) -> None:
    canvas = wide(canvas_of)
    canvas.centerOn(900, 40)
    before = canvas.transform(), canvas.center
    document = canvas.session.document
    canvas.session.use(prepare(document.data, document.split))
    assert (canvas.transform(), canvas.center) == before
