"""What boxes and wires say, and that it can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication

from app import theme
from app.canvas.geometry import STRIP, WIDTH, box_geometry, curve, label_room
from app.canvas.look import BoxLook, box_look, compact
from app.canvas.paint import broken, fitting_count, laid_out
from app.canvas.view import CanvasView
from engine.data.prepare import prepare
from engine.design.checks import check
from engine.design.document import Document, Wire
from engine.layers.combine import Add
from tests.app.designs import chain, loose

CanvasOf = Callable[[Document], CanvasView]


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, dark=True)
    yield
    theme.apply(qapp, dark=True)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (56, "56"), (1056, "1,056"), (9999, "9,999"), (12_400, "12.4k"), (100_480, "100k"), (999_960, "1.0M"),
     (1_234_567, "1.2M"), (2_500_000_000, "2.5G")],
)  # fmt: skip
def test_that_counts_are_short(number: int, text: str) -> None:
    assert compact(number) == text


def test_that_a_box_says_name_fields_shape_and_cost() -> None:
    document = chain(4, 1).replace("dense_1", name="hidden")
    report = check(document)
    look = box_look(document.node("dense_1"), 1, report)
    assert (look.name, look.shape, look.parameters, look.severity) == ("hidden", "4", 12, "")
    assert look.fields.startswith("4")
    assert "12 parameters" in look.help


def test_that_a_box_says_its_problem_in_a_sentence() -> None:
    document = loose("dense")
    report = check(document)
    problems = report.of("dense_1")
    look = box_look(document.node("dense_1"), 1, report, problems)
    assert look.severity == "error"
    assert look.sentence[0].isupper()
    assert look.sentence in look.help


LONG = "A name that is much longer than any box will ever be wide enough to show"


@pytest.mark.parametrize("sentence", ["", f"{LONG}, and {LONG}, and then {LONG}"])
@pytest.mark.parametrize("size", [7, 9, 14])
def test_that_no_word_leaves_its_box(qapp: QApplication, sentence: str, size: int) -> None:
    font = QFont(qapp.font())
    font.setPointSize(size)
    geometry = box_geometry(1)
    look = BoxLook(LONG, LONG, "128×128×1024", 123_456_789, "Core", 1, "error" if sentence else "", sentence)
    words = laid_out(look, geometry, font)
    for line in (*words.near, words.far):
        width = QFontMetricsF(line.font).horizontalAdvance(line.text.text())
        assert line.at.x() >= 0
        assert line.at.x() + width <= geometry.box.right() + 1
    assert words.near[0].text.text().endswith("…")


def test_that_a_sentence_is_broken_and_elided(qapp: QApplication) -> None:
    font = qapp.font()
    lines = broken(LONG, font, 120, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(QFontMetricsF(font).horizontalAdvance(line) <= 121 for line in lines)
    assert broken("Short", font, 120, 2) == ["Short"]


def test_that_a_count_takes_the_words_it_has_room_for(qapp: QApplication) -> None:
    font = qapp.font()
    assert fitting_count(1056, font, 500) == "1,056 params"
    assert fitting_count(100_480, font, QFontMetricsF(font).horizontalAdvance("100k p") + 1) == "100k p"
    assert fitting_count(100_480, font, 3) == ""
    assert fitting_count(0, font, 500) == ""


def test_that_a_wire_shows_its_shape_above_itself(qapp: QApplication) -> None:
    room = label_room(curve(QPointF(0, 0), QPointF(120, 0)), "28×28×8", qapp.font())
    assert QRectF(0, -30, 120, 30).contains(room)
    assert abs(room.center().x() - 60) < 1
    assert label_room(curve(QPointF(0, 0), QPointF(120, 0)), "", qapp.font()).isNull()


def test_that_a_wire_too_short_for_its_shape_shows_it_above_the_boxes(qapp: QApplication) -> None:
    room = label_room(curve(QPointF(0, 0), QPointF(14, 0)), "28×28×8", qapp.font(), ceiling=-36)
    assert room.bottom() < -36
    assert room.width() >= QFontMetricsF(qapp.font()).horizontalAdvance("28×28×8")


@pytest.mark.parametrize("step", [152.0, 160.0, 224.0])
def test_that_every_wire_of_a_row_shows_its_shape_and_no_two_of_them_meet(canvas_of: CanvasOf, step: float) -> None:
    document = chain(16, 128, 1)
    document = document.move({node.id: (number * step, 0.0) for number, node in enumerate(document.nodes)})
    canvas = canvas_of(document)
    labels = [item.label_item for item in canvas.canvas_scene.wires.values()]
    assert [label.words for label in labels] == ["2", "16", "128"]
    rooms = [label.mapRectToScene(label.room) for label in labels]
    boxes = [item.scene_box() for item in canvas.canvas_scene.nodes.values()]
    assert all(label.isVisible() for label in labels)
    assert not any(a.intersects(b) for a, b in pairwise(rooms))
    assert not any(room.intersects(box) for room in rooms for box in boxes)


@pytest.mark.parametrize("down", [-176.0, 176.0])
@pytest.mark.parametrize("aside", [WIDTH + 16, WIDTH + 24, WIDTH + 40])
def test_that_a_shape_on_a_steep_wire_lies_under_neither_box(
    canvas_of: CanvasOf, qapp: QApplication, aside: float, down: float
) -> None:
    scene = canvas_of(chain(128, 1).move({"dense_1": (aside, down)})).canvas_scene
    label = next(item for item in scene.wires.values() if item.wire.source == "input").label_item
    boxes = [item.scene_box().adjusted(0, 0, 0, STRIP) for item in scene.nodes.values()]  # once they are trained
    assert not any(label.mapRectToScene(label.rect()).intersects(box) for box in boxes[:2])


def ink_in(canvas: CanvasView, area: QRectF, ink: str) -> bool:
    """Whether a colour is to be seen in an area of the scene."""
    shot, rect = picture(canvas), canvas.mapFromScene(area).boundingRect()
    wanted = QColor(ink)
    pixels = (shot.pixelColor(x, y) for x in range(rect.left(), rect.right()) for y in range(rect.top(), rect.bottom()))
    return any(abs(p.red() - wanted.red()) + abs(p.green() - wanted.green()) + abs(p.blue() - wanted.blue()) < 90
               for p in pixels)  # fmt: skip


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("zoom", [1.0, 0.6, 0.4])
def test_that_a_shape_can_be_read_in_both_themes_and_from_afar(
    canvas_of: CanvasOf, qapp: QApplication, dark: bool, zoom: float
) -> None:
    colors = theme.apply(qapp, dark=dark)
    canvas = canvas_of(chain(4, 1))
    canvas.scale_by(zoom / canvas.zoom)
    canvas.centerOn(300, 40)
    label = canvas.canvas_scene.wires[Wire(source="dense_1", target="dense_2")].label_item
    assert ink_in(canvas, label.sceneBoundingRect(), colors.text)


def test_that_arrows_say_what_comes_in_and_what_is_answered(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1))
    scene = canvas.canvas_scene
    assert set(scene.ends) == {("input", "data"), ("dense_2", "answer")}
    assert scene.ends["input", "data"].words == canvas.session.document.data.title
    document = canvas.session.document
    canvas.session.use(prepare(document.data, document.split))
    assert scene.ends["dense_2", "answer"].words == " / ".join(canvas.session.prepared.dataset.classes)
    canvas.session.edit("Delete", canvas.session.document.remove(["dense_2"]))
    assert set(scene.ends) == {("input", "data"), ("dense_1", "answer")}
    canvas.session.edit("Delete", canvas.session.document.remove(["input"]))
    assert ("input", "data") not in scene.ends


@pytest.mark.parametrize("place", [(160.0, 0.0), (224.0, 0.0), (240.0, 48.0), (160.0, 160.0), (240.0, 400.0)])
def test_that_the_shapes_of_two_wires_between_the_same_boxes_do_not_cover_each_other(
    canvas_of: CanvasOf, place: tuple[float, float]
) -> None:
    document = chain(4, 1).add(Add(), *place, id="sum").move({"input": (0.0, 0.0), "dense_1": (900.0, 900.0)})
    first, second = (Wire(source="input", target="sum", port=port) for port in (0, 1))
    canvas = canvas_of(document.connect("input", "sum", 1))
    items = canvas.canvas_scene.wires
    alone = items[second].label_item.room
    canvas.session.edit("Connect", canvas.session.document.connect("input", "sum", 0))
    rooms = [items[wire].label_item.mapRectToScene(items[wire].label_item.room) for wire in (first, second)]
    assert not rooms[0].intersects(rooms[1])
    assert all(items[wire].label_item.words == "2" for wire in (first, second))
    canvas.session.edit("Disconnect", canvas.session.document.disconnect(first))
    assert items[second].label_item.room == alone


def test_that_shapes_stand_on_wires_and_follow_the_design(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4, 1))
    item = canvas.canvas_scene.wires[Wire(source="dense_1", target="dense_2")]
    assert item.label_item.words == "4"
    canvas.session.edit("Set", canvas.session.document.set_fields("dense_1", units=16))
    assert item.label_item.words == "16"


def picture(canvas: CanvasView) -> QImage:
    return canvas.grab().toImage()


@pytest.mark.parametrize("zoom", [1.0, 0.35, 0.2])
def test_that_a_box_shows_its_category_at_every_zoom(canvas_of: CanvasOf, zoom: float) -> None:
    canvas = canvas_of(chain(4, 1))
    canvas.scale_by(zoom / canvas.zoom)
    canvas.centerOn(300, 40)
    at = canvas.mapFromScene(QPointF(224 + 2, 20))
    color = picture(canvas).pixelColor(at)
    edge = QColor(theme.current().category("Core"))
    assert max(abs(color.red() - edge.red()), abs(color.blue() - edge.blue())) < 40


def test_that_the_canvas_follows_the_theme(canvas_of: CanvasOf, qapp: QApplication) -> None:
    canvas = canvas_of(chain(4))
    corner = canvas.mapFromScene(QPointF(10, 300))
    assert picture(canvas).pixelColor(corner).name() == theme.DARK.canvas
    theme.apply(qapp, dark=False)
    assert picture(canvas).pixelColor(corner).name() == theme.LIGHT.canvas
    body = canvas.mapFromScene(QPointF(224 + 130, 12))
    assert picture(canvas).pixelColor(body).name() == theme.LIGHT.raised


def test_that_the_empty_canvas_says_what_to_do(canvas_of: CanvasOf) -> None:
    empty = picture(canvas_of(Document()))
    words = {empty.pixelColor(x, y).name() for x in range(300, 700, 2) for y in range(300, 400)}
    assert theme.DARK.dim in words
