"""The theme: everything readable, everything told apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QListWidget, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import announcer, theme
from app.theme import DARK, LIGHT, Theme, contrast

BOTH = pytest.mark.parametrize("colors", [DARK, LIGHT], ids=lambda colors: colors.name)


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> object:
    yield
    theme.apply(qapp, dark=True)


def test_that_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@BOTH
def test_that_every_text_is_readable_on_every_ground(colors: Theme) -> None:
    poor = {
        (ink, ground): round(contrast(colors.inks[ink], colors.grounds[ground]), 2)
        for ink in colors.inks
        for ground in colors.grounds
        if contrast(colors.inks[ink], colors.grounds[ground]) < 4.5
    }
    assert not poor


@BOTH
def test_that_text_on_the_accent_is_readable(colors: Theme) -> None:
    assert contrast(colors.on_accent, colors.accent) >= 4.5


@BOTH
def test_that_marks_stand_out_from_their_grounds(colors: Theme) -> None:
    marks = (*colors.classes, *colors.categories.values(), colors.wire, colors.negative, colors.positive)
    poor = [mark for mark in marks for ground in (colors.canvas, colors.raised) if contrast(mark, ground) < 3]
    assert not poor


@BOTH
@pytest.mark.parametrize("kind", ["none", "red-blind", "green-blind", "blue-blind"])
def test_that_classes_and_signs_are_told_apart_by_the_colour_blind(colors: Theme, kind: str) -> None:
    seen = [_seen(color, kind) for color in colors.classes]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 18
    assert np.linalg.norm(_seen(colors.negative, kind) - _seen(colors.positive, kind)) > 30


@BOTH
def test_that_qt_writes_its_texts_readably_too(colors: Theme) -> None:
    made, role = theme.palette(colors), QPalette.ColorRole
    pairs = [
        (role.WindowText, role.Window), (role.Text, role.Base), (role.ButtonText, role.Button),
        (role.ToolTipText, role.ToolTipBase), (role.HighlightedText, role.Highlight), (role.PlaceholderText, role.Base),
    ]  # fmt: skip
    assert all(contrast(made.color(ink).name(), made.color(ground).name()) >= 4.5 for ink, ground in pairs)


def test_that_applying_a_theme_is_heard_and_holds(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.announcer.changed) as heard:
        theme.apply(qapp, dark=False)
    assert heard.args == [LIGHT]
    assert theme.current() is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.window


class Page(QWidget):
    """Something dear that wears a theme in a turn of its own."""

    def __init__(self, worn: list[tuple[str, bool]], name: str) -> None:
        super().__init__()
        self._worn, self.name = worn, name
        theme.announcer.then(self.wear)

    def wear(self) -> None:
        self._worn.append((self.name, theme.announcer.busy))


def test_that_pages_take_turns_and_those_that_are_gone_none(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcer, "TURN", 0.0)
    worn: list[tuple[str, bool]] = []
    first, gone, forgotten, last = (Page(worn, name) for name in ("first", "gone", "forgotten", "last"))
    theme.apply(qapp, not theme.current().dark)
    assert worn == [], "the controls are painted first"
    assert all(theme.announcer.awaits(page) for page in (first, gone, last))
    shiboken6.delete(gone)
    del forgotten
    while not worn:
        qapp.processEvents()
    assert not theme.announcer.awaits(first)
    assert theme.announcer.awaits(last)
    qtbot.waitUntil(lambda: not theme.announcer.busy)
    assert worn == [("first", True), ("last", False)]
    for page in (first, last):
        qtbot.addWidget(page)


def test_that_a_page_at_fault_keeps_no_other_from_its_turn(qapp: QApplication, qtbot: QtBot) -> None:
    worn: list[tuple[str, bool]] = []
    faulty, last = Page(worn, "faulty"), Page(worn, "last")
    for page in (faulty, last):
        qtbot.addWidget(page)
    faulty._worn = None  # type: ignore[assignment]
    with qtbot.captureExceptions() as faults:
        theme.apply(qapp, not theme.current().dark)
        qtbot.waitUntil(lambda: not theme.announcer.busy)
    assert [kind for kind, *_ in faults] == [AttributeError]
    assert worn == [("last", False)]


def test_that_words_of_a_role_wear_the_new_theme_and_nothing_is_polished(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, dark=True)
    page = QWidget()
    qtbot.addWidget(page)
    labels = {role: Polished(role, page) for role in (*theme.ROLES, "heading")}
    for role, label in labels.items():
        theme.set_role(label, role)
    page.show()
    for label in labels.values():
        label.times = 0
    for colors in (LIGHT, DARK):
        theme.apply(qapp, dark=colors.dark)
        qapp.processEvents()
        worn = {role: theme.color_of(label).name() for role, label in labels.items()}
        assert worn == {"dim": colors.dim, "sick": colors.sick, "warning": colors.warning, "heading": colors.text}
    assert labels["heading"].font().weight() == theme.HEADING
    assert labels["heading"].font().pointSizeF() == qapp.font().pointSizeF()
    assert sum(label.times for label in labels.values()) == 0


class Polished(QLabel):
    """Counts how often the style is put on it."""

    times = 0

    def changeEvent(self, event: QEvent) -> None:
        self.times += event.type() == QEvent.Type.StyleChange
        super().changeEvent(event)


@BOTH
def test_that_all_controls_share_one_palette(colors: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    """With one of its own each would be drawn into pictures of its own, whose names Qt never frees."""
    theme.apply(qapp, dark=colors.dark)
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    controls = [QSpinBox(), QComboBox(editable=True), QLabel("words"), QPushButton("button")]
    for control in controls:
        column.addWidget(control)
    page.show()
    qapp.processEvents()
    assert {each.palette().cacheKey() for each in page.findChildren(QWidget)} == {qapp.palette().cacheKey()}
    assert {role: made.name() for role, made in _colors(qapp.palette()).items()} == {
        role: made.name() for role, made in _colors(theme.palette(colors)).items()
    }
    assert not qapp.styleSheet()


@BOTH
def test_that_the_handle_of_a_scroll_bar_is_told_from_its_groove(
    colors: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    """It is lighter: of two greys the darker one seems to lie below."""
    theme.apply(qapp, dark=colors.dark)
    page = QListWidget()
    qtbot.addWidget(page)
    page.addItems([str(number) for number in range(100)])
    page.resize(120, 300)
    page.show()
    qapp.processEvents()
    bar = page.verticalScrollBar()
    image = bar.grab().toImage()
    handle, groove = (image.pixelColor(bar.width() // 2, y).name() for y in (bar.width() + 12, bar.height() // 2))
    assert contrast(handle, "#000000") > contrast(groove, "#000000")
    assert contrast(handle, groove) > (1.5 if colors.dark else 1.15)
    assert contrast(handle, colors.raised) > 1.2  # the page that it stands on


def _colors(palette: QPalette) -> dict[tuple[str, str], QColor]:
    groups = QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled
    roles = [
        role for role in QPalette.ColorRole if role not in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles)
    ]
    return {(group.name, role.name): palette.color(group, role) for group in groups for role in roles}


def test_that_a_theme_that_comes_back_has_the_palette_it_had(qapp: QApplication, qtbot: QtBot) -> None:
    """What a control looked like is kept under its palette's name for ever."""
    button = QPushButton("Play")
    qtbot.addWidget(button)
    seen = []
    for dark in (True, False, True, False):
        theme.apply(qapp, dark)
        qapp.processEvents()
        seen.append(button.palette().cacheKey())
    assert seen[:2] == seen[2:]
    assert seen[0] != seen[1]


def test_that_an_unknown_category_has_a_colour() -> None:
    assert DARK.category("Something new").startswith("#")


def test_that_fonts_scale_with_the_systems(qapp: QApplication) -> None:
    font = qapp.font()
    assert theme.sized(font, 2.0).pointSizeF() == pytest.approx(2 * font.pointSizeF())


MATRICES = {  # Machado, Oliveira and Fernandes 2009, severity 1
    "none": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    "red-blind": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "green-blind": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "blue-blind": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def _seen(color: str, kind: str) -> np.ndarray:
    """A colour as the colour-blind see it, in CIE L*a*b*."""
    rgb = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(MATRICES[kind]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
