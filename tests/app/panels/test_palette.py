"""The palette: finding a layer and putting it on the canvas."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import catalogue
from app.layer_list import ENTRY, SIDE
from app.panels.palette import Palette, layer_drag
from app.session import Session
from app.theme import GRID
from engine.design.document import Document, Wire
from engine.layers import Layer
from tests.app.acts import bring_up
from tests.app.designs import chain

PaletteOf = Callable[[Document], Palette]


@pytest.fixture
def palette_of(qtbot: QtBot) -> PaletteOf:
    def make(document: Document) -> Palette:
        palette = Palette(Session(document))
        palette._session.setParent(palette)
        bring_up(qtbot, palette, 200, 600)
        return palette

    return make


def rows(palette: Palette) -> list[str]:
    return [palette.model.index(row).data() for row in range(palette.model.rowCount())]


def kinds(palette: Palette) -> list[str]:
    entries = [palette.model.index(row).data(ENTRY) for row in range(palette.model.rowCount())]
    return [entry.kind for entry in entries if entry is not None]


def test_that_the_search_field_is_no_wider_than_what_is_typed_into_it(palette_of: PaletteOf) -> None:
    palette = palette_of(Document())
    assert palette.search.width() > 150, "all of a narrow panel"
    palette.resize(1800, 600)
    assert palette.search.width() < 600
    assert palette.search.x() == palette.list.x()


def test_that_every_layer_is_there_once_under_its_category(palette_of: PaletteOf) -> None:
    palette = palette_of(Document())
    assert sorted(kinds(palette)) == sorted(Layer.kinds)
    headings = [
        palette.model.index(row).data() for row in range(palette.model.rowCount())
        if palette.model.index(row).data(ENTRY) is None
    ]  # fmt: skip
    assert headings[0] == "Core"
    assert len(headings) == len(set(headings)) == len({layer.category for layer in Layer.kinds.values()})


def test_that_every_layer_has_its_words_and_an_icon(palette_of: PaletteOf) -> None:
    for entry in catalogue.entries():
        assert entry.title
        assert entry.summary
        assert not catalogue.icon(entry.kind, entry.category, "#888888").pixmap(20, 20).isNull()


def test_that_a_layer_and_a_category_without_an_icon_of_their_own_get_one(qapp: object) -> None:
    assert not catalogue.icon("brand_new", "Core", "#888888").isNull()
    assert not catalogue.icon("brand_new", "Brand new", "#888888").isNull()


@pytest.mark.parametrize("words", ["dens", "DENSE", " ".join(reversed(Layer.kinds["dense"].summary[:-1].split()))])
def test_that_typing_filters(palette_of: PaletteOf, words: str) -> None:
    palette = palette_of(Document())
    QTest.keyClicks(palette.search, words)
    assert palette.list.currentIndex().data(ENTRY).kind == "dense"
    assert len(kinds(palette)) < len(Layer.kinds)
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert len(kinds(palette)) == len(Layer.kinds)


def test_that_enter_adds_after_the_selected_box_and_wires_it(palette_of: PaletteOf) -> None:
    palette = palette_of(chain(4, 1))
    session = palette._session
    session.select(["dense_1"])
    QTest.keyClicks(palette.search, "activation")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert set(session.document.wires) == {
        Wire(source="input", target="dense_1"),
        Wire(source="dense_1", target="activation_1"),
        Wire(source="activation_1", target="dense_2"),
    }
    assert session.selection == {"activation_1"}
    xs = [session.document.node(id).x for id in ("input", "dense_1", "activation_1", "dense_2")]
    assert xs == sorted(set(xs))
    session.undo.undo()
    assert session.document == chain(4, 1)


def test_that_without_a_selection_a_layer_goes_to_the_end(palette_of: PaletteOf) -> None:
    palette = palette_of(chain(4))
    palette.add("dense")
    assert Wire(source="dense_1", target="dense_2") in palette._session.document.wires


def test_that_the_first_layer_of_all_needs_no_wire(palette_of: PaletteOf) -> None:
    palette = palette_of(Document())
    palette.add("input")
    palette.add("dense")
    assert palette._session.document.wires == (Wire(source="input_1", target="dense_1"),)


def test_that_a_double_click_adds(palette_of: PaletteOf, qtbot: QtBot) -> None:
    palette = palette_of(chain(4))
    index = palette.model.first()
    place = palette.list.visualRect(index).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseDClick(palette.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert len(palette._session.document.nodes) == 3


def test_that_up_and_down_walk_from_the_search_field(palette_of: PaletteOf) -> None:
    palette = palette_of(chain(4))
    palette.search.setFocus()
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    first = palette.list.currentIndex()
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() > first.row()
    assert palette.list.currentIndex().data(ENTRY) is not None


def test_that_a_drag_from_the_list_carries_the_layers_kind_under_its_icon(palette_of: PaletteOf) -> None:
    palette = palette_of(Document())
    index = palette.model.first()
    assert palette.model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    drag = layer_drag(index.data(ENTRY), palette.list)
    assert catalogue.kind_of(drag.mimeData()) == index.data(ENTRY).kind
    assert not drag.pixmap().isNull()
    drag.deleteLater()


def test_that_pulling_an_entry_begins_its_drag(palette_of: PaletteOf, monkeypatch: pytest.MonkeyPatch) -> None:
    palette = palette_of(Document())
    pulled: list[str | None] = []
    # The real one runs an event loop of its own until the user lets go.
    monkeypatch.setattr(QDrag, "exec", lambda drag, _actions: pulled.append(catalogue.kind_of(drag.mimeData())))
    index = palette.model.first()
    start = palette.list.visualRect(index).center()
    viewport = palette.list.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in (10, 30, 60):
        at = QPointF(start + QPoint(step, step))
        QApplication.sendEvent(
            viewport,
            QMouseEvent(
                QEvent.Type.MouseMove, at, viewport.mapToGlobal(at), Qt.MouseButton.NoButton,
                Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
            ),
        )  # fmt: skip
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    assert pulled[0] == index.data(ENTRY).kind


def test_that_a_list_with_little_room_names_its_layers_and_tells_of_them_under_the_mouse(
    palette_of: PaletteOf, qtbot: QtBot
) -> None:
    palette = palette_of(Document())
    palette.resize(300, 600)
    first = palette.model.first()
    wide = palette.list.visualRect(first).height()
    letters = palette.fontMetrics()
    palette.resize(palette.minimumSizeHint().width(), 600)
    qtbot.waitUntil(lambda: palette.list.visualRect(first).height() < wide)
    room = palette.list.viewport().width() - SIDE - 3 * GRID
    assert all(letters.horizontalAdvance(entry.title) <= room for entry in catalogue.entries())
    assert first.data(Qt.ItemDataRole.ToolTipRole)
