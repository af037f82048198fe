"""The design as a picture: what is on it, in which colours, and in which form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRectF, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import theme
from app.canvas import export
from app.canvas.export_dialog import PictureDialog
from app.canvas.view import CanvasView
from engine.design.document import Document
from tests.app.designs import chain

CanvasOf = Callable[[Document], CanvasView]


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, dark=True)
    yield
    theme.apply(qapp, dark=True)


def colors_of(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("colors", [theme.LIGHT, theme.DARK])
def test_that_a_picture_has_the_colours_that_are_asked_for_and_no_selection(
    canvas_of: CanvasOf, colors: theme.Theme
) -> None:
    canvas = canvas_of(chain(4, 1))
    canvas.session.select(["dense_1"], canvas.session.document.wires)
    image = export.picture(canvas.canvas_scene, colors, 1)
    assert image.pixelColor(1, 1).name() == colors.canvas
    assert {colors.raised, colors.category("Core"), colors.wire} <= colors_of(image)
    assert colors.accent not in colors_of(image)
    assert theme.current() is theme.DARK
    assert canvas.canvas_scene.nodes["dense_1"].state.selected
    assert all(wire.selected for wire in canvas.canvas_scene.wires.values())
    assert theme.DARK.accent in colors_of(canvas.grab().toImage())


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_that_a_picture_holds_the_whole_design_whatever_is_in_sight(canvas_of: CanvasOf, scale: int) -> None:
    canvas = canvas_of(chain(*[4] * 12))
    canvas.scale_by(4)
    area = export.area_of(canvas.canvas_scene)
    assert all(area.contains(item.scene_box()) for item in canvas.canvas_scene.nodes.values())
    image = export.picture(canvas.canvas_scene, theme.LIGHT, scale)
    assert (image.width(), image.height()) == (round(area.width() * scale), round(area.height() * scale))


def test_that_an_endless_design_gives_a_picture_that_can_be_opened(canvas_of: CanvasOf) -> None:
    image = export.picture(canvas_of(chain(*[4] * 150)).canvas_scene, theme.LIGHT, 4)
    assert max(image.width(), image.height()) <= export.LARGEST


def test_that_an_svg_holds_the_words_as_letters(canvas_of: CanvasOf) -> None:
    document = chain(16, 1).replace("dense_1", name="Hidden <1>")
    tree = ElementTree.fromstring(export.svg(canvas_of(document).canvas_scene))
    words = {"".join(text.itertext()) for text in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Hidden <1>", "→ 16", "16"} <= words
    assert float(tree.attrib["viewBox"].split()[2]) > 3 * 144


def test_that_a_pdf_is_one_page_as_large_as_the_design(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(16, 1))
    content = export.pdf(canvas.canvas_scene)
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1
    box = content.split(b"/MediaBox [")[1].split(b"]")[0].split()
    area = export.area_of(canvas.canvas_scene)
    points = 72 / QGuiApplication.primaryScreen().logicalDotsPerInch()
    assert [float(side) for side in box[2:]] == pytest.approx([area.width() * points, area.height() * points], abs=1)


@pytest.mark.parametrize("suffix", export.SUFFIXES)
def test_that_every_form_is_saved_and_an_old_file_stays_where_that_fails(
    canvas_of: CanvasOf, tmp_path: Path, suffix: str
) -> None:
    canvas = canvas_of(chain(4))
    export.save(tmp_path / f"net{suffix}", export.made(canvas.canvas_scene, suffix))
    assert (tmp_path / f"net{suffix}").stat().st_size > 500
    with pytest.raises(export.PictureError, match="could not be saved"):
        export.save(tmp_path / "nowhere" / f"net{suffix}", b"x")


def test_that_an_empty_canvas_says_that_there_is_nothing_to_see(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(Document())
    with pytest.raises(export.PictureError, match="nothing on it"):
        export.area_of(canvas.canvas_scene)
    canvas.commands.actions["save_picture"].trigger()
    assert "nothing on it" in canvas.hint.words
    assert not canvas.findChildren(PictureDialog)


def test_that_copy_picture_puts_it_into_the_clipboard(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4))
    QTest.keyClick(canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    image = QGuiApplication.clipboard().image()
    assert image.width() == round(2 * export.area_of(canvas.canvas_scene).width())
    QGuiApplication.clipboard().clear()


def test_that_the_dialog_saves_what_it_shows_and_says_what_went_wrong(
    canvas_of: CanvasOf, settings: QSettings, tmp_path: Path
) -> None:
    canvas = canvas_of(chain(4))
    canvas.commands.actions["save_picture"].trigger()
    (dialog,) = canvas.findChildren(PictureDialog)
    told: list[str] = []
    dialog.told.connect(told.append)
    area = export.area_of(canvas.canvas_scene)
    assert dialog.size_word.text().startswith(f"{round(2 * area.width()):,} × ")
    assert QRectF(dialog.look.pixmap().rect()).width() > 100
    dialog.scale.setValue(3)
    dialog.write(tmp_path / "nowhere" / "net.png")
    assert "could not be saved" in dialog.problem.text()
    assert dialog.isVisible()
    dialog.write(tmp_path / "net.png")
    assert QImage(str(tmp_path / "net.png")).width() == round(3 * area.width())
    assert told == ["Saved net.png"]


def test_that_only_pixels_have_a_size(canvas_of: CanvasOf) -> None:
    canvas = canvas_of(chain(4))
    canvas.commands.actions["save_picture"].trigger()
    (dialog,) = canvas.findChildren(PictureDialog)
    dialog.form.setCurrentIndex(1)
    assert not dialog.scale.isEnabled()
    assert dialog.size_word.text().endswith("at any scale")
    dialog.colors.setCurrentIndex(1)
    assert dialog.look.pixmap().toImage().pixelColor(2, 2).name() == theme.DARK.canvas
    dialog.close()
